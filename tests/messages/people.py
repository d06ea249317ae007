"""What tests of messages do again and again."""

from tests.conftest import HeldDatabase
from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.db import Database
from volary.db.paging import Bounds
from volary.messages.actions.groups import create_group
from volary.messages.actions.sending import MessageDraft, send_message, send_to_group
from volary.messages.models import MESSAGE, MessageRow
from volary.messages.queries.reading import messages_of

EVER = Bounds()


def calling(person: AccountRow) -> Caller:
    return in_person(person.id, person.username)


async def send(db: Database, sender: AccountRow, to: AccountRow, text: str) -> MessageRow:
    return await db.write(send_message, calling(sender), to.id, MessageDraft(text))


async def say(db: Database, sender: AccountRow, group: int, text: str) -> MessageRow:
    """Say something in a group."""
    return await db.write(send_to_group, calling(sender), group, MessageDraft(text))


async def group_of(db: Database, maker: AccountRow, *others: AccountRow, text: str = "Welcome") -> MessageRow:
    """A new group; its first message."""
    return await db.write(create_group, calling(maker), [one.id for one in others], MessageDraft(text))


async def inbox(db: Database, person: AccountRow) -> list[str]:
    """The texts that somebody holds, newest first."""
    return [row.text for row in await messages_of(db, person.id, EVER, 100, [MESSAGE])]


async def holds(db: HeldDatabase, person: AccountRow) -> list[tuple[str, str]]:
    """The kinds and texts of all that somebody holds, newest first; of joining and leaving, who did."""
    return [(row.kind, row.text or row.participant_ids) for row in await messages_of(db, person.id, EVER, 100)]
