"""Developer accounts: approved by themselves, or by an operator who reads what for (C161)."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import new_app
from volary.developers import actions, queries
from volary.developers.errors import DeveloperRefused, DeveloperWaits, NotADeveloper
from volary.developers.models import APPROVED, PENDING, REFUSED
from volary.developers.rules.settings import Details
from volary.developers.rules.texts import USE_CASE_TOLD
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.portal.actions import register_app
from volary.portal.actions.governing import decide_developer, list_developers, set_tier_of
from volary.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.claim("C161")]

TOLD = "A bot that posts the water level of our river each morning, and answers whoever asks it for the level of last year."


async def asks(db: HeldDatabase, account_id: int, use_case: str = TOLD) -> None:
    await db.write(actions.sign_up, account_id, agreed=True, use_case=use_case, by_operator=True)


async def creates(db: HeldDatabase, account_id: int) -> None:
    await db.write(register_app, account_id, Details(name="River"), most=5)


async def test_an_operator_approves(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(NotADeveloper):
        await creates(db, cast.ann.id)
    await asks(db, cast.ann.id)
    [waiting] = await list_developers(db, PENDING)
    assert (waiting.username, waiting.state, waiting.use_case, waiting.decided_at) == ("ann", PENDING, TOLD, None)
    with pytest.raises(DeveloperWaits):
        await creates(db, cast.ann.id)
    await db.write(decide_developer, "@ann")
    await creates(db, cast.ann.id)
    [approved] = await list_developers(db)
    assert (approved.state, approved.decided_at, approved.tier) == (APPROVED, db.now, "essential")
    with pytest.raises(Conflict):
        await db.write(decide_developer, "ann")
    await asks(db, cast.ann.id)
    assert (await list_developers(db))[0].state == APPROVED, "accepting again takes nothing away"


@pytest.mark.claim("C160")
async def test_who_is_refused_reads_why_keeps_what_there_is_and_may_ask_again(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.ann.id, "Old one")).app
    await asks(db, cast.ann.id)
    with pytest.raises(Invalid):
        await db.write(decide_developer, "ann", refused_for="  ")
    await db.write(decide_developer, "ann", refused_for="Too vague.")
    with pytest.raises(DeveloperRefused, match=r"Too vague\."):
        await creates(db, cast.ann.id)
    await db.write(actions.edit_details, cast.ann.id, app.id, Details(name="Old one still"))
    await asks(db, cast.ann.id, TOLD + " Nothing else.")
    developer = await queries.developer_account(db, cast.ann.id)
    assert developer is not None
    assert (developer.state, developer.reason) == (PENDING, "")
    await db.write(decide_developer, "ann", refused_for="Still.")
    assert [one.state for one in await list_developers(db, REFUSED)] == [REFUSED]


async def test_who_was_refused_does_not_approve_themselves_where_others_need_nobody(
    db: HeldDatabase, cast: People
) -> None:
    await db.write(actions.sign_up, cast.ann.id, agreed=True, use_case="")
    await db.write(decide_developer, "ann", refused_for="Spam.")
    with pytest.raises(Invalid):
        await db.write(actions.sign_up, cast.ann.id, agreed=True, use_case="")
    await db.write(actions.sign_up, cast.ann.id, agreed=True, use_case=TOLD)
    with pytest.raises(DeveloperWaits):
        await creates(db, cast.ann.id)
    await db.write(actions.sign_up, cast.ann.id, agreed=True, use_case=TOLD)
    with pytest.raises(DeveloperWaits):
        await creates(db, cast.ann.id)
    await db.write(decide_developer, "ann")
    await creates(db, cast.ann.id)


async def test_an_operator_needs_something_to_read(db: HeldDatabase, cast: People) -> None:
    for text in ("", "Bots.", "x" * (USE_CASE_TOLD - 1)):
        with pytest.raises(Invalid) as refused:
            await asks(db, cast.ann.id, text)
        assert refused.value.field == "use_case"
    await asks(db, cast.ann.id, "x" * USE_CASE_TOLD)


async def test_nobody_decides_about_nobody(db: HeldDatabase, cast: People) -> None:
    for username in ("nobody_here", "ann"):
        with pytest.raises(NotFound):
            await db.write(decide_developer, username)
        with pytest.raises(NotFound):
            await db.write(set_tier_of, username, "elevated")


async def test_those_who_wait_come_first(db: HeldDatabase, cast: People) -> None:
    await db.write(actions.sign_up, cast.bob.id, agreed=True, use_case="")
    db.clock.advance(1)
    await asks(db, cast.ann.id)
    assert [one.username for one in await list_developers(db)] == ["ann", "bob"]
    await db.write(set_tier_of, "bob", "elevated", "Welcome.")
    assert [one.tier for one in await list_developers(db)] == ["essential", "elevated"]


async def test_a_letter_tells_what_was_decided(db: HeldDatabase, cast: People) -> None:
    writer = Writer(Settings(public_url="http://localhost:8000"))
    await asks(db, cast.bob.id)
    await db.write(decide_developer, "bob", refused_for="Which river?")
    [letter] = await latest_letters(db)
    said = read(db.keys, writer, letter)
    assert (letter.address, letter.language) == ("bob@example.org", "nl")
    assert said.subject == "Je ontwikkelaarsaccount is geweigerd."
    assert "Which river?" in said.text
    assert "http://localhost:8000/portal/signup" in said.text
    await db.write(decide_developer, "bob")
    said = read(db.keys, writer, (await latest_letters(db))[0])
    assert said.subject == "Je ontwikkelaarsaccount is goedgekeurd."
