"""What an app did in a person's name: what it posted, the events that its acts left, and what it read, of the last 90 days."""

import msgspec
from sqlalchemy import Integer, bindparam, case, func, literal_column, select

from volary.activity.models import app_reads, events
from volary.db import Reader, statement
from volary.developers.models import apps
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at
from volary.oauth.models import grants
from volary.person.rules.acts import POSTED, REPOSTED
from volary.posts.models import posts

DAYS = 90
"""How far back the history reaches."""

PAGE = 50


class Act(msgspec.Struct, frozen=True):
    """One thing that an app did. `subject_id` is what it was done to: a post, an account, a List."""

    id: int
    at: int
    kind: str
    subject_id: int | None


class Count(msgspec.Struct, frozen=True):
    """How often an app did things of one kind on a day since 1970 (UTC)."""

    day: int
    kind: str
    count: int


class Known(msgspec.Struct, frozen=True):
    """An app that an account connected at some time, and whether it is connected now."""

    app_id: int
    name: str
    live: int


_EVENTS = (
    events.c.account_id == bindparam("account_id"),
    events.c.app_id == bindparam("app_id"),
    events.c.grant_id.is_not(None),
    events.c.id > bindparam("after"),
)
_POSTS = (
    posts.c.author_id == bindparam("account_id"),
    posts.c.source_app_id == bindparam("app_id"),
    posts.c.replaced_at.is_(None),
    posts.c.id > bindparam("after"),
)
_ACTS = select(events.c.id, events.c.at, events.c.kind, events.c.subject_id)
_EVENT_PAGE = statement(
    _ACTS.where(*_EVENTS, events.c.id < bindparam("before")).order_by(events.c.id.desc()).limit(bindparam("most")), Act
)


class _Post(msgspec.Struct, frozen=True):
    id: int
    at: int
    repost_of_id: int | None


_POST_PAGE = statement(
    select(posts.c.id, posts.c.created_at.label("at"), posts.c.repost_of_id)
    .where(*_POSTS, posts.c.id < bindparam("before"))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most")),
    _Post,
)
_DAY = literal_column(str(DAY), Integer())
_EVENT_DAYS = statement(
    select((events.c.at // _DAY).label("day"), events.c.kind, func.count().label("count"))
    .where(*_EVENTS)
    .group_by(literal_column("day"), events.c.kind),
    Count,
)
_KIND = case((posts.c.repost_of_id.is_(None), literal_column(f"'{POSTED}'")), else_=literal_column(f"'{REPOSTED}'"))
_POST_DAYS = statement(
    select((posts.c.created_at // _DAY).label("day"), _KIND.label("kind"), func.count().label("count"))
    .where(*_POSTS)
    .group_by(literal_column("day"), literal_column("kind")),
    Count,
)
_READS = statement(
    select(app_reads.c.day, app_reads.c.kind, app_reads.c.count).where(
        app_reads.c.account_id == bindparam("account_id"),
        app_reads.c.app_id == bindparam("app_id"),
        app_reads.c.day > bindparam("after_day"),
    ),
    Count,
)
_KNOWN = statement(
    select(grants.c.app_id, apps.c.name, func.max(case((grants.c.ended_at.is_(None), 1), else_=0)).label("live"))
    .join_from(grants, apps, apps.c.id == grants.c.app_id)
    .where(grants.c.account_id == bindparam("account_id"), grants.c.app_id == bindparam("app_id"))
    .group_by(grants.c.app_id, apps.c.name),
    Known,
)


async def known_app(reader: Reader, account_id: int, app_id: int) -> Known | None:
    """An app that the account connected at some time; what it did is told after its access ended, too."""
    return await reader.one(_KNOWN, account_id=account_id, app_id=app_id)


async def acts_of(reader: Reader, account_id: int, app_id: int, before: int | None = None) -> list[Act]:
    """What an app did for an account before this act, the newest first; one more than a page, where there are more."""
    about = {"account_id": account_id, "app_id": app_id, "after": _oldest(reader), "most": PAGE + 1}
    last = before or first_id_at(reader.now + DAY)
    found = await reader.all(_EVENT_PAGE, **about, before=last)
    made = await reader.all(_POST_PAGE, **about, before=last)
    found += [Act(one.id, one.at, REPOSTED if one.repost_of_id else POSTED, one.repost_of_id or one.id) for one in made]
    return sorted(found, key=lambda act: -act.id)[: PAGE + 1]


async def act_by_id(reader: Reader, account_id: int, app_id: int, act_id: int) -> Act | None:
    """One thing that this app did for this account in the last 90 days."""
    found = await acts_of(reader, account_id, app_id, act_id + 1)
    return found[0] if found and found[0].id == act_id else None


async def counts_of(reader: Reader, account_id: int, app_id: int) -> list[Count]:
    """How often an app did what on which day; reads with the rest."""
    about = {"account_id": account_id, "app_id": app_id}
    counts = await reader.all(_EVENT_DAYS, **about, after=_oldest(reader))
    counts += await reader.all(_POST_DAYS, **about, after=_oldest(reader))
    counts += await reader.all(_READS, **about, after_day=reader.now // DAY - DAYS)
    return sorted(counts, key=lambda count: -count.day)


def _oldest(reader: Reader) -> int:
    return first_id_at(reader.now - DAYS * DAY)
