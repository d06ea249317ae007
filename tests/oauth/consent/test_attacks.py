"""Attacks on the decision: other sessions, other sites, edited forms, presses that nobody made."""

import msgspec
import pytest
from sqlalchemy import func, select, text

from tests.cast import ANN, DAVE
from tests.house.tree import ROOT
from tests.oauth.consent.site import CALLBACK, DETAILS, DEVICE, Place, answer_in
from tests.oauth.consent.walking import Browser, Form
from volary.db import statement
from volary.oauth import throttle
from volary.oauth.models import (
    access_tokens,
    codes,
    families,
    grants,
    oauth1_tokens,
    pending_authorizations,
    request_tokens,
)
from volary.oauth.oauth1.request_token import APPROVED
from volary.sessions.actions.ending import end_other_sessions
from volary.sessions.queries import sessions_of
from volary.sessions.rules.browsers import COOKIE

pytestmark = pytest.mark.anyio

WAITING = statement(select(pending_authorizations.c.created_at), int)


GIVEN = (grants, families, codes, access_tokens, oauth1_tokens)
_COUNTS = [statement(select(func.count(text("1"))).select_from(table), int) for table in GIVEN]
_APPROVED = statement(select(func.count()).select_from(request_tokens).where(request_tokens.c.state == APPROVED), int)


async def nothing_happened(place: Place) -> bool:
    """No grant, code, token or approved request token of anybody."""
    return not any([await place.db.one(count) for count in (*_COUNTS, _APPROVED)])


async def form_of(place: Place, browser: Browser) -> Form:
    return (await browser.open(place.app.asking())).form()


@pytest.mark.attack("SR-122")
@pytest.mark.parametrize("token", [None, "", "x" * 86, "A" * 86])
async def test_without_the_form_token_nothing_is_granted(place: Place, token: str | None) -> None:
    browser = await place.browser_of(ANN)
    form = await form_of(place, browser)
    sent = form.pressed("Authorize app") | {"csrf": token or ""}
    if token is None:
        del sent["csrf"]
    answer = await browser.posted(form.action, sent)
    assert answer.status == 403
    assert await nothing_happened(place)


@pytest.mark.attack("SR-122", "SR-139")
async def test_a_form_token_of_somebody_else_is_worth_nothing(place: Place) -> None:
    mallory, browser = await place.browser_of(DAVE), await place.browser_of(ANN)
    theirs = await form_of(place, mallory)
    mine = await form_of(place, browser)
    answer = await browser.send(mine.edited(csrf=theirs.values["csrf"]), "Authorize app")
    assert answer.status == 403
    assert await nothing_happened(place)


@pytest.mark.attack("SR-122")
async def test_a_whole_form_of_somebody_else_is_worth_nothing(place: Place) -> None:
    mallory, browser = await place.browser_of(DAVE), await place.browser_of(ANN)
    theirs = await form_of(place, mallory)
    answer = await browser.send(theirs, "Authorize app")
    assert answer.status == 403
    assert not answer.root.one("main").every("form")
    assert await nothing_happened(place)


@pytest.mark.attack("SR-122")
async def test_a_request_of_somebody_else_cannot_be_answered(place: Place) -> None:
    mallory, browser = await place.browser_of(DAVE), await place.browser_of(ANN)
    theirs = await form_of(place, mallory)
    mine = await form_of(place, browser)
    answer = await browser.send(mine.edited(request=theirs.values["request"]), "Authorize app")
    assert answer.status == 400
    assert await nothing_happened(place)


