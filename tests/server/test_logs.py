"""Records for people and for machines: one an event, escaped, clipped, and without anything that was not meant to be shown."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from tests.server.house import opened
from tests.server.houses import sqlite_place
from volary.server import logs

Written = Callable[[], list[str]]


@pytest.fixture
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """Records go where a server sends them; what was written so far, line by line."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up(request.param)
    yield lambda: stream.getvalue().splitlines()
    root.handlers[:] = handlers
    root.setLevel(level)


text = pytest.mark.parametrize("written", ["text"], indirect=True)
as_json = pytest.mark.parametrize("written", ["json"], indirect=True)
both = pytest.mark.parametrize("written", ["text", "json"], indirect=True)

HOSTILE = [
    "two\nlines",
    "two\r\nlines",
    "\x1b[31mred\x1b[0m",
    '"}, {"level": "fake"',
    "\u2028line\u2029s",
    "\x00\x07\x7f\x9b",
    "\x85next",
    "%s %(x)s {}",
]


@both
@pytest.mark.attack("SR-284")
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_value_never_starts_a_line_of_its_own(written: Written, hostile: str) -> None:
    logging.getLogger("volary.test").info("refused", extra={"why": hostile, "path": hostile, "request_id": "abc"})
    logging.getLogger("volary.test").warning("%s happened", hostile)
    lines = written()
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
    assert "abc" in lines[0]


@both
@pytest.mark.attack("SR-284")
def test_a_value_is_clipped(written: Written) -> None:
    logging.getLogger("volary.test").info("x" * 1_000_000, extra={"why": "y" * 1_000_000})
    (line,) = written()
    assert len(line) < 5_000


@both
def test_only_what_is_meant_to_be_shown_is_shown(written: Written) -> None:
    extra = {"password": "hunter2", "token": "secret-token", "request_id": "abc", "status": 403}
    logging.getLogger("volary.test").info("refused", extra=extra)
    (line,) = written()
    assert "hunter2" not in line
    assert "secret-token" not in line
    assert "403" in line


@as_json
def test_a_machine_reads_one_object_a_line(written: Written) -> None:
    logging.getLogger("volary.test").warning("the %s", "event", extra={"request_id": "abc", "milliseconds": 1.5})
    try:
        raise ValueError("a\nb")
    except ValueError:
        logging.getLogger("volary.test").exception("failed")
    first, second = (json.loads(line) for line in written())
    assert (first["event"], first["level"], first["request_id"], first["milliseconds"]) == (
        "the event",
        "warning",
        "abc",
        1.5,
    )
    assert first["timestamp"].endswith("Z")
    assert "ValueError" in second["exception"]


@text
def test_a_person_reads_a_trace_below_its_line(written: Written) -> None:
    try:
        raise ValueError("what was wrong")
    except ValueError:
        logging.getLogger("volary.test").exception("failed", extra={"request_id": "abc"})
    lines = written()
    assert lines[0].endswith("error failed request_id=abc")
    assert lines[1].startswith("Traceback")
    assert lines[-1] == "ValueError: what was wrong"


@both
def test_what_other_libraries_say_comes_in_the_same_form(written: Written) -> None:
    logging.getLogger("_granian").error("Unexpected exit from worker-%d", 1)
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    logging.getLogger("volary.test").debug("too much")
    logging.getLogger("python_multipart.multipart").warning("Expected boundary character 45, got 79 at index 2")
    (line,) = written()
    assert "Unexpected exit from worker-1" in line


@as_json
async def test_requests_are_logged_where_that_is_wanted_and_never_their_query(written: Written) -> None:
    with sqlite_place() as url:
        async with opened(url, log_requests="on") as house:
            who = await house.bearer(house.cast.ann)
            await house.get("/2/users/me?user.fields=name", who)
            await house.get("/login?then=/settings%3Fsecret")
            await house.get("/2/nothing\u001b")
            await house.get("/x", host="evil.example")
    records = [json.loads(line) for line in written()]
    told = [(one["method"], one["path"], one["status"]) for one in records if one["event"] == "request"]
    assert told == [
        ("GET", "/2/users/me", 200),
        ("GET", "/login", 200),
        ("GET", "/2/nothing\u001b", 404),
        ("GET", "/x", 421),
    ]
    assert all(len(one["request_id"]) == 12 for one in records if one["event"] == "request")
    assert records[0]["address"] == "203.0.113.7"
    assert "secret" not in "".join(written())
    assert who.token not in "".join(written())
