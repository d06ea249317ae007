"""The pages of Spaces: what each visitor can do there. Bob reads Dutch, Carol German."""

import pytest

from tests.cast import ANN, BOB, DAVE, People
from tests.conftest import HeldDatabase
from tests.oauth.consent.walking import Page
from tests.person.site import Place, site_of
from volary.access.caller import in_person
from volary.accounts.rules.hashing import PasswordHasher
from volary.settings import Settings
from volary.spaces import pages
from volary.spaces.actions.running import announce_space
from volary.spaces.queries.reading import open_spaces
from volary.spaces.rules import wire_id


@pytest.fixture
async def place(db: HeldDatabase, hasher: PasswordHasher, cast: People) -> Place:
    return Place(site_of(db, hasher, Settings(public_url="http://localhost:8000"), pages), db, hasher, cast)


def buttons(page: Page) -> set[str]:
    return {label for form in page.forms() for label in form.buttons}


async def test_ann_starts_one_and_dave_joins_and_leaves(place: Place) -> None:
    ann, dave = await place.browser_of(ANN), await place.browser_of(DAVE)
    made = await ann.press(await ann.open("/spaces"), "Announce or start", title="Bees", scheduled_start="")
    mine = await ann.open(made.location)
    assert "Your Space is live." in mine.text
    assert {"End"} <= buttons(mine)
    theirs = await dave.open("/spaces")
    assert "Bees" in theirs.text
    (row,) = await open_spaces(place.db, 0)
    path = f"/spaces/{wire_id(row.id)}"
    page = await dave.open(path)
    assert "End" not in buttons(page)
    joined = await dave.open((await dave.press(page, "Join")).location)
    assert "You are in it" in joined.text
    assert (await open_spaces(place.db, 0))[0].participant_count == 2
    left = await dave.open((await dave.press(joined, "Leave")).location)
    assert "You are in it" not in left.text
    ended = await ann.open((await ann.press(mine, "End")).location)
    assert "Your Space has ended." in ended.text
    assert await open_spaces(place.db, 0) == []


async def test_a_start_is_read_in_ones_own_time_zone_and_refused_in_the_form(place: Place) -> None:
    bob = await place.browser_of(BOB)
    page = await bob.open("/spaces")
    for typed in ("2020-01-01T10:00", "tomorrow", "2026-09-22", "9999-12-31T23:59", "2026-09-22T10:00+02:00"):
        refused = await bob.press(page, "Aankondigen of starten", title="Bijen", scheduled_start=typed)
        assert refused.status == 400, typed
    made = await bob.press(page, "Aankondigen of starten", title="Bijen", scheduled_start="2026-09-22T10:00")
    announced = await bob.open(made.location)
    assert {"Nu starten", "Deze Space annuleren"} <= buttons(announced)
    (row,) = await open_spaces(place.db, place.cast.bob.id)
    assert row.scheduled_start == 1_790_071_200_000  # 10:00 in UTC, the zone of a new account
    (form,) = [one for one in announced.forms() if "Deze Space annuleren" in one.buttons]
    gone = await bob.open((await bob.send(form, "Deze Space annuleren")).location)
    assert "Je Space is geannuleerd." in gone.text


async def test_what_is_protected_or_no_id_is_not_there(place: Place) -> None:
    ann = await place.browser_of(ANN)
    bob = place.cast.bob
    made = await place.db.write(announce_space, in_person(bob.id, bob.username), "Only for friends")
    for path in (wire_id(made.id), "1", wire_id(12345), "x" * 13):
        assert (await ann.open(f"/spaces/{path}")).status == 404
    assert "Only for friends" not in (await ann.open("/spaces")).text
