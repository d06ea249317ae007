"""Reading Spaces: by their ids, of creators, and by words. Whether the viewer may see the creator is part of each statement."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, func, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.graph.queries.visibility import visible
from volary.spaces.models import (
    CANCELED,
    HOST,
    INVITED,
    LIVE,
    SCHEDULED,
    SPEAKER,
    PersonRow,
    Space,
    SpaceRow,
    space_people,
    space_words,
    spaces,
)

OPEN_STATES = (LIVE, SCHEDULED)
MOST = 100
"""How many Spaces a list holds at most."""

_SEEN = (
    select(*(spaces.c[name] for name in SpaceRow.__struct_fields__))
    .join(accounts, accounts.c.id == spaces.c.creator_id)
    .where(visible(), spaces.c.state != CANCELED)
)
_BY_IDS = statement(_SEEN.where(in_list(spaces.c.id, "ids")), SpaceRow)
_LISTED = _SEEN.where(in_list(spaces.c.state, "states")).order_by(spaces.c.id.desc()).limit(bindparam("count"))
_OPEN = statement(_LISTED, SpaceRow)
_OF_CREATORS = statement(_LISTED.where(in_list(spaces.c.creator_id, "creators")), SpaceRow)
_WITH_WORDS = (
    select(space_words.c.space_id)
    .where(in_list(space_words.c.word, "words"))
    .group_by(space_words.c.space_id)
    .having(func.count() == bindparam("how_many"))
)
_FOUND = statement(_LISTED.where(spaces.c.id.in_(_WITH_WORDS)), SpaceRow)
_PEOPLE = (
    select(*(space_people.c[name] for name in PersonRow.__struct_fields__))
    .where(in_list(space_people.c.space_id, "ids"))
    .order_by(space_people.c.space_id, space_people.c.joined_at, space_people.c.account_id)
)
_NAMED = statement(_PEOPLE.where(space_people.c.role.in_((HOST, SPEAKER, INVITED))), PersonRow)
_PERSON = statement(_PEOPLE.where(space_people.c.account_id == bindparam("account_id")), PersonRow)


async def spaces_by_ids(reader: Reader, viewer: int, ids: Sequence[int]) -> list[Space]:
    """Those of the Spaces that the viewer may see, in no particular order."""
    return await _named(reader, await reader.all(_BY_IDS, viewer=viewer, ids=list(ids)) if ids else [])


async def space_by_id(reader: Reader, viewer: int, space_id: int) -> Space | None:
    """The Space, if the viewer may see it."""
    return next(iter(await spaces_by_ids(reader, viewer, [space_id])), None)


async def open_spaces(
    reader: Reader, viewer: int, states: Sequence[str] = OPEN_STATES, count: int = MOST
) -> list[Space]:
    """The newest Spaces in these states."""
    return await _named(reader, await reader.all(_OPEN, viewer=viewer, states=list(states), count=count))


async def spaces_of_creators(reader: Reader, viewer: int, creators: Sequence[int]) -> list[Space]:
    """The Spaces of some people that are live or announced, the newest first."""
    rows = await reader.all(_OF_CREATORS, viewer=viewer, creators=list(creators), states=list(OPEN_STATES), count=MOST)
    return await _named(reader, rows)


async def spaces_found(
    reader: Reader, viewer: int, words: Sequence[str], states: Sequence[str], count: int
) -> list[Space]:
    """The Spaces in these states whose titles have all these words, the newest first."""
    if not words:
        return []
    rows = await reader.all(
        _FOUND, viewer=viewer, words=list(words), how_many=len(words), states=list(states), count=count
    )
    return await _named(reader, rows)


async def person_in(reader: Reader, space_id: int, account_id: int) -> PersonRow | None:
    """What an account is or was in a Space."""
    return await reader.one(_PERSON, ids=[space_id], account_id=account_id)


async def _named(reader: Reader, rows: Sequence[SpaceRow]) -> list[Space]:
    """The Spaces with their hosts, speakers and who is invited."""
    people = await reader.all(_NAMED, ids=[row.id for row in rows]) if rows else []

    def those(space: SpaceRow, role: str) -> tuple[int, ...]:
        return tuple(one.account_id for one in people if one.space_id == space.id and one.role == role)

    return [
        Space(
            **msgspec.structs.asdict(row),
            hosts=those(row, HOST),
            speakers=those(row, SPEAKER),
            invited=those(row, INVITED),
        )
        for row in rows
    ]
