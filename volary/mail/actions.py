"""Sending letters: written down as part of the act that they are about, and handed to the mail server afterwards."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import bindparam, delete, insert, update

from volary.db import Tx, statement
from volary.jobs.actions import later
from volary.kit.clock import DAY
from volary.mail.models import FAILED, OUTBOX, SENT, WAITING, Addressee, letters
from volary.mail.rules import is_address

PARAMETERS = "letter"
"""The purpose for which parameters are sealed."""
SEND = "mail.send"
Parameters = Mapping[str, str | int]
"""What a letter is told: names, times in milliseconds, tokens."""
KEPT = 30 * DAY
"""How long it stays known that a letter was sent."""

_COLUMNS = ("id", "account_id", "address", "language", "template", "parameters", "created_at")
_WRITE = statement(insert(letters).values({name: bindparam(name) for name in _COLUMNS}))


async def send(tx: Tx, to: Addressee, template: str, parameters: Parameters) -> int:
    """Send a letter once the act that this is part of is committed; its number.

    `template` is named as its file in the room's templates: `developers/letters/suspended`. Parameters are sealed until it is sent.
    """
    if not is_address(to.address):
        raise ValueError("letters go to plain addresses; rules.profiles.checked_email sees to it")
    letter_id = tx.new_id()
    kept = msgspec.json.encode({**parameters, "zone": to.time_zone}).decode()
    await tx.run(
        _WRITE,
        id=letter_id,
        account_id=to.account_id,
        address=to.address,
        language=to.language,
        template=template,
        parameters=tx.keys.seal(PARAMETERS, kept),
        created_at=tx.now,
    )
    await later(tx, SEND, {"letter_id": letter_id})
    return letter_id


_SENT = statement(
    update(letters)
    .where(letters.c.id == bindparam("letter_id"))
    .values(state=SENT, parameters=None, answer=bindparam("said"), sent_at=bindparam("at"))
)
_STAYS = statement(
    update(letters)
    .where(letters.c.id == bindparam("letter_id"), letters.c.state.in_((WAITING, FAILED)))
    .values(state=bindparam("new"), answer=bindparam("said"))
)
_WAITS = statement(
    update(letters)
    .where(letters.c.id == bindparam("letter_id"), letters.c.state.in_((OUTBOX, FAILED)))
    .values(state=WAITING)
)


async def was_sent(tx: Tx, letter_id: int, answer: str) -> None:
    """The mail server took a letter. Its parameters are forgotten."""
    await tx.run(_SENT, letter_id=letter_id, said=answer, at=tx.now)


async def keep_in_outbox(tx: Tx, letter_id: int) -> None:
    """There is no mail server: a letter stays here."""
    await tx.run(_STAYS, letter_id=letter_id, new=OUTBOX, said="")


async def has_failed(tx: Tx, letter_id: int, why: str) -> None:
    """A letter could not be sent and is not tried any more."""
    await tx.run(_STAYS, letter_id=letter_id, new=FAILED, said=why)


async def send_again(tx: Tx, letter_id: int) -> bool:
    """Send a letter that stayed in the outbox or was given up. False when there is none of that number."""
    if not await tx.run(_WAITS, letter_id=letter_id):
        return False
    await later(tx, SEND, {"letter_id": letter_id})
    return True


_SAYS_NOTHING = statement(
    update(letters)
    .where(letters.c.id == bindparam("letter_id"))
    .values(state=FAILED, parameters=None, answer="what it should say was sealed with a key that is lost")
)


async def says_nothing(tx: Tx, letter_id: int) -> None:
    """The key with which a letter was sealed is lost: it is never sent."""
    await tx.run(_SAYS_NOTHING, letter_id=letter_id)


_FORGET = statement(delete(letters).where(letters.c.created_at < bindparam("before")))


async def forget_letters(tx: Tx) -> int:
    """Forget letters that are old, sent or not; how many."""
    return await tx.run(_FORGET, before=tx.now - KEPT)
