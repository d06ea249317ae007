"""What must not go back to an app gets a page, through the whole server: no way out of it leads to where the request wanted."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import httpx2 as httpx
import msgspec
import pytest
from sqlalchemy import func, select, text

from tests.cast import ANN
from tests.oauth.consent.site import CALLBACK, DETAILS, EVERYTHING, Place
from tests.oauth.consent.walking import Page
from tests.oauth.oauth2.redirect_uri.test_redirect_uri import CLOSE
from volary.db import statement
from volary.db.schema import every_table
from volary.developers.actions import delete_app, edit_authentication, suspend_app

EVIL = "https://evil.example/cb"
PATHS = ["/i/oauth2/authorize", "/2/oauth2/authorize", "/oauth2/authorize"]
KEPT = (
    "grants",
    "families",
    "codes",
    "access_tokens",
    "refresh_tokens",
    "pending_authorizations",
    "request_tokens",
    "sessions",
)
_COUNTS = {name: statement(select(func.count(text("1"))).select_from(every_table().tables[name]), int) for name in KEPT}


async def rows(place: Place) -> dict[str, int]:
    return {name: await place.db.one(count) or 0 for name, count in _COUNTS.items()}


def is_a_page(answer: httpx.Response, wanted: str) -> None:
    """PAGE400: a page, with nothing on it that leads to the wanted URL."""
    assert answer.status_code == 400
    assert not {"location", "refresh", "link"} & {name.lower() for name in answer.headers}
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(answer)
    assert not page.root.every("meta", **{"http-equiv": "refresh"})
    assert not [one for one in page.root.every("script") if one.get("src") is None]
    ways = [link["href"] for link in page.root.every("a")] + [
        form.get("action") or "" for form in page.root.every("form")
    ]
    assert all(way.startswith(("/", "#")) and not way.startswith("//") for way in ways)
    if wanted.startswith("http"):
        assert wanted not in answer.text
        assert "evil.example" not in answer.text
    assert "session" not in answer.cookies


@pytest.mark.attack("SR-001")
@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.attack(row), id=row) for row in CLOSE])
@pytest.mark.parametrize("signed_in", [True, False])
async def test_what_only_looks_like_a_listed_url(place: Place, row: str, signed_in: bool) -> None:
    browser = await place.browser_of(*([ANN] if signed_in else []))
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Close", callbacks=("https://app.example/cb",)))
    assert (await browser.open(app.asking(redirect_uri="https://app.example/cb"))).status == 200
    before = await rows(place)
    for number, url in enumerate(CLOSE[row]):
        asked = app.asking(redirect_uri=url).replace(PATHS[0], PATHS[number % 3])
        for method in ("GET", "HEAD", "POST"):
            answer = (await browser.open(asked, method=method)).answer
            if method == "GET":
                is_a_page(answer, url)
            assert (answer.status_code, "location" in answer.headers) in ((400, False), (403, False)), (method, url)
    assert await rows(place) == before


@pytest.mark.attack("SR-002")
@pytest.mark.parametrize(
    "changes", [{"response_type": kind} for kind in ("token", "id_token", "foo", "")] + [{"scope": "nonsense"}]
)
async def test_no_other_error_is_told_to_an_unlisted_url(place: Place, changes: dict[str, str]) -> None:
    before = await rows(place)
    is_a_page((await place.browser().open(place.app.asking(redirect_uri=EVIL, **changes))).answer, EVIL)
    assert await rows(place) == before


async def unknown(place: Place) -> str:
    return place.app.asking(client_id="bm9ib2R5OjE6Y2k", redirect_uri=EVIL)


async def empty(place: Place) -> str:
    return place.app.asking(client_id="", redirect_uri=EVIL)


async def missing(place: Place) -> str:
    return place.app.asking(redirect_uri=EVIL).replace("client_id=", "client=")


async def twice(place: Place) -> str:
    return place.app.asking(redirect_uri=EVIL) + "&client_id=" + place.app.made.app.client_id


async def deleted(place: Place) -> str:
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Gone"))
    await place.db.write(delete_app, place.cast.dev.id, app.id)
    return app.asking(redirect_uri=EVIL)


async def suspended(place: Place) -> str:
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Stopped"))
    await place.db.write(suspend_app, app.id, reason="spam")
    return app.asking(redirect_uri=EVIL)


async def switched_off(place: Place) -> str:
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Off"))
    how = msgspec.structs.replace(EVERYTHING, oauth2=False)
    await place.db.write(edit_authentication, place.cast.dev.id, app.id, how)
    return app.asking(redirect_uri=EVIL)


NOBODY = [empty, missing, twice, deleted, suspended, switched_off]


@pytest.mark.attack("SR-005")
@pytest.mark.parametrize("asking", NOBODY)
async def test_whoever_may_not_ask_gets_the_very_same_page(
    place: Place, asking: Callable[[Place], Awaitable[str]]
) -> None:
    browser = place.browser()

    async def shown(url: str) -> str:
        answer = (await browser.open(url)).answer
        is_a_page(answer, EVIL)
        # The number of the request, the token of the page's own forms, and where they come back to, are each page's own.
        own = answer.text.replace(answer.headers["x-request-id"], "")
        return re.sub(r'name="(csrf|then)" value="[^"]*"|href="/login\?[^"]*"', "", own)

    assert await shown(await asking(place)) == await shown(await unknown(place))


@pytest.mark.attack("SR-024", "SR-123", "SR-125")
@pytest.mark.parametrize("in_query, in_body", [(EVIL, CALLBACK), (CALLBACK, EVIL), (EVIL, EVIL), (CALLBACK, CALLBACK)])
@pytest.mark.parametrize("with_token", [True, False])
async def test_a_request_that_is_posted_is_none(place: Place, in_query: str, in_body: str, with_token: bool) -> None:
    """The browser posts a decision about a stored request, and nothing else of it is read (design: one request)."""
    browser = await place.browser_of(ANN)
    csrf = (await browser.open(place.app.asking())).form().values["csrf"]
    before = await rows(place)
    url = place.app.asking(redirect_uri=in_query)
    body = {
        "response_type": "code",
        "client_id": place.app.made.app.client_id,
        "redirect_uri": in_body,
        "scope": "tweet.read",
        "decision": "allow",
        "approve": "1",
    }
    answer = await browser.posted(url, body | ({"csrf": csrf} if with_token else {}))
    assert answer.status in {400, 403}
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text
    assert await rows(place) == before


@pytest.mark.attack("SR-023")
@pytest.mark.parametrize("good_first", [True, False])
@pytest.mark.parametrize(
    "name", ["redirect_uri", "redirect_uri[]", "redirect_uri[0]", "redirect_uri%5B%5D", "redirect%5Furi"]
)
async def test_of_two_callbacks_neither_is_used(place: Place, name: str, good_first: bool) -> None:
    before = await rows(place)
    added, asked = f"{name}={quote(EVIL, safe='')}", place.app.asking()
    path, _, query = asked.partition("?")
    is_a_page(
        (await place.browser().open(f"{path}?{query}&{added}" if good_first else f"{path}?{added}&{query}")).answer,
        EVIL,
    )
    assert await rows(place) == before


def test_the_check_sees_what_it_looks_for() -> None:
    """The control: pages that lead away, each in one way."""
    bad = [
        '<meta http-equiv="refresh" content="0;url=https://evil.example/cb">',
        '<a href="https://evil.example/cb">go on</a>',
        '<a href="//evil.example/cb">go on</a>',
        '<form action="https://evil.example/cb"></form>',
        "<script>location = 1</script>",
        "<p>https://evil.example/cb</p>",
    ]
    kind = {"content-type": "text/html; charset=utf-8"}
    is_a_page(httpx.Response(400, headers=kind, text='<p>no</p><a href="/login">Sign in</a>'), EVIL)
    for html in bad:
        with pytest.raises(AssertionError):
            is_a_page(httpx.Response(400, headers=kind, text=html), EVIL)
    for header in ({"location": EVIL}, {"refresh": "0"}):
        with pytest.raises(AssertionError):
            is_a_page(httpx.Response(400, headers=kind | header, text="<p>no</p>"), EVIL)
