"""What surrounds every page: hosts, sign-in, languages, cookies, headers, refusals."""

import logging
import re

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from tests.conftest import HeldDatabase
from tests.web.stage import PLAIN, Browser, site
from volary.settings import Settings
from volary.web import Response, Site, Visit, page
from volary.web.page import Door
from volary.web.routes import Routes

# --------------------------------------------------------------------------------------------------------------- doors


async def test_open_parts_of_a_path_are_read(browser: Browser) -> None:
    assert "zoë wrote 1 2" in (await browser.get("/people/zo%C3%AB/posts/1%202")).text


@pytest.mark.attack("SR-298")
@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/settings/",
        "/settings/a.js",
        "/settings/apps/x.css",
        "/people//posts/1",
        "/people/a/posts",
        "http://localhost:8000//settings",
        "/people/%00/posts/1",
    ],
)
async def test_what_is_not_a_page_is_not_found(ann: Browser, path: str) -> None:
    answer = await ann.get(path)
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_two_pages_cannot_stand_in_one_place() -> None:
    async def nothing(visit: Visit) -> Response:
        return visit.redirect("/")

    def door(method: str, path: str) -> Door:
        return Door(method, path, nothing, signed_in=False, form_limit=0, files={})

    for path in ("/a", "/a/{b}"):
        with pytest.raises(ValueError, match="two pages answer GET"):
            Routes([door("GET", path), door("GET", path)])
    assert set(Routes([door("GET", "/a/{b}"), door("POST", "/a/{b}")]).find("/a/x")[0]) == {"GET", "POST"}


@pytest.mark.parametrize("method,path", [("PUT", "/a"), ("GET", "a")])
def test_a_door_that_cannot_be_is_refused_at_once(method: str, path: str) -> None:
    with pytest.raises(ValueError, match="cannot be the door of a page"):
        page(method, path)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_other_methods_are_named(browser: Browser, method: str) -> None:
    answer = await browser.request(method, "/to-app")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


# ------------------------------------------------------------------------------------------------------------- visitors


async def test_a_page_for_signed_in_people_sends_to_the_sign_in_page_and_back(browser: Browser) -> None:
    answer = await browser.get("/settings/apps?page=2&q=%20a")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/login?then=/settings/apps%3Fpage%3D2%26q%3D%2520a",
    )
    assert (await browser.send_form("/name", {})).headers["location"] == "/login"


