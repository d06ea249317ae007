"""Grants: made and widened by consent, ended with everything below them, and what people see of them."""

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import ADDRESS, Stage
from volary.access.levels import Level
from volary.activity.models import EventRow, events
from volary.db import Tx, statement
from volary.developers.actions import delete_app, edit_authentication, suspend_app
from volary.developers.rules.settings import Authentication
from volary.oauth.connected import connected_app, connected_apps
from volary.oauth.grants import MOST_FAMILIES, live_grant, record, start_family
from volary.oauth.models import OAUTH1, OAUTH2, families
from volary.oauth.oauth1.tokens import make_own_token, own_token
from volary.oauth.revoking import end_all_for_app, end_family, revoke, revoke_all

_EVENTS = statement(
    select(*(events.c[name] for name in EventRow.__struct_fields__)).where(events.c.kind.like("grant.%")).order_by(events.c.id),
    EventRow,
)  # fmt: skip

_LIVE_FAMILIES = statement(select(families.c.id).where(families.c.ended_at.is_(None)).order_by(families.c.id), int)


async def told(db: HeldDatabase) -> list[tuple[str, Any]]:
    return [(row.kind, msgspec.json.decode(row.detail)) for row in await db.all(_EVENTS)]


@pytest.mark.claim("C015")
async def test_one_row_for_each_app_whatever_the_protocol(stage: Stage) -> None:
    db, ann, app = stage.db, stage.cast.ann.id, stage.c1.app.id
    first = await db.write(record, ann, app, level=Level.READ, address=ADDRESS)
    second = await db.write(record, ann, app, scopes={"tweet.read", "users.read"}, address=ADDRESS)
    assert first == second
    grant = await live_grant(db, ann, app)
    assert grant is not None
    assert (grant.level, grant.email, grant.scopes) == ("read", 0, "tweet.read users.read")
    assert await live_grant(db, stage.cast.bob.id, app) is None
    assert [kind for kind, _ in await told(db)] == ["grant.created", "grant.changed"]


async def test_a_consent_only_ever_widens(stage: Stage) -> None:
    db, ann, app = stage.db, stage.cast.ann.id, stage.c1.app.id
    for level, email, expected in [
        (Level.READ_WRITE, True, ("read-write", 1)),
        (Level.READ, False, ("read-write", 1)),
        (Level.DIRECT_MESSAGES, False, ("read-write-directmessages", 1)),
        (None, False, ("read-write-directmessages", 1)),
    ]:
        await db.write(record, ann, app, level=level, email=email)
        grant = await live_grant(db, ann, app)
        assert grant is not None
        assert (grant.level, grant.email) == expected
    assert [kind for kind, _ in await told(db)] == ["grant.created", "grant.changed"]  # nothing new, no event


@pytest.mark.attack("SR-225")
async def test_the_last_consent_decides_about_staying_connected(stage: Stage) -> None:
    db, ann, app = stage.db, stage.cast.ann.id, stage.c1.app.id
    for scopes, expected in [
        ("tweet.read offline.access", "tweet.read offline.access"),
        ("users.read", "tweet.read users.read"),
        ("", "tweet.read users.read"),
        ("offline.access", "tweet.read users.read offline.access"),
    ]:
        await db.write(record, ann, app, scopes=scopes.split())
        grant = await live_grant(db, ann, app)
        assert grant is not None
        assert grant.scopes == expected


@pytest.mark.attack("SR-314")
async def test_many_consents_at_once_make_one_grant(stage: Stage) -> None:
    ids = await asyncio.gather(
        *(stage.db.write(record, stage.cast.ann.id, stage.c1.app.id, scopes=["tweet.read"]) for _ in range(4))
    )
    assert len(set(ids)) == 1
    assert (await stage.rows())["grants"] == 1


@pytest.mark.attack("SR-223")
@pytest.mark.claim("C017", "C019")
@pytest.mark.parametrize("named_by", ["grant", "app"])
async def test_revoking_ends_everything_below_and_can_be_undone_only_by_consent(stage: Stage, named_by: str) -> None:
    db, ann, app = stage.db, stage.cast.ann.id, stage.c1.app.id
    held, code = await stage.connect(stage.c1), await stage.code(stage.c1)
    grant = await live_grant(db, ann, app)
    assert grant is not None
    grant_id, app_id = (grant.id, None) if named_by == "grant" else (None, app)
    assert not await db.write(revoke, stage.cast.bob.id, grant_id=grant_id, app_id=app_id)
    assert await stage.lives(held.access)
    assert await db.write(revoke, ann, grant_id=grant_id, app_id=app_id, address=ADDRESS)
    assert not await db.write(revoke, ann, grant_id=grant_id, app_id=app_id)
    assert await live_grant(db, ann, app) is None
    assert await stage.live_families() == 0
    assert not await stage.lives(held.access)
    assert (await stage.exchange(stage.c1, code)).status == 400
    assert (await told(db))[-1] == ("grant.revoked", {"why": "revoked"})
    assert await db.write(record, ann, app, scopes=["tweet.read"]) != grant.id
    assert not await stage.lives(held.access)


async def test_revoke_wants_to_know_what(stage: Stage) -> None:
    with pytest.raises(TypeError):
        await stage.db.write(revoke, stage.cast.ann.id)


