"""A sign-in with a device that an account was not signed in with before is written about, and no other."""

import pytest

from tests.cast import ANN, BOB, People
from tests.conftest import HeldDatabase
from tests.sessions.arriving import FIREFOX, HOME, WORK
from volary.accounts.actions import change_email
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.clock import DAY
from volary.kit.secrets import digest
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer, Written
from volary.sessions.actions.sign_in import check_password, open_session
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import Opened
from volary.settings import Settings

AWAY = "145.97.20.1"
NEWER = FIREFOX.replace("145.0", "146.0")
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"


class Door:
    """Where people of the cast sign in."""

    def __init__(self, db: HeldDatabase, hasher: PasswordHasher) -> None:
        self._db, self._hasher = db, hasher

    async def enter(self, address: str = HOME, agent: str = FIREFOX, *held: str, who: str = "ann") -> Opened:
        part = {"ann": ANN, "bob": BOB}[who]
        arrival = Arrival(address, agent, tuple(map(digest, held)), place=lambda _: "place/NL/")
        proof = await check_password(self._db, self._hasher, part.username, part.password, arrival)
        return await self._db.write(open_session, proof, arrival)

    async def letters(self) -> list[Written]:
        writer = Writer(Settings(public_url="http://localhost:8000"))
        return [read(self._db.keys, writer, row) for row in await latest_letters(self._db)]


@pytest.fixture
def door(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Door:
    return Door(db, hasher)


async def test_the_first_device_of_a_new_account_is_no_news(door: Door) -> None:
    await door.enter()
    assert not await door.letters()


async def test_another_device_is_written_about(door: Door) -> None:
    await door.enter()
    await door.enter(AWAY, PHONE)
    (letter,) = await door.letters()
    assert letter.subject == "New sign-in to your account @ann"
    for words in ("Was this you?", "Device: Android", "Browser: Firefox 145", "Where: Netherlands", f"Address: {AWAY}"):
        assert words in letter.text
    assert "http://localhost:8000/settings/sessions" in letter.text


@pytest.mark.parametrize(("address", "agent"), [(WORK.replace("192.0.2", "198.51.100"), FIREFOX), (HOME, PHONE)])
async def test_a_known_device_elsewhere_and_another_one_at_home_are_news(door: Door, address: str, agent: str) -> None:
    await door.enter()
    await door.enter(address, agent)
    assert len(await door.letters()) == 1


async def test_a_known_device_is_no_news_after_an_update(door: Door) -> None:
    await door.enter()
    await door.enter(HOME, NEWER)
    await door.enter(HOME, NEWER)
    assert not await door.letters()


async def test_a_browser_that_holds_a_token_of_the_account_is_known_wherever_it_is(door: Door) -> None:
    opened = await door.enter()
    await door.enter(AWAY, PHONE, opened.token)
    assert not await door.letters()


async def test_a_device_is_news_once(door: Door) -> None:
    await door.enter()
    await door.enter(AWAY, PHONE)
    await door.enter(AWAY, PHONE)
    assert len(await door.letters()) == 1


async def test_a_sign_in_after_a_long_time_is_news(db: HeldDatabase, door: Door) -> None:
    db.clock.advance(2 * DAY)
    await door.enter()
    assert len(await door.letters()) == 1


async def test_it_is_told_in_the_readers_language(door: Door) -> None:
    await door.enter(who="bob")
    await door.enter(AWAY, PHONE, who="bob")
    (letter,) = await door.letters()
    assert letter.subject == "Nieuwe aanmelding bij je account @bob"
    assert "Waar: Nederland" in letter.text


async def test_nothing_is_told_to_an_address_that_nobody_confirmed(db: HeldDatabase, cast: People, door: Door) -> None:
    """It may be a stranger's, whose business it is not."""
    await door.enter()
    await db.write(change_email, cast.ann.id, "stranger@example.org")
    before = len(await door.letters())
    await door.enter(AWAY, PHONE)
    assert len(await door.letters()) == before
