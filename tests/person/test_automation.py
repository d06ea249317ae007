"""*Automation* and *Managing account*: who runs an automated account, and that it says so."""

import asyncio

import pytest

from tests.cast import ANN, DAVE, DEV
from tests.factors.authenticating import secured
from tests.oauth.consent.walking import Browser, Page
from tests.person.site import AWAY, Place
from tests.person.test_confirming import letters
from volary.accounts.actions import end_label, end_labels_of, label_automated, set_state
from volary.accounts.errors import Refused
from volary.accounts.models import ACTIVE, LOCKED, SUSPENDED, AccountRow
from volary.accounts.queries import account_by_id, automated_by
from volary.person.actions import have_managed
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import WrongPassword
from volary.sessions.rules.arrivals import Arrival

MANAGING = "/settings/account/automation/managing"
NO_MATCH = "The username or email and the password do not match."


async def now(place: Place, account: AccountRow) -> AccountRow:
    found = await account_by_id(place.db, account.id)
    assert found is not None
    return found


async def applied(browser: Browser, manager: str, password: str, code: str = "") -> Page:
    """Choose a managing account in somebody's settings."""
    page = await browser.open(MANAGING)
    form = next(form for form in page.forms() if "manager" in form.values)
    return await browser.send(form.filled(manager=manager, password=password, code=code), "Apply label")


@pytest.mark.claim("C164", "C165", "C166", "C167", "C168")
async def test_the_way_to_the_label_and_its_confirmation(place: Place) -> None:
    browser = await place.browser_of(ANN)
    account = await browser.open((await browser.open("/settings")).link("Your account"))
    automation = await browser.open(account.link("Automation"))
    assert "so that people know what they deal with. Nobody has to have it." in automation.text
    page = await browser.open(automation.link("Managing account"))
    assert page.headings == ["Managing account", "Label this account as automated"]
    done = await browser.press(page, "Apply label", manager="@DEV", password=DEV.password)
    page = await browser.open(done.location)
    assert "The label was applied: your account now shows that it is automated, and that @dev runs it." in page.text
    again = await browser.open(MANAGING)
    assert "The label was applied" not in again.text
    assert "Automated by @dev" in again.text
    assert (await now(place, place.cast.ann)).automated_by == place.cast.dev.id
    assert "Automated by @dev" in (await browser.open("/settings/account/automation")).text


@pytest.mark.claim("C166")
@pytest.mark.parametrize(
    "manager, password, status, words",
    [
        ("", "", 400, "Enter the account that runs this one."),
        ("nobody_here", DEV.password, 400, NO_MATCH),
        ("dev", "wrong wrong", 400, NO_MATCH),
        ("dev", "", 400, NO_MATCH),
        ("ann", ANN.password, 400, "An account cannot run itself."),
    ],
)
async def test_who_cannot_be_chosen(place: Place, manager: str, password: str, status: int, words: str) -> None:
    page = await applied(await place.browser_of(ANN), manager, password)
    assert page.status == status
    assert words in page.text
    assert DEV.password not in page.text
    assert (await now(place, place.cast.ann)).automated_by is None


@pytest.mark.attack("SR-149", "SR-153")
async def test_guessing_a_managers_password_is_counted_as_at_the_sign_in(place: Place) -> None:
    browser = await place.browser_of(ANN)
    texts = {(await applied(browser, "dev", f"guess number {number}")).text for number in range(10)}
    assert all(NO_MATCH in text for text in texts)
    page = await applied(browser, "dev", DEV.password)
    assert page.status == 429
    assert "Too many attempts to sign in." in page.text
    assert (await now(place, place.cast.ann)).automated_by is None
    # The same network's tries at that name are used up at the sign-in as well: there is one count.
    refused = await browser.press(await browser.open("/login?add=1"), "Sign in", login="dev", password=DEV.password)
    assert refused.status == 429
    # And where the manager really is, nothing is in the way.
    assert (await applied(await place.browser_of(ANN, address=AWAY), "dev", DEV.password)).status == 303


@pytest.mark.attack("SR-221")
@pytest.mark.parametrize("state", [SUSPENDED, LOCKED])
async def test_an_account_that_may_not_sign_in_runs_nobody(place: Place, state: str) -> None:
    await place.db.write(set_state, place.cast.dev.id, ACTIVE, state)
    page = await applied(await place.browser_of(ANN), "dev", DEV.password)
    assert (page.status, NO_MATCH in page.text) == (400, True)
    assert (await now(place, place.cast.ann)).automated_by is None


@pytest.mark.attack("SR-321")
async def test_a_manager_who_is_locked_while_the_password_is_verified_runs_nobody(place: Place) -> None:
    proof = await check_password(place.db, place.hasher, "dev", DEV.password, Arrival("192.0.2.1"))
    await place.db.write(set_state, place.cast.dev.id, ACTIVE, LOCKED)
    with pytest.raises(WrongPassword):
        await place.db.write(have_managed, place.cast.ann.id, proof, "", Arrival("192.0.2.1"))
    assert (await now(place, place.cast.ann)).automated_by is None


