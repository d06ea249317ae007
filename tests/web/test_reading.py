"""Forms are read within limits; each way of being wrong is a clear answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.web.stage import Browser
from volary.web import reading


async def sent(browser: Browser, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> int:
    answer = await browser.post(path, content=body, headers={"content-type": kind})
    return answer.status_code


async def test_a_field_is_read_as_it_was_typed(browser: Browser) -> None:
    answer = await browser.send_form("/note", {"text": "  Zoë & “co”\r\n<b>+%2B</b>", "empty": ""})
    assert "  Zoë &amp; “co”\n&lt;b&gt;+%2B&lt;/b&gt;" in answer.text
    assert "empty,text" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"text=a&text=b",
        b"text=a&text=a",
        b"text=%ff",
        b"text=%00",
        b"te%00xt=a",
        b"&".join(b"f%d=1" % n for n in range(300)),
    ],
)
async def test_a_form_that_cannot_be_meant_is_refused(browser: Browser, body: bytes) -> None:
    token = await browser.token()
    assert await sent(browser, "/note", body + b"&csrf=" + token.encode()) == 400


async def test_a_form_is_measured(browser: Browser) -> None:
    assert await sent(browser, "/note", b"text=" + b"a" * 16_400) == 413

    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 1_000

    answer = await browser.post(
        "/note", content=dripping(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
    assert "too-large" in answer.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
async def test_other_kinds_of_content_are_not_taken(browser: Browser, kind: str) -> None:
    assert await sent(browser, "/note", b'{"text": "a"}', kind) == 415


async def test_an_empty_form_lacks_its_token(browser: Browser) -> None:
    assert await sent(browser, "/note", b"", "") == 403


@pytest.mark.parametrize("length", ["99999999999999999999999999", "16385"])
async def test_a_declared_length_counts_before_the_first_byte(browser: Browser, length: str) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded", "content-length": length}
    assert (await browser.post("/note", content=b"text=a", headers=kind)).status_code == 413


@pytest.mark.attack("SR-252")
@pytest.mark.parametrize("path", ["/note", "/picture"])
async def test_a_body_that_does_not_come_is_not_waited_for(
    browser: Browser, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "DEADLINE", 0.05)
    monkeypatch.setattr(reading, "FILES_DEADLINE", 0.05)
    kind = "application/x-www-form-urlencoded" if path == "/note" else "multipart/form-data; boundary=x"

    async def stalled() -> AsyncIterator[bytes]:
        yield b"--x"
        await asyncio.sleep(30)
        yield b""

    answer = await browser.post(path, content=stalled(), headers={"content-type": kind})
    assert answer.status_code == 408
    assert "too long to arrive" in answer.text


# ---------------------------------------------------------------------------------------------------------------- files


async def test_a_file_comes_with_its_fields(browser: Browser) -> None:
    answer = await browser.post(
        "/picture",
        data={"csrf": await browser.token(), "caption": "A bird"},
        files={"picture": ("bird.png", b"\x89PNG" + b"x" * 1_000, "image/png")},
    )
    assert "bird.png image/png 1004" in answer.text
    assert "A bird" in answer.text


async def test_no_file_is_no_file(browser: Browser) -> None:
    token = await browser.token()
    answer = await browser.post("/picture", data={"csrf": token}, files={"picture": ("", b"", "")})
    assert answer.status_code == 200
    assert "none" in answer.text


async def test_a_file_may_be_as_large_as_the_page_says(browser: Browser) -> None:
    token = await browser.token()
    statuses = [
        (
            await browser.post("/picture", data={"csrf": token}, files={"picture": ("b", b"x" * size, "image/png")})
        ).status_code
        for size in (2_000, 2_001, 40_000)
    ]
    assert statuses == [200, 413, 413]


async def test_files_in_the_wrong_places_are_refused(browser: Browser) -> None:
    token = await browser.token()
    file = ("b", b"x", "image/png")
    for files in ([("other", file)], [("picture", file), ("picture", file)], [("csrf", file)]):
        answer = await browser.post("/picture", data={"csrf": token}, files=files)
        assert answer.status_code == 400, files


@pytest.mark.parametrize(
    "kind,body",
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no parts at all"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2 + b"--x--\r\n",
        ),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nnever ended'),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\nnever ended',
        ),
    ],
)
async def test_a_broken_multipart_form_is_refused(browser: Browser, kind: str, body: bytes) -> None:
    assert await sent(browser, "/picture", body, kind) in {400, 403}


_PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'


@pytest.mark.attack("SR-260")
@pytest.mark.parametrize(
    "body",
    [
        b"".join(_PART.replace(b'"a"', b'"a%d"' % number) for number in range(600)) + b"--x--\r\n",
        b"--x\r\nX-A: " + b"b" * 30_000 + b"\r\n" + _PART[5:] + b"--x--\r\n",
        b"--x\r\n" + b"X-A: b\r\n" * 4_000 + _PART[5:] + b"--x--\r\n",
        b"\r\n" * 15_000 + _PART + b"--x--\r\n",
        b"\r\n--" * 8_000 + _PART + b"--x--\r\n",
        _PART * 10_000 + b"--x--\r\n",
    ],
    ids=["many parts", "long header", "many headers", "preamble", "nearly boundaries", "more than is taken"],
)
async def test_endless_forms_are_refused_with_few_words(
    browser: Browser, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for boundary in (b"x", b"x" * 10_240):
        sent_body = body.replace(b"--x", b"--" + boundary)
        kind = f"multipart/form-data; boundary={boundary.decode()}"
        assert await sent(browser, "/picture", sent_body, kind) in {400, 403, 413, 431}
    assert len(caplog.records) <= 10


@pytest.mark.attack("SR-260")
@pytest.mark.parametrize("charset", ["undefined", "punycode", "utf-7", "utf-16", '"utf-7"'])
async def test_the_sender_does_not_choose_how_a_form_is_decoded(browser: Browser, charset: str) -> None:
    fields = {"csrf": await browser.token(), "a": "+2AA-"}
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert await sent(browser, "/picture", body.encode() + b"--x--\r\n", kind) == 400


# ---------------------------------------------------------------------------------------------------------------- query


@pytest.mark.parametrize("query", ["a=1&a=2", "a=%ff", "a=%00"])
async def test_a_query_that_cannot_be_meant_is_refused(browser: Browser, query: str) -> None:
    assert (await browser.get(f"/people/ann/posts/1?{query}")).status_code == 400


async def test_a_query_is_read(browser: Browser) -> None:
    assert "&lt;i&gt; b" in (await browser.get("/people/ann/posts/1?x=%3Ci%3E+b")).text
