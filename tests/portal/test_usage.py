"""*Usage* and *Request log*: what the App's people see of its calls."""

from time import perf_counter

import msgspec
import pytest

from tests.cast import ANN, DEV
from tests.developers.making import new_app
from tests.oauth.consent.walking import Browser
from tests.portal.site import Place
from volary.access.caller import Caller, Scheme
from volary.access.errors import ScopeMissing
from volary.access.levels import Level
from volary.api.answer import Answer
from volary.kit.errors import Clue, NotFound, Refusal
from volary.portal.rules import HEIGHT, chart
from volary.usage.actions.noting import Calls
from volary.usage.models import DayRow
from volary.usage.rules.reasons import REASONS

pytestmark = pytest.mark.anyio

ME, WRITE = "GET /2/users/me", "POST /2/tweets"


def person(app_id: int, account_id: int) -> Caller:
    return Caller(Scheme.OAUTH2_USER, app_id, account_id, "ann", frozenset({"tweet.read"}), Level.READ)


async def furnished(place: Place, language: str = "en") -> tuple[Browser, int]:
    """Dev's App with some calls."""
    app_id, calls = (await new_app(place.db, place.cast.dev.id)).app.id, Calls()
    caller = person(app_id, place.cast.ann.id)
    for number in range(60):
        calls.note(Answer(200, caller=caller), ME, perf_counter(), 0.004, f"{number:012x}")
    calls.note(
        Answer(403, caller=caller, refusal=ScopeMissing(frozenset({"tweet.write"}))),
        WRITE,
        perf_counter(),
        0.002,
        "badbadbadbad",
    )
    calls.note(Answer(500, caller=caller), WRITE, perf_counter(), 0.5, "failfailfail")
    wrong = Refusal("No.")
    wrong.clue = Clue("signature", app_id=app_id, base=b"GET&http%3A%2F%2Fa&status%3Dsecret%26oauth_nonce%3D1")
    calls.note(Answer(401, refusal=wrong), ME, perf_counter(), 0.001, "strangerstra")
    await calls.flush(place.db)
    return await place.browser_of(DEV, language), app_id


async def test_usage_shows_numbers_beside_the_chart(place: Place) -> None:
    browser, app_id = await furnished(place)
    page = await browser.open(f"/portal/apps/{app_id}/usage")
    assert "62 requests in this period." in page.text
    cells = [[cell.text for cell in row.every("td")] for table in page.root.every("tbody") for row in table.every("tr")]
    assert ["62", "60", "1", "0", "1"] in cells
    assert ["60", "0", "0", "0", "4 ms"] in cells
    assert "1 more request named this App and did not prove that it came from it." in page.text
    assert len(page.root.every("rect")) == 3 + 4, "answered, refused, failed, and the legend"


async def test_both_pages_say_so_while_there_is_nothing(sqlite_place: Place) -> None:
    app_id = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app.id
    browser = await sqlite_place.browser_of(DEV)
    assert "No requests in this period" in (await browser.open(f"/portal/apps/{app_id}/usage?days=90")).text
    assert "No calls yet" in (await browser.open(f"/portal/apps/{app_id}/log")).text


async def test_a_log_that_is_switched_off_says_so(sqlite_place: Place) -> None:
    app_id = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app.id
    sqlite_place.site.settings = msgspec.structs.replace(sqlite_place.site.settings, request_log_days=0)
    browser = await sqlite_place.browser_of(DEV)
    assert "On this server no calls are kept" in (await browser.open(f"/portal/apps/{app_id}/log")).text


async def test_the_log_gives_reasons_and_advice_and_can_be_searched(place: Place) -> None:
    browser, app_id = await furnished(place)
    here = f"/portal/apps/{app_id}/log"
    page = await browser.open(here)
    assert "62 calls" in page.text
    assert "Page 1 of 2" in page.text
    assert (await browser.open(page.link("Older"))).text.count(ME) >= 12
    refused = await browser.open(here + "?status=4")
    assert "1 call" in refused.text
    assert "The scope tweet.write is missing. The token has: tweet.read." in refused.text
    assert "let the person authorize the App again" in refused.text
    assert str(place.cast.ann.id) in refused.text
    assert (
        "Something went wrong on the server." in (await browser.open(here + "?status=5&endpoint=POST+/2/tweets")).text
    )
    one = await browser.open(here + "?request=badbadbadbad")
    assert "1 call" in one.text
    assert "No such call" in (await browser.open(here + "?request=nothing")).text
    strangers = await browser.open(here + "?who=strangers")
    assert "The signature does not match." in strangers.text
    assert "status%3D[6 bytes]%26oauth_nonce%3D1" in strangers.text
    assert "status%3Dsecret" not in strangers.text


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "De scope tweet.write ontbreekt."), ("de", "Der Scope tweet.write fehlt.")]
)
async def test_reasons_are_said_in_the_visitor_s_language(sqlite_place: Place, language: str, said: str) -> None:
    browser, app_id = await furnished(sqlite_place, language)
    assert said in (await browser.open(f"/portal/apps/{app_id}/log?status=4")).text


@pytest.mark.parametrize(
    "odd", ["?page=9999", "?page=-1", "?status=x", "?endpoint=%3Cscript%3E", "?request=" + "x" * 200, "?who=x"]
)
async def test_odd_questions_are_answered(sqlite_place: Place, odd: str) -> None:
    browser, app_id = await furnished(sqlite_place)
    page = await browser.open(f"/portal/apps/{app_id}/log{odd}")
    assert page.status == 200


async def test_every_reason_can_be_shown_also_with_facts_of_another_version(sqlite_place: Place) -> None:
    app_id, calls = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app.id, Calls()
    for name in (*REASONS, "of a newer server"):
        refusal = NotFound("No.").because(name).named(app_id, proven=True)
        calls.note(Answer(404, refusal=refusal), ME, perf_counter(), 0.001, name)
    await calls.flush(sqlite_place.db)
    browser = await sqlite_place.browser_of(DEV)
    page = await browser.open(f"/portal/apps/{app_id}/log")
    assert page.status == 200
    assert "The call was refused." in page.text
    assert (await browser.open(f"/portal/apps/{app_id}/log?page=2")).status == 200


@pytest.mark.attack("SR-172")
async def test_nobody_else_sees_them(sqlite_place: Place) -> None:
    _, app_id = await furnished(sqlite_place)
    browser = await sqlite_place.browser_of(ANN)
    for path in ("usage", "log"):
        assert (await browser.open(f"/portal/apps/{app_id}/{path}")).status == 404


def test_a_chart_stays_in_its_frame_and_shows_a_single_call() -> None:
    bars = chart([DayRow(1, 1_000_000, 1, 1, 1, 0), DayRow(2, 0, 0, 0, 0, 0), DayRow(3, 1, 0, 0, 1, 0)])
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT + 0.01 and bar.height >= 1 for bar in bars)
    assert [bar.kind for bar in bars] == ["answered", "refused", "limited", "failed", "failed"]
    assert chart([]) == []
