"""Signing in without a browser: what the tests of sessions do all the time."""

from tests.cast import Part
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Database
from volary.kit.errors import Refusal
from volary.kit.secrets import digest
from volary.sessions.actions.sign_in import check_password, open_session
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import Opened

HOME, WORK, AWAY = "192.0.2.10", "192.0.2.200", "145.97.20.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def arrived_from(address: str, *held: str) -> Arrival:
    """A browser at an address, which holds these tokens."""
    return Arrival(address, FIREFOX, tuple(map(digest, held)), place=lambda _: "place/NL/")


async def signed_in(db: Database, hasher: PasswordHasher, part: Part, address: str = HOME, *held: str) -> Opened:
    """Sign somebody of the cast in."""
    arrival = arrived_from(address, *held)
    proof = await check_password(db, hasher, part.username, part.password, arrival)
    return await db.write(open_session, proof, arrival)


async def tried(
    db: Database, hasher: PasswordHasher, login: str, password: str, address: str, *held: str
) -> Refusal | None:
    """Try to sign in; what it was refused with, or None when it worked."""
    arrival = arrived_from(address, *held)
    try:
        proof = await check_password(db, hasher, login, password, arrival)
        await db.write(open_session, proof, arrival)
    except Refusal as refusal:
        return refusal
    return None
