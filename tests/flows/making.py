"""People and Apps made beside a running server, as the command line makes them: each test has its own."""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import msgspec

from tests.cast import ANN
from tests.flows.app import App
from tests.serving import Server
from volary.access.levels import Level
from volary.accounts.actions import create_account
from volary.db import Database
from volary.developers.actions import create_app, create_project
from volary.developers.actions.values import NewApp
from volary.developers.rules.settings import Authentication, Details

P = ParamSpec("P")
T = TypeVar("T")

_numbers = itertools.count(1)


class Person(NamedTuple):
    """Somebody with an account."""

    id: int
    username: str
    name: str
    password: str
    language: str


async def new_person(db: Database, name: str = "Ann Ameland", language: str = "en") -> Person:
    """Open an account. The password is the cast's Ann's: it was hashed beforehand."""
    username = f"{name.split(maxsplit=1)[0].lower()[:10]}_{next(_numbers)}"
    account = await db.write(
        create_account,
        username,
        name=name,
        email=f"{username}@example.org",
        email_confirmed=True,
        password_hash=ANN.password_hash,
        language=language,
    )
    return Person(account.id, username, name, ANN.password, language)


async def new_app(
    db: Database, /, owner: int, base: str, callback: str, name: str = "", **changes: Any
) -> tuple[NewApp, App]:
    """Register an App that may ask for everything by both protocols; `changes` are other settings by their names."""
    details = Details(
        name=name or f"Nightjar {next(_numbers)}",
        description="Writes down which birds you saw, and posts the list for you on Sunday evenings.",
        website="https://www.nightjar.example/",
        callbacks=(callback,),
        organization="Field Notes",
        organization_url="https://fieldnotes.example/",
        terms_url="https://nightjar.example/terms",
        privacy_url="https://nightjar.example/privacy",
    )
    authentication = Authentication(level=Level.READ_WRITE, oauth2=True, type="web")
    own = {field.name for field in msgspec.structs.fields(Details)}
    details = msgspec.structs.replace(details, **{key: value for key, value in changes.items() if key in own})
    rest = {key: value for key, value in changes.items() if key not in own}
    project = await db.write(create_project, owner, name=details.name)
    made = await db.write(
        create_app, owner, details, msgspec.structs.replace(authentication, **rest), project_id=project.id
    )
    keys = {
        "api_key": made.api_key,
        "api_key_secret": made.api_key_secret,
        "client_id": made.app.client_id,
        "client_secret": made.client_secret,
    }
    return made, App(base, callback, details.name, keys)


def beside(
    server: Server, what: Callable[Concatenate[Database, P], Awaitable[T]], /, *args: P.args, **options: P.kwargs
) -> T:
    """Make something in a running server's database, as the command line does; for callers without a loop of their own."""

    async def make(db: Database) -> T:
        return await what(db, *args, **options)

    made: T = server.in_database(make)
    return made