async def test_revoking_everything_leaves_other_people_alone(stage: Stage) -> None:
    for app in (stage.c1, stage.c2, stage.p1):
        await stage.connect(app)
    bob = await stage.connect(stage.c1, stage.cast.bob.id)
    assert await stage.db.write(revoke_all, stage.cast.ann.id, why="password changed") == 3
    assert await stage.db.write(revoke_all, stage.cast.ann.id) == 0
    assert await connected_apps(stage.db, stage.cast.ann.id) == []
    assert await stage.lives(bob.access)


@pytest.mark.attack("SR-220")
async def test_an_app_that_is_deleted_leaves_no_live_grant(stage: Stage) -> None:
    for person in (stage.cast.ann, stage.cast.bob):
        await stage.connect(stage.c1, person.id)
    other = await stage.connect(stage.c2)
    await stage.code(stage.c1)
    assert await stage.db.write(end_all_for_app, stage.c1.app.id, actor_id=stage.cast.dev.id) == 2
    await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)
    assert (await stage.live_families(), (await stage.rows())["codes"]) == (1, 1)
    assert await stage.lives(other.access)


async def test_a_family_ends_once(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    family_id = (await stage.caller(held.access)).family_id
    assert family_id is not None
    assert await stage.db.write(end_family, family_id, "revoked by the app")
    assert not await stage.db.write(end_family, family_id, "revoked by the app")
    assert not await stage.lives(held.access)


async def test_one_live_family_for_each_person_is_a_switch_of_the_app(stage: Stage) -> None:
    """X facts 2.3: a second sign-in ends the tokens of the first."""
    first, second = await stage.connect(stage.c1), await stage.connect(stage.c1)
    bob = await stage.connect(stage.c1, stage.cast.bob.id)
    assert [await stage.lives(one.access) for one in (first, second)] == [True, True]
    how = Authentication(level=Level.DIRECT_MESSAGES, email=True, oauth2=True, type="web", one_family=True)
    await stage.db.write(edit_authentication, stage.cast.dev.id, stage.c1.app.id, how)
    grant = await live_grant(stage.db, stage.cast.ann.id, stage.c1.app.id)
    assert grant is not None
    await stage.db.write(start_family, grant.id, OAUTH1)
    assert [await stage.lives(one.access) for one in (first, second)] == [True, True]
    await stage.db.write(start_family, grant.id, OAUTH2)
    assert [await stage.lives(one.access) for one in (first, second, bob)] == [False, False, True]


@pytest.mark.claim("C015", "C016")
async def test_connected_apps_show_what_was_consented_to_as_far_as_it_holds_now(stage: Stage, cast: People) -> None:
    await stage.connect(stage.c1, scope="users.read users.email")
    stage.db.clock.advance(1_000)
    await stage.db.write(record, cast.ann.id, stage.c2.app.id, level=Level.DIRECT_MESSAGES, email=True)
    second, first = await connected_apps(stage.db, cast.ann.id)
    assert (first.app_id, second.app_id) == (stage.c1.app.id, stage.c2.app.id)
    assert (first.name, first.effective_level) == ("Web", None)
    assert first.effective_scopes == {"users.read", "users.email"}
    assert (second.effective_level, second.effective_email) == (Level.DIRECT_MESSAGES, True)
    lower = Authentication(level=Level.READ, oauth2=True, type="web")
    await stage.db.write(edit_authentication, cast.dev.id, stage.c1.app.id, lower)
    await stage.db.write(edit_authentication, cast.dave.id, stage.c2.app.id, lower)
    second, first = await connected_apps(stage.db, cast.ann.id)
    assert first.effective_scopes == {"users.read"}
    assert (second.effective_level, first.effective_email, second.effective_email) == (Level.READ, False, False)
    await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")
    shown = await connected_app(stage.db, cast.ann.id, stage.c1.app.id)
    assert shown is not None
    assert shown.suspended
    assert await connected_app(stage.db, cast.bob.id, stage.c1.app.id) is None


@pytest.mark.parametrize("protocol, other", [(OAUTH1, OAUTH2), (OAUTH2, OAUTH1)])
async def test_a_hundred_devices_are_enough_for_one_app_and_person(stage: Stage, protocol: str, other: str) -> None:
    db, ann, bob, app = stage.db, stage.cast.ann.id, stage.cast.bob.id, stage.c1.app.id

    async def begin(tx: Tx, grant_id: int, protocol: str, number: int) -> list[int]:
        return [await start_family(tx, grant_id, protocol) for _ in range(number)]

    mine = await db.write(record, ann, app, scopes={"tweet.read"})
    others = await db.write(record, bob, app, scopes={"tweet.read"})
    theirs = await db.write(begin, others, protocol, 1)
    apart = await db.write(begin, mine, other, 1)
    begun = await db.write(begin, mine, protocol, MOST_FAMILIES + 2)
    live = await db.all(_LIVE_FAMILIES)
    assert live == [*theirs, *apart, *begun[2:]]


async def test_the_token_that_the_owner_made_stays_however_often_the_app_is_connected(stage: Stage) -> None:
    app = stage.c1.app
    await stage.db.write(make_own_token, app)
    made = await own_token(stage.db, app)
    assert made is not None

    async def connect(tx: Tx, grant_id: int) -> None:
        for _ in range(MOST_FAMILIES + 2):
            await start_family(tx, grant_id, OAUTH1)

    grant = await live_grant(stage.db, app.owner_id, app.id)
    assert grant is not None
    await stage.db.write(connect, grant.id)
    assert await own_token(stage.db, app) == made
    assert len(await stage.db.all(_LIVE_FAMILIES)) == MOST_FAMILIES + 1
