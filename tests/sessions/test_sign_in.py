"""Signing in: what is verified, what is answered, what opens."""

import asyncio

import pytest
from sqlalchemy import bindparam, update

from tests.cast import ANN, BOB, CAROL, DAVE, DEV, Part, People
from tests.conftest import HeldDatabase
from tests.sessions.arriving import HOME, WORK, arrived_from, signed_in, tried
from volary.accounts.actions import create_account, set_password
from volary.accounts.models import DEACTIVATED, LOCKED, SUSPENDED, accounts
from volary.accounts.queries import secret_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.activity.models import EventRow, events
from volary.db import Tx, statement
from volary.kit.errors import Busy
from volary.kit.secrets import digest
from volary.sessions.actions.ending import change_password
from volary.sessions.actions.sign_in import check_password, open_session, proof_of_new
from volary.sessions.errors import BrowserFull, TooManyGuesses, WrongPassword
from volary.sessions.queries import live_session, live_sessions, sessions_of
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import MOST_SESSIONS

pytestmark = pytest.mark.anyio

_SET_STATE = statement(update(accounts).where(accounts.c.id == bindparam("i")).values(state=bindparam("new")))
_EVENTS = statement(events.select().order_by(events.c.id), EventRow)


async def set_state(tx: Tx, account_id: int, state: str) -> None:
    await tx.run(_SET_STATE, i=account_id, new=state)


@pytest.mark.parametrize("login", ["ann", "ANN", "@ann", "ann@example.org", " Ann@Example.org "])
async def test_a_username_or_an_address_and_the_password_open_a_session(
    db: HeldDatabase, cast: People, hasher: PasswordHasher, login: str
) -> None:
    arrival = arrived_from(HOME)
    proof = await check_password(db, hasher, login, ANN.password, arrival)
    opened = await db.write(open_session, proof, arrival)
    live = await live_session(db, digest(opened.token))
    assert live is not None
    assert (live.account_id, live.username, live.session_id) == (cast.ann.id, "ann", opened.session_id)
    (listed,) = await sessions_of(db, cast.ann.id)
    assert (listed.address, listed.location, listed.browser) == (HOME, "place/NL/", "Firefox 145")
    assert listed.created_at == listed.last_seen_at == db.now


@pytest.mark.attack("SR-153")
@pytest.mark.parametrize("state", [SUSPENDED, LOCKED, DEACTIVATED])
async def test_nobody_learns_why_a_sign_in_failed(
    db: HeldDatabase, cast: People, hasher: PasswordHasher, state: str
) -> None:
    await db.write(set_state, cast.bob.id, state)
    bot = await db.write(create_account, "bot")
    told, work = set(), set()
    for login, password in [
        ("ann", "wrong wrong"),
        ("no_such_name", "wrong wrong"),
        ("nobody@example.org", "wrong wrong"),
        ("not a name at all", "wrong wrong"),
        # Who deactivated the account and knows its password is asked whether to come back: nobody else learns of it.
        *([] if state == DEACTIVATED else [("bob", BOB.password)]),
        ("bob", "wrong wrong"),
        (bot.username, ""),
    ]:
        before, written = hasher.computed, len(await db.all(_EVENTS))
        refusal = await tried(db, hasher, login, password, HOME)
        assert isinstance(refusal, WrongPassword)
        told.add((refusal.status, refusal.message, str(refusal.parameters)))
        work.add((hasher.computed - before, len(await db.all(_EVENTS)) - written))
    assert len(told) == 1
    assert work == {(1, 1)}


