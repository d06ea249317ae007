"""What a demo begins with: people, whom they follow, their posts and messages, a developer with Apps, and one password for all of them."""

import msgspec

from volary.access.caller import Caller, in_person
from volary.access.levels import Level
from volary.accounts.actions import create_account
from volary.accounts.models import AccountRow
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Database
from volary.developers.actions import sign_up
from volary.graph.actions.follows import follow
from volary.messages.actions.sending import MessageDraft, send_message
from volary.portal.actions.commands import AppOrder, Created, create_app_for
from volary.posts.actions.writing import Draft, create_post

PASSWORD = "volary demo"
"""Everybody's password in a demo; the pages of a demo say so. A demo listens on this machine only."""

APP = "Tidy Garden"

_PEOPLE = (
    ("ann", "Ann Ameland", "en"),
    ("bob", "Bob Bakker", "nl"),
    ("carol", "Carol Conrad", "de"),
    ("dave", "Dave Dunn", "en"),
    ("dev", "Dev Devrient", "en"),
)
_POSTS = (
    ("ann", "First tomatoes of the year! #garden"),
    ("bob", "Wie heeft er nog zaad van de paarse bonen? @ann misschien?"),
    ("carol", "Der Kompost ist fertig. Wer möchte welchen? #garten"),
    ("dave", "Reading about bees all evening. https://bees.example/hive"),
    ("ann", "@bob yes, come by on Saturday"),
    ("dev", "I built a little app that keeps a garden diary. Try to connect it!"),
)
_FOLLOWS = (("ann", "bob"), ("bob", "ann"), ("carol", "ann"), ("ann", "dave"), ("dev", "ann"))
_MESSAGES = (("ann", "bob", "The beans are in the shed, left side."), ("bob", "ann", "Dank je! Tot zaterdag."))


class Cast(msgspec.Struct, frozen=True):
    """What was made, for whoever starts the demo."""

    app: Created
    usernames: tuple[str, ...]


async def fill(db: Database, sample_app: str) -> Cast:
    """Make everything. `sample_app` is the address of the sample app, whose callbacks its App gets."""
    hasher = PasswordHasher()
    try:
        hashed = await hasher.hash(PASSWORD)
    finally:
        hasher.close()
    people: dict[str, AccountRow] = {}
    for username, name, language in _PEOPLE:
        people[username] = await db.write(
            create_account,
            username,
            name=name,
            email=f"{username}@volary.example",
            email_confirmed=True,
            password_hash=hashed,
            language=language,
        )
    await db.write(sign_up, people["dev"].id, agreed=True, use_case="Apps for gardeners.")
    app = await db.write(create_app_for, "dev", _order(sample_app))
    for username, text in _POSTS:
        await db.write(create_post, _calling(people[username]), Draft(text))
    for follower, followed in _FOLLOWS:
        await db.write(follow, _calling(people[follower]), people[followed].id)
    for sender, receiver, text in _MESSAGES:
        await db.write(send_message, _calling(people[sender]), people[receiver].id, MessageDraft(text))
    return Cast(app, tuple(people))


def _order(sample_app: str) -> AppOrder:
    return AppOrder(
        name=APP,
        description="Keeps a diary of your garden and posts it for you, if you let it.",
        website=f"{sample_app}/",
        callbacks=(f"{sample_app}/callback/1", f"{sample_app}/callback/2"),
        level=Level.READ_WRITE,
        type="web",
        project="Gardens",
    )


def _calling(person: AccountRow) -> Caller:
    """The person themselves, as in their own browser."""
    return in_person(person.id, person.username)
