"""Which door a request comes to, and what every answer carries, whatever is behind the door."""

import contextlib
import json
import os
import re
import sqlite3
from pathlib import Path

import pytest

from tests.server.calls import ASK, NAMES, OPERATION, of, post_of
from tests.server.house import HOST, NOBODY, PAGE_ORIGIN, House, asked, opened
from tests.server.houses import sqlite_place
from volary.api.machine import machines_of
from volary.api.operation import operations_of
from volary.api.serve import Api
from volary.server.application import Application
from volary.server.metrics import Counts
from volary.server.registry import MACHINES, OPERATIONS, PAGES
from volary.settings import load
from volary.web import doors_of

# ------------------------------------------------------------------------------------------------------- one door for a path


def test_no_path_has_two_doors() -> None:
    """Over operations, machines and pages together, whatever their parameters are called (design: one request)."""
    operations = [(one.method, one.path) for module in OPERATIONS for one in operations_of(module.__name__)]
    machines = [(one.method, one.path) for module in MACHINES for one in machines_of(module.__name__)]
    pages = [(one.method, one.path) for module in PAGES for one in doors_of(module)]
    doors = [(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in (*operations, *machines, *pages)]
    assert len(doors) > 60
    assert sorted({door for door in doors if doors.count(door) > 1}) == []


async def test_a_page_stands_among_the_operations_where_it_was_declared(house: House) -> None:
    for path in ("/2/oauth2/authorize", "/i/oauth2/authorize", "/oauth/authorize", "/oauth/authenticate"):
        got = await house.get(path)
        assert got.status in {400, 403}, path
        assert (got.header("content-type") or "").startswith("text/html"), path
    got = await house.get("/2/oauth2/token")
    assert (got.status, got.header("allow")) == (405, "POST")


@pytest.mark.attack("SR-298")
@pytest.mark.parametrize(
    "path",
    [
        "/2/nothing",
        "/2/userz",
        "/2/users/me/x.css",
        "/2/tweets/1/2/3/4",
        "/1.1/nothing.json",
        "/1.1/account/verify_credentials",
        "/1/statuses/update.json",
        "/oauth2/nothing",
        "/12/accounts",
        "/2/USERS/me",
        "/2//users/me",
        "/2/users//me",
        "/2/users/me//",
        "/2/users/../users/me",
        "/2/users%2Fme",
        "/2/",
    ],
)
async def test_an_unknown_path_is_answered_as_x_does(house: House, path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        got = await house.send(method, path, await house.bearer(house.cast.ann))
        assert (got.status, got.body, got.header("content-type")) == (404, b"", None)


async def test_other_unknown_paths_are_pages(house: House) -> None:
    for path in ("/", "/nothing", "/oauth/nothing", "/2", "//2/users/me"):
        got = await house.get(path)
        assert (got.header("content-type") or "").startswith("text/html"), path


@pytest.mark.parametrize("name", NAMES)
async def test_another_method_is_refused_and_the_right_ones_are_named(house: House, name: str) -> None:
    target = (await ASK[name](house)).target
    path = of(name).path
    there = sorted(one.method for one in OPERATION.values() if one.path == path)
    for method in ("PUT", "PATCH", "TRACE", "get", "POST", "DELETE"):
        if method not in there:
            got = await house.send(method, target, NOBODY)
            assert (got.status, got.header("allow")) == (405, ", ".join(there)), method
            assert "content-type" in dict(got.headers)
            assert got.header("x-access-level") is None


# ------------------------------------------------------------------------------------------------------- HEAD and OPTIONS


@pytest.mark.attack("SR-217")
@pytest.mark.parametrize("name", NAMES)
async def test_head_and_options_tell_strangers_nothing(house: House, name: str) -> None:
    path = of(name).path
    targets = [path.replace("{username}", "ann"), path.replace("{username}", "nobody_here")]
    targets = [
        re.sub(r"\{\w+\}", str(number), target) for number, target in zip((house.cast.ann.id, 1), targets, strict=True)
    ]
    for method in ("HEAD", "OPTIONS"):
        real, unreal = [await house.send(method, target, NOBODY) for target in targets]
        assert real.body == unreal.body == b""
        assert real.status == unreal.status
        varying = {"x-transaction-id"}
        assert [one for one in real.headers if one[0] not in varying] == [
            one for one in unreal.headers if one[0] not in varying
        ]


async def test_head_has_the_headers_of_get_and_no_body(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    for path in ("/2/users/me", "/healthz", "/.well-known/oauth-authorization-server"):
        get, head = await house.get(path, who), await house.send("HEAD", path, who)
        assert (head.status, head.body) == (get.status, b"")
        assert head.header("content-length") == get.header("content-length") == str(len(get.body))


@pytest.mark.attack("SR-213")
async def test_no_header_and_no_field_changes_the_method_or_the_path(house: House) -> None:
    post = await post_of(house, house.cast.ann)
    who = await house.bearer(house.cast.ann)
    told = [
        ("x-http-method-override", "DELETE"),
        ("x-http-method", "DELETE"),
        ("x-method-override", "DELETE"),
        ("x-original-url", "/2/users/me"),
        ("x-rewrite-url", "/2/users/me"),
    ]
    got = await house.get(f"/2/tweets/{post}", who, headers=told)
    assert got.json["data"]["id"] == str(post)
    assert (await house.get(f"/2/tweets/{post}?_method=DELETE", who)).status == 400
    assert (await house.get(f"/2/tweets/{post}", who)).json["data"]["id"] == str(post)


# --------------------------------------------------------------------------------------------------------- every answer


@pytest.mark.attack("SR-288", "SR-298", "SR-303")
async def test_every_answer_of_the_api_has_an_id_and_may_not_be_kept_or_guessed_at(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    seen = set()
    for method, target in [
        ("GET", "/2/users/me"),
        ("GET", "/2/users/1"),
        ("GET", "/2/tweets?ids="),
        ("GET", "/2/nothing"),
        ("PUT", "/2/tweets"),
        ("POST", "/2/tweets"),
        ("POST", "/2/oauth2/token"),
        ("POST", "/oauth/request_token"),
        ("GET", "/metrics"),
        ("GET", "/healthz"),
    ]:
        got = await house.send(method, target, who)
        assert re.fullmatch("[0-9a-f]{12}", got.header("x-transaction-id") or "")
        seen.add(got.header("x-transaction-id"))
        assert got.header("x-content-type-options") == "nosniff"
        assert "no-store" in (got.header("cache-control") or "")
        assert got.header("server") is None
        assert got.header("content-length") == str(len(got.body))
        assert not re.search(rb"Traceback|SELECT|sqlite|/volary/|volary\.", got.body)
    assert len(seen) == 10
    got = await house.get("/2/users/me", who)
    assert got.header("cache-control") == "no-cache, no-store, must-revalidate, private"
    assert got.header("vary") == "Authorization, Cookie"
    assert (await house.get("/2/users/me?callback=x", who)).status == 400


async def test_a_client_cannot_choose_the_request_id(house: House) -> None:
    told = [("x-request-id", "mine"), ("x-transaction-id", "mine")]
    assert (await house.get("/healthz", headers=told)).header("x-transaction-id") != "mine"
    assert (await house.get("/login", headers=told)).header("x-request-id") != "mine"


@pytest.mark.attack("SR-303")
async def test_a_failure_tells_nothing_of_what_failed(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody takes a table away under a running server."""
    with sqlite_place() as url:
        async with opened(url) as house:
            who = await house.bearer(house.cast.ann)
            with contextlib.closing(sqlite3.connect(str(house.file))) as other:
                other.execute("ALTER TABLE posts RENAME TO gone")
            for method, target in (("GET", "/2/tweets/1"), ("DELETE", "/2/tweets/1")):
                caplog.clear()
                got = await house.send(method, target, who)
                assert (got.status, got.json) == (
                    500,
                    {
                        "title": "Internal Server Error",
                        "type": "about:blank",
                        "status": 500,
                        "detail": "Something went wrong.",
                    },
                )
                ids = {record.__dict__.get("request_id") for record in caplog.records}
                assert ids == {got.header("x-transaction-id")}
                assert any(record.exc_info for record in caplog.records)
            assert (await house.get("/2/users/me", who)).status == 200


async def test_before_the_start_and_after_the_end_the_answer_is_to_come_back() -> None:
    application = Application(load({}))
    got = await asked(application, "GET", "/2/users/me", [("host", HOST)])
    assert (got.status, got.header("retry-after")) == (503, "1")


# ----------------------------------------------------------------------------------------------------------- what is watched


@pytest.mark.attack("SR-308", "SR-367")
async def test_metrics_are_for_this_machine_and_count_by_door(house: House) -> None:
    for _ in range(50):
        await house.get("/2/nothing")
        await house.get("/2/users/1", headers=[("accept-language", "x"), ("user-agent", "y")])
    for peer in ("203.0.113.7", "10.0.0.1", "192.168.1.1", "not an address"):
        assert (await house.get("/metrics", peer=peer)).status == 404
    told = [("x-forwarded-for", "203.0.113.7")]
    assert (await house.get("/metrics", peer="127.0.0.1", headers=told)).status == 404  # a proxy that nobody named
    for peer in ("127.0.0.1", "::1", ""):
        got = await house.get("/metrics", peer=peer)
        assert (got.status, got.header("content-type")) == (200, "text/plain; version=0.0.4; charset=utf-8")
    text = (await house.get("/metrics", peer="127.0.0.1")).body.decode()
    counted = re.findall(r'volary_requests_total\{door="GET /2/users/\{id\}",status="401"\} (\S+)', text)
    assert [float(count) >= 50 for count in counted] == [True]
    doors = set(re.findall(r'door="([^"]*)"', text))
    assert doors <= {
        "none",
        "page",
        *OPERATION,
        *(f"{one.method} {one.path}" for m in MACHINES for one in machines_of(m.__name__)),
    }


async def test_the_counters_of_all_workers_are_one(tmp_path: Path) -> None:
    def counted(counts: Counts) -> dict[str, str]:
        found = re.findall(r'volary_requests_total\{door="([^"]*)",status="200"\} (\S+)', counts.exposed().decode())
        return dict(found)

    one, other, alone = Counts(tmp_path), Counts(tmp_path), Counts()
    other._file = tmp_path / "4711.json"  # as if it were another process
    for _ in range(3):
        one.count("GET /2/users/me", 200, 0.5)
        other.count("GET /2/users/me", 200, 0.5)
        alone.count("GET /2/users/me", 200, 0.5)
    other.count("page", 200, 0.1)
    assert counted(one) == {"GET /2/users/me": "3.0"}
    await other.share()
    await alone.share()
    assert counted(one) == {"GET /2/users/me": "6.0", "page": "1.0"}
    await one.share()
    await other.share()
    assert counted(one) == counted(other) == {"GET /2/users/me": "6.0", "page": "1.0"}
    assert counted(alone) == {"GET /2/users/me": "3.0"}
    assert {file.name for file in tmp_path.iterdir()} == {f"{os.getpid()}.json", "4711.json"}


async def test_the_database_that_answers_makes_it_ready(house: House) -> None:
    assert (await house.get("/readyz")).json == {"status": "ok"}


# ---------------------------------------------------------------------------------------------------------- other origins

EVIL = [
    "https://evil.example",
    "null",
    "https://page.example.evil.example",
    "http://page.example",
    "https://page.example:444",
    "https://page.examples",
    "http://127.0.0.1.evil.example",
    "https://app.example",  # the callback of a Web App: its server calls, not its pages
    "http://localhost:8000",
    "file://",
    "",
    "https://page.example/cb",
    "https://PAGE.example",
    "%",
    "https://page.example\u00e9",
]
CALLS = [("GET", "/2/users/me"), ("POST", "/2/oauth2/token"), ("POST", "/2/tweets"), ("OPTIONS", "/2/users/me")]


@pytest.mark.attack("SR-300")
@pytest.mark.parametrize("origin", EVIL)
async def test_other_sites_cannot_read_answers(house: House, origin: str) -> None:
    who = await house.bearer(house.cast.ann)
    asking = [("origin", origin), ("access-control-request-method", "GET"), ("cookie", "session=x")]
    for method, path in [
        *CALLS,
        ("GET", "/login"),
        ("OPTIONS", "/login"),
        ("GET", "/portal"),
        ("GET", "/settings/apps"),
    ]:
        got = await house.send(method, path, who, headers=asking)
        assert not got.told("access-control"), (method, path)


@pytest.mark.attack("SR-300")
@pytest.mark.parametrize("origin", [PAGE_ORIGIN, "http://127.0.0.1:3000"])
async def test_a_single_page_app_may_call_from_its_callbacks_origins(house: House, origin: str) -> None:
    who = await house.bearer(house.cast.ann, app="Page")
    for method, path in CALLS:
        got = await house.send(method, path, who, headers=[("origin", origin)])
        assert got.header("access-control-allow-origin") == origin
        assert "access-control-allow-credentials" not in dict(got.headers)
        assert "Origin" in {value for name, value in got.headers if name == "vary"}
    got = await house.get("/2/users/me", who, headers=[("origin", origin)])
    assert "x-rate-limit-remaining" in (got.header("access-control-expose-headers") or "")


@pytest.mark.attack("SR-300")
async def test_a_preflight_names_methods_and_headers(house: House) -> None:
    asking = [
        ("origin", PAGE_ORIGIN),
        ("access-control-request-method", "DELETE"),
        ("access-control-request-headers", "authorization,x-evil"),
    ]
    got = await house.send("OPTIONS", "/2/tweets/1", headers=asking)
    assert (got.status, got.body) == (204, b"")
    assert got.told("access-control") == {
        "access-control-allow-origin": PAGE_ORIGIN,
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "600",
    }
    two = [("origin", PAGE_ORIGIN), *asking]
    assert not (await house.send("OPTIONS", "/2/tweets/1", headers=two)).told("access-control")


@pytest.mark.attack("SR-300")
async def test_pages_never_cross_origins(house: House) -> None:
    for path in ("/login", "/settings/apps", "/portal", "/help", "/i/oauth2/authorize"):
        for method in ("GET", "OPTIONS", "POST"):
            got = await house.send(method, path, headers=[("origin", PAGE_ORIGIN)])
            assert not got.told("access-control"), (method, path)


def test_the_api_alone_can_be_asked_for_its_doors() -> None:
    """A control of the first test: a second door is refused when the server starts, too."""
    twice = [one for module in OPERATIONS for one in operations_of(module.__name__)][:1] * 2
    with pytest.raises(ValueError, match="two doors"):
        Api(twice, [], None, None, None, "")  # type: ignore[arg-type]


async def test_errors_are_json_that_clients_can_read(house: House) -> None:
    for target in ("/2/users/me", "/2/tweets", "/1.1/account/verify_credentials.json", "/metrics"):
        got = await house.send("PUT", target)
        assert json.loads(got.body)
