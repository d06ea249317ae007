"""A call as it was typed into a form, and the example with which the form begins.

Only what the operation takes is read: path, query and body. Whatever was typed, the call reaches this operation and no other, and it cannot
bring a header.
"""

from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from volary.api.machine import RawCall
from volary.api.reference.entries import Entry
from volary.api.reference.examples import ME
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.web import Form, Visit

_PREFIX = "p_"
"""Before the names of parameters, so that none is taken for a field of the form itself."""
_JSON = [(b"content-type", b"application/json")]


class NotSent(Invalid):
    """What was typed cannot be sent as a call."""


class Wanted(msgspec.Struct, frozen=True):
    """The call: as the API takes it, what stands in the open parts of its path, and its path and query for the eye."""

    raw: RawCall
    values: list[str]
    target: str


def field_of(name: str) -> str:
    """The form's field for a parameter."""
    return _PREFIX + name.replace(".", "-")


def wanted_of(visit: Visit, form: Form, entry: Entry, request_id: str) -> Wanted:
    """The call that a form asks for. Raises NotSent, naming the field."""
    if entry.operation.large or entry.operation.gives_bytes:
        raise NotSent(_("Files cannot be sent from here. Use one of the programs of the reference."))
    given = {one.name: form.text(field_of(one.name)) for one in entry.parameters if one.place != "body"}
    path = entry.path
    for name in entry.operation.parameters:
        if not given[name]:
            raise NotSent(_("Fill this in: it is part of the path."), field=field_of(name))
        path = path.replace(f"{{{name}}}", quote(given[name], safe=""))
    asked = {one.name for one in entry.parameters if one.place == "query"}
    query = urlencode({name: value for name, value in given.items() if name in asked and value}, quote_via=quote)
    body = form["body"].strip().encode() if entry.operation.body is not None else b""
    if len(body) > entry.operation.body_limit:
        raise NotSent(_("The body is too long."), field="body")
    raw = RawCall(
        method=entry.method,
        path=path,
        raw_path=path.encode(),
        query_string=query.encode(),
        headers=[*_JSON] if entry.operation.body is not None else [],
        body=body,
        address=visit.address,
        request_id=request_id,
        db=visit.db,
        settings=visit.settings,
        resources=visit.resources,
    )
    endings = [
        part.partition("}")[2] for part in entry.path.split("/") if part.startswith("{")
    ]  # v1.1 ends with `.json`
    values = [given[name] + end for name, end in zip(entry.operation.parameters, endings, strict=True)]
    return Wanted(raw, values, path + (f"?{query}" if query else ""))


def example_of(entry: Entry, account_id: int) -> dict[str, str]:
    """The example of an operation as the fields of its form, with one's own id where it has the caller's."""
    if entry.example is None:
        return {"body": ""}
    target, sent = (text.replace(ME, str(account_id)) for text in (entry.example.target, entry.example.sent))
    path, _sign, query = target.partition("?")
    json = entry.operation.body is not None
    parts = zip(entry.path.split("/"), path.split("/"), strict=True)
    found = {
        part.strip("{}").removesuffix("}.json"): value.removesuffix(".json") for part, value in parts if "{" in part
    }
    found |= dict(parse_qsl(query)) | ({} if json else dict(parse_qsl(sent)))
    body = msgspec.json.format(sent.encode(), indent=2).decode() if json and sent else ""
    return {field_of(name): value for name, value in found.items()} | {"body": body}
