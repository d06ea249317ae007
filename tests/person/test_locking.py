"""Taking an account back: the link of a letter, the lock, the way back, and securing it while one is signed in."""

import re

import pytest
from sqlalchemy import bindparam, update

from tests.cast import ANN, BOB
from tests.factors.authenticating import secured
from tests.person.site import AWAY, IPHONE, Place, current, sign_in
from volary.accounts.models import ACTIVE, LOCKED, accounts
from volary.accounts.queries import account_by_id, secret_by_id
from volary.db import statement
from volary.factors.queries import second_step_since
from volary.kit.clock import DAY
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.oauth.connected import connected_apps
from volary.operator.actions.actors import Actor
from volary.operator.actions.people import lock as lock_as_operator
from volary.operator.actions.people import unlock as unlock_as_operator
from volary.operator.errors import SameState
from volary.sessions.queries import sessions_of
from volary.settings import Settings

pytestmark = pytest.mark.anyio
NEW = "a lamp under the bridge"
_UNCONFIRM = statement(update(accounts).where(accounts.c.id == bindparam("i")).values(email_confirmed_at=None))
_READDRESS = statement(update(accounts).where(accounts.c.id == bindparam("i")).values(email="thief@evil.example"))


async def letter(place: Place, template: str) -> tuple[str, str]:
    """The address of the latest letter of a kind, and the path of its first link with a token."""
    writer = Writer(Settings(public_url="http://localhost:8000"))
    row = next(row for row in await latest_letters(place.db) if template in row.template)
    found = re.search(r"http://localhost:8000(/\S*token=\S+)", read(place.db.keys, writer, row).text)
    assert found is not None
    return row.address, found[1]


async def strange_sign_in(place: Place) -> str:
    """Somebody signs in as ann from elsewhere; where the letter about it leads."""
    await place.browser_of(ANN)
    stranger = place.browser(AWAY, agent=IPHONE)
    assert (await sign_in(stranger, ANN)).status == 303
    return (await letter(place, "new_sign_in"))[1]


async def state(place: Place) -> str:
    account = await account_by_id(place.db, place.cast.ann.id)
    return account.state if account else ""


@pytest.mark.claim("C094")
async def test_the_link_of_a_letter_locks_the_account_after_a_press(place: Place) -> None:
    link = await strange_sign_in(place)
    anybody = place.browser()
    asked = await anybody.open(link)
    assert asked.headings == ["Lock your account?"]
    assert await state(place) == ACTIVE, "mail programs open links by themselves"
    done = await anybody.press(asked, "Lock my account")
    assert done.headings == ["Your account is locked"]
    assert await state(place) == LOCKED
    assert await sessions_of(place.db, place.cast.ann.id) == []
    assert (await sign_in(place.browser(), ANN)).status == 401
    assert (await anybody.open(link)).status == 404, "it holds once"


@pytest.mark.attack("SR-221")
async def test_what_was_locked_comes_back_with_a_new_password(place: Place) -> None:
    browser = place.browser()
    await browser.press(await browser.open(await strange_sign_in(place)), "Lock my account")
    address, back = await letter(place, "letters/locked")
    assert address == ANN.email
    asked = await browser.open(back)
    refused = await browser.press(asked, "Open my account", password="password")
    assert refused.status == 400
    assert await state(place) == LOCKED
    done = await browser.press(refused, "Open my account", password=NEW)
    assert done.location == "/login?username=ann&then=/settings/review"
    assert await current(browser) is None, "the mailbox alone opens no session"
    assert (await sign_in(place.browser(), ANN)).status == 401, "the old password is worth nothing"
    signed = await browser.press(await browser.open(done.location), "Sign in", login="ann", password=NEW)
    assert signed.location == "/settings/review"
    assert (await browser.open("/settings/review")).headings[0] == "Look through what was done"
    assert (await browser.open(back)).status == 404
    again = await browser.posted(
        "http://localhost:8000/account/unlock", asked.form().values | {"password": "x y z 1 2 3"}
    )
    assert again.status in {403, 404}


async def test_a_thief_who_changed_the_address_gets_no_way_back(place: Place) -> None:
    link = await strange_sign_in(place)
    await place.db.write(lambda tx: tx.run(_READDRESS, i=place.cast.ann.id))
    browser = place.browser()
    await browser.press(await browser.open(link), "Lock my account")
    address, back = await letter(place, "letters/locked")
    assert address == ANN.email
    await browser.press(await browser.open(back), "Open my account", password=NEW)
    account = await account_by_id(place.db, place.cast.ann.id)
    assert account is not None
    assert (account.email, account.email_confirmed_at) == (ANN.email, place.db.now)


async def test_what_the_thief_set_up_goes_and_what_was_there_stays(place: Place) -> None:
    link = await strange_sign_in(place)
    place.db.clock.advance(1000)
    await secured(place.db, place.cast.ann.id)
    browser = place.browser()
    await browser.press(await browser.open(link), "Lock my account")
    await browser.press(await browser.open((await letter(place, "letters/locked"))[1]), "Open my account", password=NEW)
    assert await second_step_since(place.db, place.cast.ann.id) is None


