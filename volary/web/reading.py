"""Reading a form out of a request, within limits. Each way of being wrong is a clear 4xx."""

import asyncio
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from volary.kit.errors import Invalid, Refusal
from volary.language import mark as _
from volary.web.page import Door

DEADLINE = 15.0
FILES_DEADLINE = 60.0
"""Seconds in which a form, or one with files, must arrive: the server below has no such limit (SR-252)."""

_MOST_FIELDS = 200
_TWICE = _("The field “%(name)s” was sent twice.")
_UNREADABLE = _("The form could not be read.")


class TooLarge(Refusal):
    """More bytes were sent than this page takes."""

    status = 413


class TooSlow(Refusal):
    """The body did not arrive in time."""

    status = 408


class WrongType(Refusal):
    """The body is not a form of the kind that this page takes."""

    status = 415


class Upload(msgspec.Struct, frozen=True):
    """A file that came with a form. Its name and type are the sender's claims: look at the bytes."""

    name: str
    content_type: str
    content: bytes


async def read_form(request: Request, door: Door) -> tuple[dict[str, str], dict[str, Upload]]:
    """The fields and files of a POST. Raises Invalid, TooLarge, TooSlow or WrongType."""
    try:
        async with asyncio.timeout(FILES_DEADLINE if door.files else DEADLINE):
            return await _read(request, door)
    except TimeoutError as error:
        raise TooSlow(_("The form took too long to arrive. Please send it again.")) from error


async def _read(request: Request, door: Door) -> tuple[dict[str, str], dict[str, Upload]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data" and door.files:
        return await _multipart(request, door)
    body = b"".join([chunk async for chunk in _within(request, door.form_limit)])
    if not body:
        return {}, {}
    if kind != "application/x-www-form-urlencoded":
        raise WrongType(_("This page takes forms only."))
    return fields(body.decode("ascii", "replace")), {}


def fields(text: str) -> dict[str, str]:
    """The parameters of an urlencoded text, each at most once. Raises Invalid."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Invalid(_UNREADABLE, why=str(error)) from error
    return _once(pairs)


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    read: dict[str, str] = {}
    for name, value in pairs:
        if name in read:
            raise Invalid(_TWICE, name=name[:50])
        if "\0" in name or "\0" in value:
            raise Invalid(_UNREADABLE, why="a NUL character")
        read[name] = value.replace("\r\n", "\n")
    return read


async def _multipart(request: Request, door: Door) -> tuple[dict[str, str], dict[str, Upload]]:
    if (
        "charset" in request.headers["content-type"].lower()
    ):  # browsers name none, and not every codec fails as text should
        raise Invalid(_UNREADABLE, why="a multipart form that names its charset")
    most = door.form_limit + sum(door.files.values()) + 1024 * (1 + len(door.files))
    parser = _Parser(
        request.headers,
        _within(request, most),
        max_files=len(door.files),
        max_fields=_MOST_FIELDS,
        max_part_size=door.form_limit,
    )
    try:
        parsed = await parser.parse()
    except MultiPartException as error:
        raise Invalid(_UNREADABLE, why=error.message) from error
    try:
        texts = [(name, value) for name, value in parsed.multi_items() if isinstance(value, str)]
        files = [(name, value) for name, value in parsed.multi_items() if isinstance(value, UploadFile)]
        return _once(texts), {name: await _upload(name, file, door) for name, file in files if file.filename}
    finally:
        await parsed.close()
        parser.close()


class _Parser(MultiPartParser):
    """Starlette's, which leaves the file open in whose middle a form ends."""

    def close(self) -> None:
        """Close every file that the form began."""
        for file in self._files_to_close_on_error:
            file.close()


async def _upload(name: str, file: UploadFile, door: Door) -> Upload:
    if name not in door.files:
        raise Invalid(_UNREADABLE, why="a file in a field that takes none")
    content = await file.read(door.files[name] + 1)
    if len(content) > door.files[name]:
        raise TooLarge(
            _("This file is too large: at most %(size)s kB are taken."), field=name, size=door.files[name] // 1000
        )
    return Upload(file.filename or "", file.content_type or "", content)


async def _within(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body's bytes, refused as soon as they are, or say that they will be, more than the page takes."""
    declared = request.headers.get("content-length", "0")
    seen = 0
    if declared.isdecimal() and (len(declared) > len(str(most)) or int(declared) > most):
        raise TooLarge(_("This is more than the page takes."))
    try:
        async for chunk in request.stream():
            seen += len(chunk)
            if seen > most:
                raise TooLarge(_("This is more than the page takes."))
            yield chunk
    except ClientDisconnect as error:
        raise Invalid(_UNREADABLE, why="the client went away") from error
