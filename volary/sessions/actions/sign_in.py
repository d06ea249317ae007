"""Signing in: the password is verified first, then one action opens the session, if that is still the password (SR-321).

Checking takes a Database and not a transaction: a hash takes 22 ms, and no transaction waits for one. Pages go like this:

    arrival = arrival_of(visit)
    proof = await check_password(visit.db, visit.resources[PasswordHasher], login, password, arrival)
    opened = await visit.db.write(open_session, proof, arrival)
    enter(visit, opened)
"""

import contextlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, insert, select, update

from volary.accounts.actions import rehash_password
from volary.accounts.models import ACTIVE, DEACTIVATED, AccountRow, SecretRow
from volary.accounts.queries import secret_by_id, secrets_by_login
from volary.accounts.rules.hashing import PasswordHasher
from volary.activity.actions import record
from volary.db import Database, Tx, statement
from volary.factors.queries import second_step_since
from volary.kit.errors import Busy
from volary.kit.secrets import digest, mint
from volary.sessions.actions.guesses import attempt_of, count_failure, forgive, refuse_if_used_up
from volary.sessions.actions.telling import tell_of_sign_in
from volary.sessions.errors import Away, BrowserFull, SecondStepDue, WrongPassword
from volary.sessions.models import sessions
from volary.sessions.queries import live_sessions, was_here
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import MOST_ACCOUNTS, MOST_SESSIONS, Opened
from volary.sessions.rules.guesses import Attempt, network_of

_NEW = ("id", "account_id", "digest", "epoch", "created_at", "last_seen_at", "address", "location", "device", "browser")
_INSERT = statement(insert(sessions).values({name: bindparam(name) for name in (*_NEW, "user_agent", "method")}))
_REPLACE = statement(
    update(sessions)
    .where(sessions.c.id == bindparam("session_id"), sessions.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), ended_why="replaced")
)
_newest = sessions.alias("newest")
_OLDEST_KEPT = (
    select(_newest.c.id)
    .where(_newest.c.account_id == bindparam("account_id"), _newest.c.ended_at.is_(None))
    .order_by(_newest.c.id.desc())
    .limit(1)
    .offset(MOST_SESSIONS - 1)
    .scalar_subquery()
)
_END_OLDEST = statement(
    update(sessions)
    .where(
        sessions.c.account_id == bindparam("account_id"), sessions.c.ended_at.is_(None), sessions.c.id < _OLDEST_KEPT
    )
    .values(ended_at=bindparam("at"), ended_why="too many")
)


MOST_TRIED = 3
"""Accounts that claim one unconfirmed address, of which a password is tried: each costs a hash."""


PASSWORD = "password"
"""The method of a session that was opened by the password alone."""


class Proof(msgspec.Struct, frozen=True):
    """That somebody knew the password of an account: the hash that was verified, and the same password under today's parameters.

    `method` says what else was proved: `password+code`, `password+recovery code`, `password+passkey`; or `passkey`, which is a proof
    without the password: then the hash is the one that the account has.
    """

    account_id: int
    username: str
    password_hash: str | None
    rehashed: str | None = None
    attempt: Attempt | None = None
    arrival: Arrival | None = None
    method: str = PASSWORD


def proof_of_new(account: AccountRow, password_hash: str) -> Proof:
    """The proof of whoever has just signed up with this hash."""
    return Proof(account.id, account.username, password_hash)


async def check_password(db: Database, hasher: PasswordHasher, login: str, password: str, arrival: Arrival) -> Proof:
    """Whether this name and this password belong together. The same work is done whoever is named (SR-153).

    What the proof is worth is decided by `accept`: until then nobody may be told that the password was right (decision 0024).
    Raises Away, which is a WrongPassword, for who deactivated their account;
    WrongPassword, alike for a name that nobody has, a wrong password and an account that may not sign in; TooManyGuesses; Busy
    when too many passwords wait to be hashed. A failure stands in the account's record.
    """
    attempt, sender = attempt_of(db.keys, login, arrival.address), network_of(arrival.address)
    hasher.refuse_if_full(sender)
    claims = await _claims(db, login, arrival)
    await refuse_if_used_up(db, attempt, claims[0], arrival.address, arrival.held)
    right, secret = False, None
    for secret in claims:
        right = await hasher.verify(secret.password if secret else None, password, sender)
        if right:
            break
    if right and secret is not None and secret.state == DEACTIVATED:
        await db.write(_know, attempt, secret, arrival)
        raise Away(secret.id, secret.password or "")
    if not right or secret is None or secret.password is None or secret.state != ACTIVE:
        why = "state" if right else "password"
        await db.write(_fail, attempt, claims[0], arrival, told(arrival) | {"why": why})
        raise WrongPassword(f"{attempt.login}: wrong {why}")
    arrival.look()
    rehashed = None
    if hasher.outdated(secret.password):
        with contextlib.suppress(Busy):
            rehashed = await hasher.hash(password, sender, new=False)
    return Proof(secret.id, secret.username, secret.password, rehashed, attempt, arrival)


