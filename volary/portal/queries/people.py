"""What the portal counts about people, without ever naming one of them."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, func, select

from volary.access.levels import Level
from volary.db import Reader, in_list, statement
from volary.developers.models import AppRow, apps
from volary.oauth.models import families, grants, oauth1_tokens


class Connections(msgspec.Struct, frozen=True):
    """How many people an App is connected to."""

    app_id: int
    people: int


class Outdated(msgspec.Struct, frozen=True):
    """How many people gave an App another permission level than the one that it has now."""

    lower: int
    """They must authorize the App again before it gets the present level (C200)."""
    higher: int
    """Their tokens carry more than the App may use now; it gets no more than its present level."""

    @property
    def people(self) -> int:
        """All of them."""
        return self.lower + self.higher


class _LevelRow(msgspec.Struct, frozen=True):
    level: str
    people: int


_PEOPLE = statement(
    select(grants.c.app_id, func.count().label("people"))
    .where(in_list(grants.c.app_id, "app_ids"), grants.c.ended_at.is_(None))
    .group_by(grants.c.app_id),
    Connections,
)
_TOKENS = (
    grants.join(apps, apps.c.id == grants.c.app_id)
    .join(families, families.c.grant_id == grants.c.id)
    .join(oauth1_tokens, oauth1_tokens.c.family_id == families.c.id)
)
_OTHER_LEVEL = (
    grants.c.app_id == bindparam("app_id"),
    grants.c.ended_at.is_(None),
    families.c.ended_at.is_(None),
    oauth1_tokens.c.app_epoch == apps.c.epoch,
    oauth1_tokens.c.own == 0,
    oauth1_tokens.c.level != apps.c.oauth1_level,
)
_BY_LEVEL = statement(
    select(oauth1_tokens.c.level, func.count(grants.c.account_id.distinct()).label("people"))
    .select_from(_TOKENS)
    .where(*_OTHER_LEVEL)
    .group_by(oauth1_tokens.c.level),
    _LevelRow,
)
_FAMILIES = statement(
    select(families.c.id).select_from(_TOKENS).where(*_OTHER_LEVEL).order_by(families.c.id).limit(bindparam("most")),
    int,
)


async def people_of_apps(reader: Reader, app_ids: Sequence[int]) -> dict[int, int]:
    """How many people each App is connected to; Apps without any are left out."""
    rows = await reader.all(_PEOPLE, app_ids=list(app_ids)) if app_ids else []
    return {row.app_id: row.people for row in rows}


async def outdated_people(reader: Reader, app: AppRow) -> Outdated:
    """How many people's OAuth 1.0a tokens carry another level than the App's present one; the owner's own token is not counted."""
    now = Level.from_wire(app.oauth1_level)
    rows = await reader.all(_BY_LEVEL, app_id=app.id)
    lower = sum(row.people for row in rows if Level.from_wire(row.level) < now)
    return Outdated(lower, sum(row.people for row in rows) - lower)


async def outdated_families(reader: Reader, app_id: int, most: int) -> list[int]:
    """The families of such tokens, at most so many."""
    return await reader.all(_FAMILIES, app_id=app_id, most=most)