@pytest.mark.attack("SR-159", "SR-372")
@pytest.mark.parametrize("query", ["!" * 1_200, "%41" * 600, "&" * 700, "%" * 700])
async def test_the_way_back_is_left_out_where_it_would_be_too_long(browser: Browser, query: str) -> None:
    """It is encoded once more, and so up to three times as long."""
    answer = await browser.get(f"/settings/apps?{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.attack("SR-297")
@pytest.mark.parametrize("host", ["evil.example", "localhost", "localhost:8000.evil.example", "localhost:8001"])
async def test_another_host_is_not_answered(browser: Browser, host: str) -> None:
    answer = await browser.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert host not in answer.text.replace("localhost:8000", "")


@pytest.mark.attack("SR-297")
async def test_headers_of_the_client_do_not_name_the_server(ann: Browser) -> None:
    told = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-forwarded-proto": "https"}
    for path in ("/", "/settings/apps", "/nothing"):
        answer = await ann.get(path, headers=told)
        assert "evil.example" not in answer.text
        assert "strict-transport-security" not in answer.headers


async def test_the_address_is_the_peers_or_a_trusted_proxys_word(sqlite_db: HeldDatabase) -> None:
    behind = site(sqlite_db, PLAIN.replaced(trusted_proxies=("10.0.0.0/8",)))
    told = {"x-forwarded-for": "1.1.1.1, 198.51.100.7"}
    async with Browser(behind, peer="10.0.0.1") as visitor:
        assert "198.51.100.7" in (await visitor.get("/", headers=told)).text
    async with Browser(behind) as visitor:
        assert "203.0.113.9" in (await visitor.get("/", headers=told)).text


# ------------------------------------------------------------------------------------------------------------ languages


@pytest.mark.claim("C232")
async def test_a_chosen_language_stays(ann: Browser) -> None:
    assert '<html lang="en">' in (await ann.get("/settings")).text
    answer = await ann.send_form("/language", {"language": "nl", "then": "/settings?a=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings?a=1")
    for path in ("/settings", "/nothing"):
        assert '<html lang="nl">' in (await ann.get(path)).text


@pytest.mark.parametrize(
    "fields", [{"language": "tlh"}, {"language": ""}, {}, {"language": "nl", "then": "//evil.example"}]
)
async def test_the_language_menu_leads_nowhere_else(browser: Browser, fields: dict[str, str]) -> None:
    answer = await browser.send_form("/language", fields)
    assert answer.headers["location"] == "/"
    assert ("language" in browser.cookies) == (fields.get("language") == "nl")


async def test_without_a_choice_the_accounts_language_counts_and_then_the_browsers(plain_site: Site) -> None:
    async with Browser(plain_site, language="de-CH,en;q=0.5") as visitor:
        assert '<html lang="de">' in (await visitor.get("/settings")).text
    async with Browser(plain_site, "dutch", language="de") as visitor:
        assert '<html lang="nl">' in (await visitor.get("/settings")).text
        visitor.cookies.set("language", "en")
        assert '<html lang="en">' in (await visitor.get("/settings")).text


# -------------------------------------------------------------------------------------------------------------- cookies


@pytest.mark.attack("SR-145")
async def test_cookies_on_https_cannot_be_planted_or_read(secure_site: Site) -> None:
    async with Browser(secure_site) as visitor:
        await visitor.get("/")
        answer = await visitor.send_form("/sign-in", {})
        told = [text for text in answer.headers.get_list("set-cookie") if "session" in text]
        assert told == ["__Host-session=ann; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600"]
    async with Browser(secure_site) as visitor:
        visitor.cookies.set("session", "ann")
        assert (await visitor.get("/settings/apps")).status_code == 303


async def test_cookies_on_plain_http_have_plain_names(browser: Browser) -> None:
    answer = await browser.get("/")
    assert re.fullmatch(r"visit=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax", answer.headers["set-cookie"])
    browser.cookies.set("__Host-session", "ann")
    assert (await browser.get("/settings/apps")).status_code == 303


# -------------------------------------------------------------------------------------------------------------- notices


async def test_a_notice_is_shown_once_to_whom_it_concerns(ann: Browser, plain_site: Site) -> None:
    await ann.send_form("/name", {"name": "<b>Ann</b>"})
    written = ann.cookies["notice"]
    assert "Hello &lt;b&gt;Ann&lt;/b&gt;" in (await ann.get("/settings")).text
    assert "notice" not in ann.cookies
    assert "Hello" not in (await ann.get("/settings")).text
    async with Browser(plain_site, "mallory") as mallory:
        mallory.cookies.set("notice", written)
        assert "Hello" not in (await mallory.get("/settings")).text


@pytest.mark.parametrize("value", ["x", "AAAA", "A" * 100, "~~~~", "=", "é".encode().hex()])
async def test_a_notice_that_we_did_not_write_is_not_shown(ann: Browser, value: str) -> None:
    ann.cookies.set("notice", value)
    answer = await ann.get("/settings")
    assert answer.status_code == 200
    assert 'role="status"' not in answer.text


# -------------------------------------------------------------------------------------------------------------- headers


@pytest.mark.attack("SR-128", "SR-141", "SR-298")
@pytest.mark.parametrize(
    "path", ["/", "/login", "/settings/apps", "/nothing", "/name", "/refuse/crash", "/refuse/slow"]
)
async def test_every_answer_has_the_headers_that_protect_it(ann: Browser, path: str) -> None:
    headers = (await ann.get(path)).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "Cookie" in headers["vary"]
    assert headers["x-request-id"]
    assert "access-control-allow-origin" not in headers


async def test_https_is_held_on_to(secure_site: Site) -> None:
    async with Browser(secure_site) as visitor:
        assert (await visitor.get("/")).headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.attack("SR-129")
async def test_a_form_may_end_at_an_apps_callback_where_the_page_says_so(browser: Browser) -> None:
    policy = (await browser.get("/to-app")).headers["content-security-policy"]
    assert "form-action 'self' myapp: http://127.0.0.1:9000;" in policy


@pytest.mark.attack("SR-033")
async def test_an_app_is_reached_by_303_at_exactly_its_address(browser: Browser) -> None:
    answer = await browser.send_form("/to-app", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "myapp://callback/path?code=1&state=a%20b~|")


@pytest.mark.attack("SR-018", "SR-159")
@pytest.mark.parametrize(
    "by,to",
    [
        ("redirect", "//evil.example"),
        ("redirect", "https://evil.example"),
        ("redirect", "/a\nset-cookie: x=1"),
        ("leave", "https://app.example/cb\nset-cookie: x=1"),
        ("leave", "https://app.example/ cb"),
        ("leave", "https://app.example/c\u2028b"),
        ("leave", "https://app.example/\tcb"),
    ],
)
async def test_a_page_that_was_not_careful_sends_nobody_astray(browser: Browser, by: str, to: str) -> None:
    answer = await browser.send_form("/astray", {"by": by, "to": to})
    assert answer.status_code == 500
    assert "location" not in answer.headers
    assert "x" not in browser.cookies


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.attack("SR-165", "SR-303")
async def test_a_refusal_becomes_a_page_that_explains(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "volary.web")
    answer = await browser.get("/refuse/invalid", headers={"accept-language": "de"})
    assert answer.status_code == 400
    assert "This &lt;b&gt;value&lt;/b&gt; is wrong." in answer.text
    assert "Das hat nicht geklappt" in answer.text
    assert "invalid-request" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "private reason" not in answer.text
    assert [record.__dict__["why"] for record in caplog.records] == ["the private reason"]


@pytest.mark.parametrize("kind,status,wait", [("slow", 429, "30"), ("busy", 503, "2")])
async def test_a_refusal_says_when_to_come_back(browser: Browser, kind: str, status: int, wait: str) -> None:
    answer = await browser.get(f"/refuse/{kind}")
    assert (answer.status_code, answer.headers["retry-after"]) == (status, wait)
    assert ("Wait about a minute, then try again." in answer.text) == (status == 429)


@pytest.mark.attack("SR-303")
async def test_a_failure_tells_nothing_of_what_failed(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    answer = await browser.get("/refuse/crash")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert caplog.records[0].__dict__["request_id"] == answer.headers["x-request-id"]


async def test_the_outer_rings_request_id_and_address_are_kept(plain_site: Site) -> None:
    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        await plain_site({**scope, "state": {"request_id": "r-1", "address": "192.0.2.7"}}, receive, send)

    transport = httpx2.ASGITransport(app=outer)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as visitor:
        answer = await visitor.get("/")
    assert answer.headers["x-request-id"] == "r-1"
    assert "192.0.2.7" in answer.text


# -------------------------------------------------------------------------------------------------------- below a path


async def test_a_site_below_a_path_links_to_itself(sqlite_db: HeldDatabase) -> None:
    below = site(sqlite_db, PLAIN.replaced(public_url="http://localhost:8000/birds"))
    async with Browser(below, "ann") as visitor:
        visitor.base_url = "http://localhost:8000"
        page = (await visitor.get("/settings/apps")).text
        links = re.findall(r'(?:href|action|src)="(/[^"]*)"', page)
        assert len(links) > 10
        assert all(link.startswith("/birds/") for link in links), links
        assert (await visitor.send_form("/name", {})).headers["location"] == "/birds/settings"


@pytest.mark.attack("SR-145")
async def test_pages_live_under_one_name_of_this_computer(sqlite_db: HeldDatabase) -> None:
    """Cookies know no ports: what is kept for 127.0.0.1 is sent to every app that somebody runs there."""
    names = ("http://127.0.0.1:8000", "http://[::1]:8000", "https://volary.example")
    visited = site(sqlite_db, Settings(public_url="http://localhost:8000/below", public_origins=names))
    for host in ("127.0.0.1:8000", "[::1]:8000"):
        async with Browser(visited) as browser:
            at = f"http://{host}"
            answer = await browser.get(f"{at}/people/ann/posts/1?a=%2F%0d&b=ü")
            assert answer.status_code == 303
            assert answer.headers["location"] == "http://localhost:8000/below/people/ann/posts/1?a=%2F%0d&b=%C3%BC"
            assert "set-cookie" not in answer.headers
            astray = (await browser.get(f"{at}//evil.example/")).headers["location"]
            assert astray.startswith("http://localhost:8000/")
            assert (await browser.post(f"{at}/note", data={"text": "a"})).status_code == 403
    async with Browser(visited) as browser:
        assert (await browser.get("https://volary.example/")).status_code == 200
        assert (await browser.get("http://localhost:8000/")).status_code == 200