@pytest.mark.attack("SR-321")
async def test_no_session_opens_with_a_password_that_was_changed_meanwhile(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    arrival = arrived_from(WORK)
    proof = await check_password(db, hasher, "ann", ANN.password, arrival)
    await db.write(set_password, cast.ann.id, ANN.password_hash, DAVE.password_hash)
    with pytest.raises(WrongPassword):
        await db.write(open_session, proof, arrival)
    assert await sessions_of(db, cast.ann.id) == []


@pytest.mark.attack("SR-321", "SR-161")
async def test_twenty_sign_ins_race_a_new_password_and_none_with_the_old_one_survives(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    mine = await signed_in(db, hasher, ANN, HOME)
    proof = await check_password(db, hasher, "ann", ANN.password, arrived_from(HOME))

    async def change_soon() -> None:
        await asyncio.sleep(0.005)
        await db.write(change_password, proof, DAVE.password_hash, mine.session_id)

    tries = [tried(db, hasher, "ann", ANN.password, f"198.51.100.{n}") for n in range(20)]
    await asyncio.gather(change_soon(), *tries)
    assert [row.id for row in await sessions_of(db, cast.ann.id)] == [mine.session_id]
    assert isinstance(await tried(db, hasher, "ann", ANN.password, HOME), WrongPassword)
    assert await tried(db, hasher, "ann", DAVE.password, HOME) is None


async def test_no_session_opens_for_an_account_that_was_suspended_meanwhile(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    arrival = arrived_from(WORK)
    proof = await check_password(db, hasher, "ann", ANN.password, arrival)
    await db.write(set_state, cast.ann.id, SUSPENDED)
    with pytest.raises(WrongPassword):
        await db.write(open_session, proof, arrival)


async def test_a_password_under_older_parameters_is_hashed_again(db: HeldDatabase, cast: People) -> None:
    newer = PasswordHasher(memory=16, passes=1)
    try:
        await signed_in(db, newer, ANN)
        secret = await secret_by_id(db, cast.ann.id)
        assert secret is not None
        assert secret.password is not None
        assert "m=16,t=1,p=1" in secret.password
        await signed_in(db, newer, ANN)
        assert newer.computed == 3
    finally:
        newer.close()


async def test_signing_up_needs_no_second_look_at_the_password(db: HeldDatabase, hasher: PasswordHasher) -> None:
    async def sign_up(tx: Tx, arrival: Arrival) -> str:
        account = await create_account(tx, "eve", password_hash=ANN.password_hash)
        return (await open_session(tx, proof_of_new(account, ANN.password_hash), arrival)).token

    token = await db.write(sign_up, arrived_from(HOME))
    assert await live_session(db, digest(token)) is not None
    assert hasher.computed == 0


async def test_several_accounts_are_signed_in_in_one_browser(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    ann = await signed_in(db, hasher, ANN, HOME)
    bob = await signed_in(db, hasher, BOB, HOME, ann.token)
    assert bob.beside == {digest(ann.token)}
    rows = await live_sessions(db, [digest(bob.token), digest("x"), digest(ann.token)])
    assert [row.username for row in rows] == ["bob", "ann"]


async def test_signing_in_again_replaces_the_session_of_the_same_browser(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    first = await signed_in(db, hasher, ANN, HOME)
    elsewhere = await signed_in(db, hasher, ANN, WORK)
    second = await signed_in(db, hasher, ANN, HOME, first.token)
    assert await live_session(db, digest(first.token)) is None
    assert {row.id for row in await sessions_of(db, cast.ann.id)} == {second.session_id, elsewhere.session_id}


async def test_a_browser_holds_five_accounts(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    tokens: list[str] = []
    for part in (ANN, BOB, CAROL, DAVE, DEV):
        tokens.append((await signed_in(db, hasher, part, HOME, *tokens)).token)
    await db.write(create_account, "sixth", password_hash=ANN.password_hash)
    sixth = Part("sixth", "", "", ANN.password, "")
    with pytest.raises(BrowserFull):
        await signed_in(db, hasher, sixth, HOME, *tokens)
    # One of the five may still sign in again.
    assert (await signed_in(db, hasher, BOB, HOME, *tokens)).account_id == cast.bob.id


async def test_sign_ins_stand_in_the_accounts_record_whether_they_worked_or_not(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    await tried(db, hasher, "ann", "wrong wrong", WORK)
    opened = await signed_in(db, hasher, ANN, HOME)
    told = [row for row in await db.all(_EVENTS) if row.kind in {"sign_in.failed", "session.started"}]
    assert [(row.kind, row.account_id, row.address, row.subject_id) for row in told] == [
        ("sign_in.failed", cast.ann.id, WORK, None),
        ("session.started", cast.ann.id, HOME, opened.session_id),
    ]
    assert "Firefox 145" in told[0].detail
    assert ANN.password not in str(told)


async def test_a_user_agent_is_read_only_for_who_gets_that_far(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    """It costs more than everything else that is done before a password is tried."""
    full = PasswordHasher(slots=1, queue=0, memory=64, passes=1)
    full._places = 0
    refused = arrived_from(WORK)
    with pytest.raises(Busy):
        await check_password(db, full, "ann", ANN.password, refused)
    full.close()
    for number in range(10):
        await tried(db, hasher, "ann", f"wrong {number}", WORK)
    throttled, welcome = arrived_from(WORK), arrived_from(HOME)
    with pytest.raises(TooManyGuesses):
        await check_password(db, hasher, "ann", ANN.password, throttled)
    await check_password(db, hasher, "ann", ANN.password, welcome)
    assert [("traits" in arrival.__dict__) for arrival in (refused, throttled, welcome)] == [False, False, True]


# ------------------------------------------------------------------------------------- an address that nobody has confirmed


async def claiming(db: HeldDatabase, hasher: PasswordHasher, username: str, password: str) -> int:
    """Sign up with an address, as anybody can with anybody's."""
    kept = await hasher.hash(password)
    return (await db.write(create_account, username, email="erin@example.org", password_hash=kept)).id


@pytest.mark.attack("SR-151")
async def test_whoever_signs_up_with_somebody_elses_address_does_not_keep_its_owner_out(
    db: HeldDatabase, hasher: PasswordHasher
) -> None:
    squatter = await claiming(db, hasher, "mallory", "mallorys own one")
    erin = await claiming(db, hasher, "erin", "erins very own one")
    for password, account in (("erins very own one", erin), ("mallorys own one", squatter)):
        proof = await check_password(db, hasher, "Erin@Example.org", password, arrived_from(HOME))
        assert proof.account_id == account
    # Nobody's password is worth anything with another one's, and a wrong one is told as ever.
    for password in ("wrong wrong", "", "erins very own one "):
        assert isinstance(await tried(db, hasher, "erin@example.org", password, WORK), WrongPassword)
    computed = hasher.computed
    await tried(db, hasher, "nobody@example.org", "wrong wrong", WORK)
    assert hasher.computed == computed + 1


async def test_many_who_claim_an_address_cost_little_and_its_owner_comes_first_from_home(
    db: HeldDatabase, hasher: PasswordHasher
) -> None:
    for number in range(6):
        await claiming(db, hasher, f"mallory{number}", "mallorys own one")
    erin = await claiming(db, hasher, "erin", "erins very own one")
    await signed_in(db, hasher, Part("erin", "Erin", "", "erins very own one", ""), HOME)
    computed = hasher.computed
    proof = await check_password(db, hasher, "erin@example.org", "erins very own one", arrived_from(HOME))
    assert (proof.account_id, hasher.computed) == (erin, computed + 1)
    computed = hasher.computed
    assert isinstance(await tried(db, hasher, "erin@example.org", "wrong wrong", WORK), WrongPassword)
    assert hasher.computed == computed + 3
    assert await tried(db, hasher, "erin", "erins very own one", WORK) is None  # by username, always


async def test_a_confirmed_address_is_its_owners_alone(db: HeldDatabase, hasher: PasswordHasher) -> None:
    await claiming(db, hasher, "mallory", "mallorys own one")
    kept = await hasher.hash("erins very own one")
    await db.write(create_account, "erin", email="erin@example.org", email_confirmed=True, password_hash=kept)
    assert await tried(db, hasher, "erin@example.org", "erins very own one", WORK) is None
    assert isinstance(await tried(db, hasher, "erin@example.org", "mallorys own one", WORK), WrongPassword)


# ------------------------------------------------------------------------------------------------------------- how many


async def test_the_hundred_and_first_session_ends_the_oldest(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    arrival = arrived_from(HOME)
    others = await signed_in(db, hasher, BOB)
    proof = await check_password(db, hasher, "ann", ANN.password, arrival)
    opened = [await db.write(open_session, proof, arrival) for _ in range(MOST_SESSIONS + 2)]
    live = {row.id for row in await sessions_of(db, cast.ann.id)}
    assert live == {one.session_id for one in opened[2:]}
    assert await live_session(db, digest(others.token)) is not None