@pytest.mark.attack("SR-122", "SR-136")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": ""},
        {"origin": "http://localhost:8001", "sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_form_on_another_site_is_refused(place: Place, headers: dict[str, str], signed_in: bool) -> None:
    browser = await place.browser_of(*([ANN] if signed_in else []))
    form = await form_of(place, browser)
    if not signed_in:
        form.filled(login="ann", password=ANN.password)
    answer = await browser.send(form, form.buttons[0], headers)
    assert answer.status == 403
    assert await nothing_happened(place)
    assert signed_in or not browser.client.cookies.get(COOKIE)


@pytest.mark.attack("SR-367")
async def test_nobody_fills_the_database_by_asking(sqlite_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ASKED", 3)
    mallory, ann = sqlite_place.browser(), sqlite_place.browser(address="198.51.100.1")
    statuses = [(await mallory.open(sqlite_place.app.asking())).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert len(await sqlite_place.db.all(WAITING)) == 3
    slowed = await mallory.open(sqlite_place.app.asking(), headers={"accept-language": "nl"})
    assert slowed.headers["retry-after"].isdigit()
    assert "Te veel verzoeken." in slowed.text
    assert (await ann.open(sqlite_place.app.asking())).status == 200


@pytest.mark.attack("SR-034")
async def test_a_redirect_without_a_page_ends_the_fragment(sqlite_place: Place) -> None:
    """`tests/browser` shows what Chromium makes of it."""
    browser = await sqlite_place.browser_of(ANN)
    await browser.press(await browser.open(sqlite_place.app.asking()), "Authorize app")
    refused = await browser.open(sqlite_place.app.asking(response_type="token"))
    assert refused.location.startswith(CALLBACK + "?error=unsupported_response_type")
    assert refused.location.endswith("#")


@pytest.mark.attack("SR-123")
async def test_fields_that_are_added_to_the_form_change_nothing(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = await form_of(place, browser)
    other = await place.new_app(msgspec.structs.replace(DETAILS, name="Other"))
    form.edited(
        scope="tweet.read tweet.write dm.write",
        client_id=other.made.app.client_id,
        redirect_uri=DEVICE,
        code_challenge="",
        state="evil",
        level="read-write-directmessages",
    )
    form.action += "?scope=dm.write&redirect_uri=https://evil.example/&client_id=" + other.made.app.client_id
    answer = await browser.send(form, "Authorize app")
    assert answer.location.startswith(CALLBACK + "?")
    assert answer_in(answer.location)["state"] == "their state"
    (grant,) = await place.connected(place.cast.ann.id)
    assert (grant.app_id, grant.scopes) == (place.app.id, "tweet.read users.read")


@pytest.mark.attack("SR-123")
@pytest.mark.parametrize("request_id", ["", "x" * 43, "../../etc", "\N{BLACK STAR}" * 10])
async def test_an_edited_request_is_not_found(place: Place, request_id: str) -> None:
    browser = await place.browser_of(ANN)
    answer = await browser.send((await form_of(place, browser)).edited(request=request_id), "Authorize app")
    assert answer.status == 400
    assert await nothing_happened(place)


@pytest.mark.attack("SR-123")
async def test_an_account_that_is_not_signed_in_cannot_be_named(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = (await form_of(place, browser)).edited(account=str(place.cast.bob.id))
    answer = await browser.send(form, "Authorize app")
    assert answer.status == 403
    assert "Ann Ameland" in answer.text
    assert await nothing_happened(place)
    assert (await browser.press(answer, "Authorize app")).status == 303
    assert len(await place.connected(place.cast.ann.id)) == 1


@pytest.mark.attack("SR-122", "SR-126")
async def test_an_older_page_answers_its_own_request_once(place: Place) -> None:
    """Two pages in two tabs are two requests; the answer to one of them is none to the other, and no answer counts twice."""
    browser = await place.browser_of(ANN)
    older, newer = await browser.open(place.app.asking()), await browser.open(place.app.asking())
    assert older.form().values["request"] != newer.form().values["request"]
    assert (await browser.press(older, "Authorize app")).status == 303
    assert await place.db.one(_COUNTS[GIVEN.index(codes)]) == 1
    assert (await browser.press(older, "Authorize app")).status == 400
    mixed = newer.form().edited(request=older.form().values["request"])
    assert (await browser.send(mixed, "Authorize app")).status == 400
    assert await place.db.one(_COUNTS[GIVEN.index(codes)]) == 1
    assert (await browser.press(newer, "Cancel")).status == 303
    assert await place.db.one(_COUNTS[GIVEN.index(codes)]) == 1


@pytest.mark.attack("SR-033", "SR-136")
async def test_no_redirect_hands_a_password_on(place: Place) -> None:
    """After each form with a password in it the browser is told to GET: 307 and 308 would send the password along."""
    browser = place.browser()
    typed = {"login": "ann", "password": ANN.password}
    signed_in = await browser.press(await browser.open("/login?then=/settings"), "Sign in", **typed)
    consented = await place.browser().press(
        await place.browser().open(place.app.asking()), "Sign in and authorize app", **typed
    )
    answers = [signed_in, consented]
    for other in (place.app.asking(), await place.app.authorizing(), await place.app.authorizing(force_login="true")):
        stranger = place.browser()
        page = await stranger.open(other)
        answers.append(await stranger.press(page, "Sign in and authorize app", **typed))
    assert [answer.status for answer in answers] == [303, 403, 303, 303, 303]  # the second came from another browser
    for answer in answers:
        assert ANN.password not in answer.headers.get("location", "")


@pytest.mark.attack("SR-036")
def test_no_script_takes_or_gives_messages() -> None:
    """A code leaves in a redirect alone: no page has a script that posts it to another window (SR-036)."""
    scripts = [path.read_text() for path in sorted((ROOT / "volary").rglob("*.js"))]
    assert scripts
    pages = [path.read_text() for path in sorted((ROOT / "volary").rglob("*.html"))]
    for word in ("postMessage", "BroadcastChannel", "window.opener", "form_post", "web_message"):
        assert not [found for found in (*scripts, *pages) if word in found], word


@pytest.mark.attack("SR-125")
@pytest.mark.parametrize("added", ["&approve=1", "&allow=true", "&_method=POST", "&decision=allow", "&csrf=x"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_grants_nothing(place: Place, added: str, method: str) -> None:
    browser = await place.browser_of(ANN)
    prefetching = {"purpose": "prefetch", "sec-purpose": "prefetch"}
    for url in (place.app.asking(), await place.app.authorizing(), await place.app.authorizing("/oauth/authenticate")):
        for headers in ({}, prefetching):
            answer = await browser.open(url + added, method=method, headers=headers)
            assert answer.status == 200
    assert await nothing_happened(place)


@pytest.mark.attack("SR-137")
@pytest.mark.parametrize("protocol", ["oauth1", "oauth2"])
async def test_another_account_in_the_browser_is_asked_again_by_name(place: Place, protocol: str) -> None:
    browser = await place.browser_of(ANN)
    path = place.app.asking() if protocol == "oauth2" else await place.app.authorizing()
    tab = await browser.open(path)
    second_tab = await browser.open("/login?add=1")
    await browser.press(second_tab, "Sign in", login="dave", password=DAVE.password)
    answer = await browser.press(tab, "Authorize app")
    assert answer.status == 403
    assert await nothing_happened(place)
    assert "Nothing was done: please look again and decide." in answer.root.one("div", role="alert").text
    assert [option.text.split("@")[1] for option in answer.root.every("label", class_="consent-account")] == [
        "dave",
        "ann",
    ]
    decided = await browser.press(answer, "Authorize app", account=str(place.cast.dave.id))
    assert decided.location.startswith(CALLBACK)
    assert len(await place.connected(place.cast.dave.id)) == 1
    assert not await place.connected(place.cast.ann.id)


@pytest.mark.attack("SR-137")
async def test_a_browser_that_lost_the_session_starts_again_from_the_app(place: Place) -> None:
    browser = await place.browser_of(ANN)
    tab = await browser.open(place.app.asking())
    other = await place.browser_of(DAVE)
    browser.hold(COOKIE, other.client.cookies[COOKIE])
    answer = await browser.press(tab, "Authorize app")
    assert answer.status == 403
    assert "403 · consent-form-expired" in answer.text
    assert "Go back to the app and start again there." in answer.text
    assert "Back to the page" not in answer.text
    assert not answer.root.one("main").every("form")
    assert await nothing_happened(place)


@pytest.mark.attack("SR-122", "SR-143")
async def test_a_page_from_before_the_sign_in_is_worth_nothing_after_it(place: Place) -> None:
    browser = place.browser()
    tab = await browser.open(place.app.asking())
    await browser.press(await browser.open("/login"), "Sign in", login="ann", password=ANN.password)
    answer = await browser.press(tab, "Sign in and authorize app", login="ann", password=ANN.password)
    assert answer.status == 403
    assert await nothing_happened(place)


@pytest.mark.attack("SR-146")
async def test_a_session_that_ended_decides_nothing(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = await form_of(place, browser)
    cookie = browser.client.cookies[COOKIE]
    settings = await browser.open("/settings")
    log_out = next(one for one in settings.root.every("form") if one.get("action") == "/logout")
    await browser.send(Form(log_out, str(settings.answer.url)), "Log out")
    browser.hold(COOKIE, cookie)
    answer = await browser.send(form, "Authorize app")
    assert answer.status == 403
    assert await nothing_happened(place)


@pytest.mark.attack("SR-123")
async def test_a_field_sent_twice_is_refused(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = await form_of(place, browser)
    sent = form.pressed("Authorize app")
    answer = await browser.posted_raw(form.action, [*sent.items(), ("decision", "cancel")])
    assert answer.status == 400
    assert await nothing_happened(place)


@pytest.mark.attack("SR-146", "SR-137")
async def test_a_session_that_ends_while_its_decision_arrives_connects_nothing(place: Place) -> None:
    thief, ann = await place.browser_of(ANN), await place.browser_of(ANN)
    form = await form_of(place, thief)
    newest = (await sessions_of(place.db, place.cast.ann.id))[0].id

    async def log_out_others() -> None:
        await place.db.write(end_other_sessions, place.cast.ann.id, newest)

    answer = await thief.send_slowly(form, "Authorize app", log_out_others)
    assert answer.status == 403
    assert await nothing_happened(place)
    assert (await ann.open("/settings")).status == 200
