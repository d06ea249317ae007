"""The second step of a sign-in: nothing opens without it, each code opens once, and wrong ones are counted."""

import asyncio

import pytest

from tests.cast import ANN, BOB, DAVE, People
from tests.conftest import HeldDatabase
from tests.factors.authenticating import Secured, next_code, secured
from tests.sessions.arriving import AWAY, HOME, arrived_from, signed_in
from volary.accounts.actions import set_state
from volary.accounts.models import ACTIVE, LOCKED
from volary.accounts.rules.hashing import PasswordHasher
from volary.factors.errors import WrongCode
from volary.kit.clock import HOUR, MINUTE
from volary.kit.errors import Refusal
from volary.mail.queries import latest_letters
from volary.sessions.actions.ending import reset_password
from volary.sessions.actions.proving import renew_recovery_codes
from volary.sessions.actions.sign_in import check_password, open_session
from volary.sessions.actions.stepping import Answer, begin_step, finish_step
from volary.sessions.errors import SecondStepDue, StepGone, TooManyGuesses
from volary.sessions.queries import sessions_of
from volary.sessions.rules.browsers import Opened

pytestmark = pytest.mark.anyio
BROWSER = "browser:ann's"


class Door:
    """Ann's sign-in, step by step."""

    def __init__(self, db: HeldDatabase, hasher: PasswordHasher, cast: People, held: Secured) -> None:
        self.db, self.hasher, self.cast, self.held = db, hasher, cast, held

    async def first(self, address: str = HOME) -> str:
        proof = await check_password(self.db, self.hasher, "ann", ANN.password, arrived_from(address))
        with pytest.raises(SecondStepDue):
            await self.db.write(open_session, proof, arrived_from(address))
        return await self.db.write(begin_step, proof, BROWSER)

    async def second(self, step: str, code: str, *, browser: str = BROWSER, address: str = HOME) -> Opened | Refusal:
        return await self.db.write(finish_step, Answer(step, code), browser, arrived_from(address), None)

    def now(self) -> str:
        return self.held.phone.code(self.db.now)

    async def sessions(self) -> int:
        return len(await sessions_of(self.db, self.cast.ann.id))


@pytest.fixture
async def door(db: HeldDatabase, hasher: PasswordHasher, cast: People) -> Door:
    return Door(db, hasher, cast, await secured(db, cast.ann.id))


async def test_the_password_alone_opens_nothing(door: Door) -> None:
    await door.first()
    assert await door.sessions() == 0
    assert isinstance(await signed_in(door.db, door.hasher, BOB), Opened), "others go on as before"


async def test_a_code_opens_the_session_and_says_so(door: Door) -> None:
    opened = await door.second(await door.first(), door.now())
    assert isinstance(opened, Opened)
    (session,) = await sessions_of(door.db, door.cast.ann.id)
    assert session.method == "password+code"


async def test_a_code_is_taken_once(door: Door) -> None:
    """RFC 6238 §5.2: whoever looks over a shoulder has nothing."""
    code = door.now()
    assert isinstance(await door.second(await door.first(), code), Opened)
    assert isinstance(await door.second(await door.first(), code), WrongCode)
    older = door.held.phone.code(door.db.now, -1)
    assert isinstance(await door.second(await door.first(), older), WrongCode)
    next_code(door.db)
    assert isinstance(await door.second(await door.first(), door.now()), Opened)


async def test_of_many_presses_at_once_one_gets_in(door: Door) -> None:
    code, step = door.now(), await door.first()
    done = await asyncio.gather(*(door.second(step, code) for _ in range(5)))
    assert sum(isinstance(one, Opened) for one in done) == 1


async def test_each_recovery_code_opens_once(door: Door) -> None:
    for code in door.held.codes[:2]:
        opened = await door.second(await door.first(), code.upper().replace("-", " "))
        assert isinstance(opened, Opened)
        assert isinstance(await door.second(await door.first(), code), WrongCode)
    kept = [session.method for session in await sessions_of(door.db, door.cast.ann.id)]
    assert kept == ["password+recovery code"] * 2


async def test_new_recovery_codes_end_the_old_ones(door: Door) -> None:
    made = await door.db.write(renew_recovery_codes, door.cast.ann.id)
    assert len({*made, *door.held.codes}) == 20
    assert isinstance(await door.second(await door.first(), door.held.codes[0]), WrongCode)
    assert isinstance(await door.second(await door.first(), made[0]), Opened)


async def test_somebody_elses_codes_open_nothing(door: Door) -> None:
    others = await secured(door.db, door.cast.dave.id)
    for code in (others.phone.code(door.db.now), others.codes[0]):
        assert isinstance(await door.second(await door.first(), code), WrongCode)
    assert DAVE.username == "dave"


@pytest.mark.parametrize("cheat", ["browser", "late", "rubbish", "changed", "another password", "locked"])
async def test_the_first_step_holds_for_its_browser_its_password_and_ten_minutes(door: Door, cheat: str) -> None:
    step, browser = await door.first(), BROWSER
    if cheat == "browser":
        browser = "browser:mallory's"
    elif cheat == "late":
        door.db.clock.advance(10 * MINUTE)
    elif cheat == "rubbish":
        step = "zz"
    elif cheat == "changed":
        step = step[:-2] + ("00" if step[-2:] != "00" else "01")
    elif cheat == "another password":
        await door.db.write(reset_password, door.cast.ann.id, ANN.password_hash, BOB.password_hash)
    else:
        await door.db.write(set_state, door.cast.ann.id, ACTIVE, LOCKED)
    with pytest.raises(StepGone):
        await door.second(step, door.now(), browser=browser)
    assert await door.sessions() == 0


@pytest.mark.attack("SR-149")
async def test_wrong_codes_are_counted_for_the_account_from_everywhere(door: Door) -> None:
    step, wrong = await door.first(), door.held.phone.wrong(door.db.now)
    for number in range(10):
        assert isinstance(await door.second(step, wrong, address=f"198.51.100.{number}"), WrongCode)
    with pytest.raises(TooManyGuesses) as waiting:
        await door.second(step, door.now(), address="203.0.113.9")
    assert 0 < waiting.value.retry_after <= 3600
    assert await door.sessions() == 0
    (letter,) = [row for row in await latest_letters(door.db) if "codes_guessed" in row.template]
    assert letter.account_id == door.cast.ann.id
    door.db.clock.advance(HOUR)
    assert isinstance(await door.second(await door.first(), door.now()), Opened)


@pytest.mark.attack("SR-151")
async def test_whoever_knows_the_password_keeps_its_owner_out_of_nothing(door: Door) -> None:
    step, wrong = await door.first(AWAY), door.held.phone.wrong(door.db.now)
    for _ in range(10):
        await door.second(step, wrong, address=AWAY)
    assert isinstance(await door.second(await door.first(), door.held.codes[0]), Opened)


async def test_thirty_wrong_codes_at_once_learn_what_ten_learn(door: Door) -> None:
    step, wrong = await door.first(), door.held.phone.wrong(door.db.now)
    done = await asyncio.gather(*(door.second(step, wrong) for _ in range(30)), return_exceptions=True)
    assert sum(isinstance(one, WrongCode) for one in done) == 10
    assert sum(isinstance(one, TooManyGuesses) for one in done) == 20
