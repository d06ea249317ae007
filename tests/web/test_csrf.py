"""Forms count only when they were filled in on a page of ours, in this session."""

import base64

import pytest

from tests.web.stage import Browser, site
from volary.db import Database
from volary.kit.secrets import Keyring, mint
from volary.web import Site, csrf


def test_a_token_holds_for_its_own_binding_only(keys: Keyring) -> None:
    token = csrf.token_for(keys, "session:11")
    assert csrf.holds(token, keys, "session:11")
    assert not csrf.holds(token, keys, "session:12")
    assert not csrf.holds(token, keys, "browser:11")
    assert not csrf.holds(token, Keyring(b"k" * 32), "session:11")


def test_each_page_shows_the_token_under_another_mask(keys: Keyring) -> None:
    assert len({csrf.token_for(keys, "session:11") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "token", ["", "a", "é", "=" * 86, "A" * 86, "A" * 5_000, "!" * 86, base64.b64encode(b"x").decode()]
)
def test_what_is_no_token_does_not_hold(token: str, keys: Keyring) -> None:
    assert not csrf.holds(token, keys, "session:11")


OURS = ("https://volary.example",)


@pytest.mark.parametrize(
    "headers,allowed",
    [
        ({"sec-fetch-site": "same-origin", "origin": "https://volary.example"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site", "origin": "https://volary.example"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, False),
        ({"sec-fetch-site": "anything"}, False),
        ({"origin": "https://volary.example"}, True),
        ({"origin": "https://volary.example.evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://volary.example"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, False),
        ({"origin": "null"}, True),
        ({}, True),
    ],
)
def test_the_browser_says_where_a_form_comes_from(headers: dict[str, str], *, allowed: bool) -> None:
    assert csrf.same_site(headers, OURS) is allowed


async def test_a_form_with_its_token_is_taken(ann: Browser) -> None:
    answer = await ann.send_form("/name", {"name": "Ann"}, origin="http://localhost:8000", sec_fetch_site="same-origin")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")


@pytest.mark.attack("SR-122", "SR-139")
async def test_a_form_without_its_token_is_refused(ann: Browser) -> None:
    answer = await ann.post("/name", data={"name": "Ann"})
    assert answer.status_code == 403
    assert "form-expired" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.attack("SR-122", "SR-139")
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:9000", "http://localhost:8000.evil.example"]
)
async def test_a_form_from_another_origin_is_refused_with_a_right_token_too(ann: Browser, origin: str) -> None:
    answer = await ann.send_form("/name", {}, origin=origin)
    assert answer.status_code == 403
    assert "403 · form-from-elsewhere" in answer.text


@pytest.mark.attack("SR-122", "SR-137")
async def test_the_token_of_another_session_is_worth_nothing(plain_site: Site, ann: Browser) -> None:
    async with Browser(plain_site, "mallory") as mallory:
        token = await mallory.token()
    assert (await ann.post("/name", data={"csrf": token})).status_code == 403


@pytest.mark.attack("SR-122", "SR-143")
async def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(browser: Browser) -> None:
    token = await browser.token()
    assert (await browser.post("/sign-in", data={"csrf": token})).status_code == 303
    assert browser.cookies["session"] == "ann"
    assert "visit" not in browser.cookies
    assert (await browser.post("/name", data={"csrf": token})).status_code == 403


@pytest.mark.attack("SR-136")
async def test_nobody_can_be_signed_in_by_a_form_on_another_site(plain_site: Site, browser: Browser) -> None:
    """Mallory has a browser key and its token; the person's browser has a key of its own, or none yet."""
    async with Browser(plain_site) as mallory:
        token = await mallory.token()
    assert (await browser.post("/sign-in", data={"csrf": token})).status_code == 403
    await browser.token()
    assert (await browser.post("/sign-in", data={"csrf": token})).status_code == 403
    assert "session" not in browser.cookies


async def test_a_browser_without_cookies_is_told_so(browser: Browser) -> None:
    answer = await browser.post("/sign-in", data={"csrf": "x"})
    assert answer.status_code == 403
    assert "403 · cookies-off" in answer.text
    assert "Please allow cookies for this site" in answer.text


@pytest.mark.attack("SR-125", "SR-147")
@pytest.mark.parametrize("path", ["/name", "/name?_method=POST&csrf=1", "/sign-in"])
async def test_a_form_cannot_be_sent_by_a_link(ann: Browser, path: str) -> None:
    answer = await ann.get(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert (await ann.head(path)).status_code == 405


async def test_the_browser_key_is_made_once(browser: Browser) -> None:
    await browser.get("/")
    first = browser.cookies["visit"]
    answer = await browser.get("/")
    assert len(first) == len(mint())
    assert "set-cookie" not in answer.headers


async def test_a_browser_key_that_is_none_of_ours_is_replaced(sqlite_db: Database) -> None:
    async with Browser(site(sqlite_db)) as visitor:
        visitor.cookies.set("visit", "short")
        assert "visit=" in (await visitor.get("/")).headers["set-cookie"]