@pytest.mark.claim("C167")
async def test_a_manager_with_a_second_step_proves_that_too(place: Place) -> None:
    dev = await secured(place.db, place.cast.dev.id)
    browser = await place.browser_of(ANN)
    page = await applied(browser, "dev", DEV.password)
    assert (page.status, "takes a code as well. Enter one." in page.text) == (400, True)
    for number in range(2):
        page = await applied(browser, "dev", DEV.password, dev.phone.wrong(place.db.now + number))
        assert (page.status, "This code is not right" in page.text) == (400, True)
    page = await applied(browser, "dev", "wrong wrong", dev.phone.code(place.db.now))
    assert (page.status, NO_MATCH in page.text) == (400, True)
    assert (await now(place, place.cast.ann)).automated_by is None
    assert (await applied(browser, "dev", DEV.password, dev.phone.code(place.db.now))).status == 303
    assert (await now(place, place.cast.ann)).automated_by == place.cast.dev.id
    # A code is taken once, here as everywhere.
    other = await applied(await place.browser_of(DAVE), "dev", DEV.password, dev.phone.code(place.db.now))
    assert other.status == 400
    assert (await applied(await place.browser_of(DAVE), "dev", DEV.password, dev.codes[0])).status == 303


async def test_no_chains_of_automated_accounts(place: Place) -> None:
    cast, db = place.cast, place.db
    assert await db.write(label_automated, cast.ann.id, cast.dev.id)
    refused = await applied(await place.browser_of(DAVE), "ann", ANN.password)
    assert (refused.status, "This account is labelled as automated itself." in refused.text) == (400, True)
    with pytest.raises(Refused, match="labelled as automated itself"):
        await db.write(label_automated, cast.bob.id, cast.ann.id)
    with pytest.raises(Refused, match="runs other automated accounts"):
        await db.write(label_automated, cast.dev.id, cast.bob.id)
    assert (await now(place, cast.dev)).automated_by is None


async def test_two_accounts_that_choose_each_other_at_once_make_no_circle(place: Place) -> None:
    cast, db = place.cast, place.db
    pairs = ((cast.ann.id, cast.dev.id), (cast.dev.id, cast.ann.id))
    results = await asyncio.gather(*(db.write(label_automated, *pair) for pair in pairs), return_exceptions=True)
    assert sorted(isinstance(result, Refused) for result in results) == [False, True]


async def test_either_side_removes_the_label_and_a_third_cannot(place: Place) -> None:
    cast, db = place.cast, place.db
    bot, manager = await place.browser_of(ANN), await place.browser_of(DEV)
    await db.write(label_automated, cast.ann.id, cast.dev.id)
    page = await manager.open("/settings/account/automation")
    assert "@ann" in page.text
    stranger = await place.browser_of(DAVE)
    theirs = await stranger.open(MANAGING)
    csrf = next(form.values["csrf"] for form in theirs.forms() if "csrf" in form.values)
    await stranger.posted("/settings/account/automation/remove", {"csrf": csrf, "account": str(cast.ann.id)})
    await stranger.posted(MANAGING + "/remove", {"csrf": csrf, "account": str(cast.ann.id)})
    assert (await now(place, cast.ann)).automated_by == cast.dev.id
    done = await manager.press(page, "Remove label")
    assert "The label of @ann was removed." in (await manager.open(done.location)).text
    assert (await now(place, cast.ann)).automated_by is None
    await db.write(label_automated, cast.ann.id, cast.dev.id)
    done = await bot.send((await bot.open(MANAGING)).forms()[0], "Remove label")
    assert "Your account no longer says that it is automated." in (await bot.open(done.location)).text
    assert await automated_by(db, cast.dev.id) == []
    assert not await db.write(end_label, cast.ann.id, cast.dev.id)


async def test_both_are_told_in_their_records_and_by_letter(place: Place) -> None:
    cast, db = place.cast, place.db
    await db.write(label_automated, cast.ann.id, cast.dev.id)
    await db.write(end_label, cast.ann.id, cast.dev.id)
    told = [(address, letter.subject) for address, letter in await letters(place)]
    subjects = ("@ann is no longer labelled as an automated account", "@ann is labelled as an automated account")
    assert sorted(told) == sorted((part.email, subject) for part in (ANN, DEV) for subject in subjects)


async def test_another_manager_takes_the_place_of_the_first(place: Place) -> None:
    cast, db = place.cast, place.db
    assert await db.write(label_automated, cast.ann.id, cast.dev.id)
    assert not await db.write(label_automated, cast.ann.id, cast.dev.id)
    assert await db.write(label_automated, cast.ann.id, cast.carol.id)
    assert (await now(place, cast.ann)).automated_by == cast.carol.id
    assert await automated_by(db, cast.dev.id) == []
    assert await db.write(end_labels_of, cast.carol.id) == 1
    assert (await now(place, cast.ann)).automated_by is None


async def test_a_manager_who_may_not_act_is_not_named(place: Place) -> None:
    await place.db.write(label_automated, place.cast.ann.id, place.cast.dev.id)
    await place.db.write(set_state, place.cast.dev.id, ACTIVE, SUSPENDED)
    page = await (await place.browser_of(ANN)).open(MANAGING)
    assert "Automated" in page.text
    assert "@dev" not in page.text
