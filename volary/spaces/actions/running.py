"""Announcing, starting, ending and cancelling a Space. Each change of state happens once, however many ask for it."""

from sqlalchemy import bindparam, delete, insert, update

from volary.access.caller import Caller
from volary.db import Tx, statement
from volary.spaces.errors import NotNow, NotYourSpace, SpaceNotFound
from volary.spaces.models import (
    CANCELED,
    ENDED,
    HOST,
    LIVE,
    SCHEDULED,
    Space,
    SpaceRow,
    space_people,
    space_words,
    spaces,
)
from volary.spaces.queries.reading import space_by_id
from volary.spaces.rules import checked_start, checked_title, words_of

_MAKE = statement(insert(spaces).values({name: bindparam(name) for name in SpaceRow.__struct_fields__}))
_HOST = statement(
    insert(space_people).values(
        {name: bindparam(name) for name in ("space_id", "account_id", "joined_at")} | {"role": HOST}
    )
)
_FIND_BY = statement(insert(space_words).values(word=bindparam("word"), space_id=bindparam("space_id")))
_FIND_NO_MORE = statement(delete(space_words).where(space_words.c.space_id == bindparam("space_id")))
_MINE = (spaces.c.id == bindparam("space_id"), spaces.c.creator_id == bindparam("creator"))
_START = statement(
    update(spaces)
    .where(*_MINE, spaces.c.state == SCHEDULED)
    .values(state=LIVE, started_at=bindparam("now"), updated_at=bindparam("now"), participant_count=1)
)
_END = statement(
    update(spaces)
    .where(*_MINE, spaces.c.state == LIVE)
    .values(state=ENDED, ended_at=bindparam("now"), updated_at=bindparam("now"), participant_count=0)
)
_CANCEL = statement(
    update(spaces)
    .where(*_MINE, spaces.c.state == SCHEDULED)
    .values(state=CANCELED, ended_at=bindparam("now"), updated_at=bindparam("now"))
)
_COME = statement(
    update(space_people)
    .where(space_people.c.space_id == bindparam("of"), space_people.c.account_id == bindparam("who"))
    .values(joined_at=bindparam("now"))
)
_ALL_LEAVE = statement(
    update(space_people)
    .where(
        space_people.c.space_id == bindparam("of"),
        space_people.c.joined_at.is_not(None),
        space_people.c.left_at.is_(None),
    )
    .values(left_at=bindparam("now"))
)


async def announce_space(
    tx: Tx, caller: Caller, title: str, scheduled_start: int | None = None, language: str = ""
) -> SpaceRow:
    """Announce a Space for a time to come; without a time it is live at once. Raises TitleNeeded, StartOutOfRange."""
    kept = checked_title(title)
    at = None if scheduled_start is None else checked_start(scheduled_start, tx.now)
    row = SpaceRow(
        id=tx.new_id(),
        creator_id=caller.me,
        title=kept,
        state=LIVE if at is None else SCHEDULED,
        language=language,
        scheduled_start=at,
        started_at=tx.now if at is None else None,
        ended_at=None,
        participant_count=1 if at is None else 0,
        created_at=tx.now,
        updated_at=tx.now,
    )
    await tx.run(_MAKE, **{name: getattr(row, name) for name in SpaceRow.__struct_fields__})
    await tx.run(_HOST, space_id=row.id, account_id=caller.me, joined_at=row.started_at)
    for word in words_of(kept):
        await tx.run(_FIND_BY, word=word, space_id=row.id)
    return row


async def start_space(tx: Tx, caller: Caller, space_id: int) -> None:
    """Begin an announced Space, before or after the time that was named. Raises SpaceNotFound, NotYourSpace, NotNow."""
    if not await tx.run(_START, space_id=space_id, creator=caller.me, now=tx.now):
        raise await why_not(tx, caller, space_id)
    await tx.run(_COME, of=space_id, who=caller.me, now=tx.now)


async def end_space(tx: Tx, caller: Caller, space_id: int) -> None:
    """End a live Space: nobody is in it any more. Raises SpaceNotFound, NotYourSpace, NotNow."""
    if not await tx.run(_END, space_id=space_id, creator=caller.me, now=tx.now):
        raise await why_not(tx, caller, space_id)
    await tx.run(_ALL_LEAVE, of=space_id, now=tx.now)
    await tx.run(_FIND_NO_MORE, space_id=space_id)


async def cancel_space(tx: Tx, caller: Caller, space_id: int) -> None:
    """Call off an announced Space; it is not shown any more. Raises SpaceNotFound, NotYourSpace, NotNow."""
    if not await tx.run(_CANCEL, space_id=space_id, creator=caller.me, now=tx.now):
        raise await why_not(tx, caller, space_id)
    await tx.run(_FIND_NO_MORE, space_id=space_id)


async def why_not(tx: Tx, caller: Caller, space_id: int) -> Exception:
    """The refusal for a change that touched no row."""
    found: Space | None = await space_by_id(tx, caller.me, space_id)
    if found is None:
        return SpaceNotFound()
    return NotNow() if found.creator_id == caller.me else NotYourSpace()