async def test_the_mailbox_gets_nobody_around_a_second_step(place: Place) -> None:
    held = await secured(place.db, place.cast.ann.id)
    place.db.clock.advance(DAY)
    first = place.browser()
    await first.press(await sign_in(first, ANN), "Continue", code=held.codes[0])
    thief = place.browser(AWAY, agent=IPHONE)
    await thief.press(await sign_in(thief, ANN), "Continue", code=held.codes[1])
    mailbox = place.browser()
    await mailbox.press(await mailbox.open((await letter(place, "new_sign_in"))[1]), "Lock my account")
    back = (await letter(place, "letters/locked"))[1]
    done = await mailbox.press(await mailbox.open(back), "Open my account", password=NEW)
    step = await mailbox.press(await mailbox.open(done.location), "Sign in", login="ann", password=NEW)
    assert step.headings == ["Enter your code"]


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "é" * 200])
async def test_links_that_are_none_lead_nowhere(place: Place, token: str) -> None:
    browser = place.browser()
    form = (await browser.open("/login")).form().values
    for path in ("/account/lock", "/account/unlock"):
        values = {"csrf": form["csrf"], "token": token.encode("utf-8", "replace").decode(), "password": NEW}
        assert (await browser.posted(f"http://localhost:8000{path}", values)).status == 404
        assert (await browser.open(f"{path}?token=A")).status == 404


async def test_links_grow_old(place: Place) -> None:
    link = await strange_sign_in(place)
    place.db.clock.advance(15 * DAY)
    assert (await place.browser().open(link)).status == 404


async def test_the_operators_lock_is_the_operators_to_end(place: Place) -> None:
    """An account that its owner locked can be locked by the operator too, and then the letter leads nowhere."""
    browser = place.browser()
    await browser.press(await browser.open(await strange_sign_in(place)), "Lock my account")
    back = (await letter(place, "letters/locked"))[1]
    await place.db.write(lock_as_operator, Actor(), place.cast.ann.id, reason="spam")
    assert (await browser.open(back)).status == 404
    with pytest.raises(SameState):
        await place.db.write(lock_as_operator, Actor(), place.cast.ann.id, reason="spam")
    await place.db.write(unlock_as_operator, Actor(), place.cast.ann.id)
    assert await state(place) == ACTIVE


async def test_somebody_locks_the_own_account(place: Place) -> None:
    browser = await place.browser_of(ANN, BOB)
    page = await browser.open("/settings/compromised")
    form = next(form for form in page.forms() if "Lock my account" in form.buttons)
    done = await browser.send(form, "Lock my account")
    assert done.headings == ["Your account is locked"]
    assert await state(place) == LOCKED
    assert await current(browser) == "bob", "the other account of this browser stays"


async def test_without_a_confirmed_address_there_would_be_no_way_back(place: Place) -> None:
    await place.db.write(lambda tx: tx.run(_UNCONFIRM, i=place.cast.ann.id))
    browser = await place.browser_of(ANN)
    page = await browser.open("/settings/compromised")
    assert "Lock my account" not in page.text
    values = page.form().values
    refused = await browser.posted("http://localhost:8000/settings/compromised/lock", {"csrf": values["csrf"]})
    assert refused.status == 409
    assert await state(place) == ACTIVE


@pytest.mark.claim("C097")
@pytest.mark.attack("SR-161")
async def test_securing_an_account_ends_other_sessions_and_every_app(place: Place) -> None:
    browser, other = await place.browser_of(ANN), await place.browser_of(ANN)
    page = await browser.open("/settings/compromised")
    form = next(form for form in page.forms() if "Secure my account" in form.buttons)
    wrong = await browser.send(form.filled(current_password="no", password=NEW), "Secure my account")
    assert wrong.status == 400
    done = await browser.send(form.filled(current_password=ANN.password, password=NEW), "Secure my account")
    assert done.location == "/settings/review"
    assert await current(other) is None
    shown = await browser.open("/settings/review")
    assert "You have a new password." in shown.text
    secret = await secret_by_id(place.db, place.cast.ann.id)
    assert secret is not None
    assert secret.password != ANN.password_hash
    assert await connected_apps(place.db, place.cast.ann.id) == []


async def test_the_history_tells_of_sign_ins_and_refusals(place: Place) -> None:
    held = await secured(place.db, place.cast.ann.id)
    await sign_in(place.browser(AWAY), BOB)
    stranger = place.browser(AWAY, agent=IPHONE)
    await stranger.press(await stranger.open("/login"), "Sign in", login="ann", password="wrong wrong")
    step = await sign_in(stranger, ANN)
    await stranger.press(step, "Continue", code=held.phone.wrong(place.db.now))
    await stranger.press(step, "Continue", code=held.phone.code(place.db.now))
    page = await stranger.open("/settings/sign-ins")
    rows = [item.text for item in page.root.one("ul", class_="sign-ins").every("li")]
    told = [
        ("Signed in", "password and a code"),
        ("Refused", "Right password, wrong code"),
        ("Refused", "Wrong password"),
    ]
    assert len(rows) == 3
    for row, words in zip(rows, told, strict=True):
        assert all(word in row for word in (*words, AWAY, "Safari"))


async def test_the_history_is_told_in_pages(place: Place) -> None:
    browser = await place.browser_of(ANN)
    for _ in range(33):
        await place.browser_of(ANN)
    first = await browser.open("/settings/sign-ins")
    assert len(first.root.one("ul", class_="sign-ins").every("li")) == 30
    second = await browser.open(first.link("Older"))
    assert len(second.root.one("ul", class_="sign-ins").every("li")) == 4
    assert (await browser.open("/settings/sign-ins?before=rubbish")).status == 200