async def _claims(db: Database, login: str, arrival: Arrival) -> Sequence[SecretRow | None]:
    """The accounts whose password this may be; a lone None for nobody, for whom as much work is done.

    Several only for an address that several accounts claim and none confirmed: then those that were signed in from here come first.
    """
    found = await secrets_by_login(db, login)
    if len(found) < 2:
        return [*found] or [None]
    known = [secret for secret in found if await was_here(db, secret.id, arrival.address, arrival.held)]
    return [*known, *(secret for secret in found if secret not in known)][:MOST_TRIED]


async def accept(tx: Tx, proof: Proof) -> SecretRow:
    """Inside an action: the account, if the proof still holds. Raises WrongPassword when the password or the account changed meanwhile,
    TooManyGuesses when the tries were used up before this one: the counts are read in the transaction that acts on what they say.
    """
    secret = await secret_by_id(tx, proof.account_id)
    if secret is None or secret.state != ACTIVE or secret.password != proof.password_hash:
        raise WrongPassword(f"account {proof.account_id}: the password changed while it was verified")
    if proof.attempt is not None and proof.arrival is not None:
        await refuse_if_used_up(tx, proof.attempt, secret, proof.arrival.address, proof.arrival.held)
        await forgive(tx, proof.attempt)
    return secret


async def rehash(tx: Tx, proof: Proof) -> None:
    """Keep the password under today's parameters, if it was hashed anew while it was at hand."""
    if proof.rehashed is not None and proof.password_hash is not None:
        await rehash_password(tx, proof.account_id, proof.password_hash, proof.rehashed)


async def open_session(tx: Tx, proof: Proof, arrival: Arrival) -> Opened:
    """Sign an account in. Its other session in the same browser ends, and its oldest one where there would be more than a hundred.

    Raises WrongPassword, TooManyGuesses, BrowserFull; SecondStepDue, after which `stepping.begin_step` says how it goes on.
    """
    secret = await accept(tx, proof)
    if proof.method == PASSWORD and await second_step_since(tx, secret.id) is not None:
        raise SecondStepDue
    await rehash(tx, proof)
    held = await live_sessions(tx, arrival.held)
    others = [row for row in held if row.account_id != secret.id]
    if len(others) >= MOST_ACCOUNTS:
        raise BrowserFull(MOST_ACCOUNTS)
    for row in held:
        if row.account_id == secret.id:
            await tx.run(_REPLACE, session_id=row.session_id, at=tx.now)
    await tell_of_sign_in(tx, secret.id, arrival)
    token, session_id = mint(), tx.new_id()
    await tx.run(
        _INSERT,
        id=session_id,
        account_id=secret.id,
        digest=digest(token),
        epoch=secret.epoch,
        created_at=tx.now,
        last_seen_at=tx.now,
        address=arrival.address,
        location=arrival.traits.location,
        device=arrival.traits.device,
        browser=arrival.traits.browser,
        user_agent=arrival.user_agent,
        method=proof.method,
    )
    await tx.run(_END_OLDEST, account_id=secret.id, at=tx.now)
    await record(
        tx,
        "session.started",
        account_id=secret.id,
        subject_id=session_id,
        address=arrival.address,
        detail=told(arrival, proof.method),
    )
    return Opened(session_id, secret.id, token, frozenset(row.digest for row in others))


async def _know(tx: Tx, attempt: Attempt, secret: SecretRow, arrival: Arrival) -> None:
    """Let a right password of an account that is away be told. Raises TooManyGuesses."""
    await refuse_if_used_up(tx, attempt, secret, arrival.address, arrival.held)
    await forgive(tx, attempt)


async def _fail(
    tx: Tx, attempt: Attempt, secret: SecretRow | None, arrival: Arrival, detail: dict[str, str | int]
) -> None:
    """Count the failure and write it down, in nobody's record when nobody has the name: so that it takes as long."""
    await count_failure(tx, attempt, secret, arrival.address, arrival.held)
    account_id = secret.id if secret else None
    await record(tx, "sign_in.failed", account_id=account_id, address=arrival.address, detail=detail)


def told(arrival: Arrival, method: str = PASSWORD) -> dict[str, str | int]:
    """What an account's record says of a sign-in."""
    return {**msgspec.structs.asdict(arrival.traits), "method": method}
