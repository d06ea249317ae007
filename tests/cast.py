"""The people that tests talk about, by name. Apps and tokens of theirs come from the fixtures of the rooms that own them.

    ann    a person with posts, who connects apps
    bob    keeps his posts protected
    carol  a third person, to be none of the two
    dave   a stranger: what the others keep from him must stay kept
    dev    builds Apps

Their passwords were hashed beforehand with the smallest parameters, so that neither making them nor signing them in takes time.
"""

from collections.abc import Iterator

import msgspec
import pytest

from volary.accounts.actions import create_account, update_profile
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.profiles import Profile
from volary.db import Database

# ------------------------------------------------------------------------------------------------------------------ people


class Part(msgspec.Struct, frozen=True):
    """What is written about a person before the play begins."""

    username: str
    name: str
    email: str
    password: str
    password_hash: str
    language: str = "en"
    protected: bool = False


_TINY = "$argon2id$v=19$m=8,t=1,p=1$"

ANN = Part(
    "ann",
    "Ann Ameland",
    "ann@example.org",
    "bees in the attic",
    _TINY + "lYLQfJhmgV9hIY/GQyQoYg$8XeeHq+zkHrou8gNV3B3p0BEFSKFPWBCpeKWgJWtCUY",
)
BOB = Part(
    "bob",
    "Bob Bakker",
    "bob@example.org",
    "never at the same time",
    _TINY + "BEJCe6PxDks7TzAcCMANCg$ldGFIKkQNdRI1e9NkiI3txQ31Imyzwg/Ertq9hQwmT8",
    language="nl",
    protected=True,
)
CAROL = Part(
    "Carol_C",
    "Carol",
    "carol@example.org",
    "seven green chairs",
    _TINY + "VROu/u15uogcvmWCphhcHQ$Knd+4oNpf8DBQMWqeauM5bDW5xPeur1RdJalCHp+MP4",
    language="de",
)
DAVE = Part(
    "dave",
    "Dave",
    "dave@example.org",
    "a boat called Tuesday",
    _TINY + "1C+LCEp4f4jklPcYLpzmKg$Y0EAzdLWGrhhuUX6Nd2MpgAfRMBVe175dQkfmC+pHlE",
)
DEV = Part(
    "dev",
    "Dev Devrient",
    "dev@example.org",
    "build it then break it",
    _TINY + "9gYY99kt56zzISVHKJZZew$j43RRzOBDrdXFCWBcDGxv7/06RStuyALOf9e2N9m7gs",
)


class People(msgspec.Struct, frozen=True):
    """Everybody's account."""

    ann: AccountRow
    bob: AccountRow
    carol: AccountRow
    dave: AccountRow
    dev: AccountRow


async def people(db: Database) -> People:
    """Open everybody's account. Their addresses count as confirmed."""
    return People(*[await _enter(db, part) for part in (ANN, BOB, CAROL, DAVE, DEV)])


async def _enter(db: Database, part: Part) -> AccountRow:
    account = await db.write(
        create_account,
        part.username,
        name=part.name,
        email=part.email,
        email_confirmed=True,
        password_hash=part.password_hash,
        language=part.language,
    )
    if part.protected:
        profile = Profile(name=account.name, language=account.language, protected=1)
        await db.write(update_profile, account.id, profile)
    return await account_by_id(db, account.id) or account


@pytest.fixture
async def cast(db: Database) -> People:
    """Everybody, in the database of the test."""
    return await people(db)


# --------------------------------------------------------------------------------------------------------------- passwords


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    """The hashing pool with the parameters of the cast's passwords, so that it never finds them outdated."""
    pool = PasswordHasher(slots=2, queue=8, memory=8, passes=1)
    yield pool
    pool.close()
