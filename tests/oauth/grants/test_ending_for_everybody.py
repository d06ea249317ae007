"""What an act for everybody ended stands in each person's record, once, with who did it."""

from sqlalchemy import bindparam, select

from tests.oauth.oauth2.stage import Stage
from volary.activity.models import EventRow, events
from volary.db import statement
from volary.jobs.declaring import Payload, Work
from volary.jobs.models import jobs
from volary.kit.resources import Resources
from volary.oauth.grants import live_grant, record
from volary.oauth.jobs import tell_people_s_records
from volary.oauth.revoking import TELL_ENDED, end_all_for_app, revoke, tell_ended
from volary.portal.actions import remove_app

_OF = statement(
    select(*(events.c[name] for name in EventRow.__struct_fields__))
    .where(events.c.account_id == bindparam("account_id"), events.c.kind.like("grant.%"))
    .order_by(events.c.id),
    EventRow,
)
_WAITING = statement(select(jobs.c.payload).where(jobs.c.name == TELL_ENDED), str)


async def told(stage: Stage, app_id: int, why: str) -> None:
    payload: Payload = {
        "app_id": app_id,
        "ended_at": stage.db.clock.now(),
        "actor_id": stage.cast.dev.id,
        "why": why,
    }
    await tell_people_s_records(Work(stage.db, Resources(), 1, 1), payload)


async def test_every_person_s_record_says_that_their_grant_ended_and_who_did_it(stage: Stage) -> None:
    db, app, dev = stage.db, stage.c1.app.id, stage.cast.dev.id
    people = [stage.cast.ann.id, stage.cast.bob.id, stage.cast.carol.id]
    numbers = [await db.write(record, one, app, scopes={"tweet.read"}) for one in people]
    assert await db.write(revoke, stage.cast.carol.id, app_id=app)
    assert await db.write(remove_app, dev, app) == 2
    assert await db.all(_WAITING) == [
        f'{{"app_id":{app},"ended_at":{db.clock.now()},"actor_id":{dev},"why":"app deleted"}}'
    ]
    for _ in range(2):  # a job may be done twice
        await told(stage, app, "app deleted")
    for person, number in zip(people[:2], numbers[:2], strict=True):
        made, ended = await db.all(_OF, account_id=person)
        assert (made.kind, made.grant_id) == ("grant.created", number)
        assert (ended.kind, ended.grant_id, ended.app_id) == ("grant.revoked", number, app)
        assert (ended.actor_id, ended.at, ended.detail) == (dev, db.clock.now(), '{"why":"app deleted"}')
    kinds = [row.kind for row in await db.all(_OF, account_id=stage.cast.carol.id)]
    assert kinds == ["grant.created", "grant.revoked"]


async def test_it_is_told_batch_by_batch(stage: Stage) -> None:
    db, app = stage.db, stage.c1.app.id
    people = [one.id for one in (stage.cast.ann, stage.cast.bob, stage.cast.carol)]
    for one in people:
        await db.write(record, one, app, scopes={"tweet.read"})
    assert await db.write(end_all_for_app, app, actor_id=stage.cast.dev.id) == 3
    assert await live_grant(db, people[0], app) is None, "it ended before anything was told"
    place: int | None = 0
    counts = []
    while place is not None:
        place = await db.write(tell_ended, app, db.clock.now(), actor_id=0, why="", after=place, most=2)
        counts.append([len(await db.all(_OF, account_id=one)) for one in people])
    assert counts == [[2, 2, 1], [2, 2, 2]]


async def test_an_app_without_people_has_nothing_to_tell(stage: Stage) -> None:
    assert await stage.db.write(end_all_for_app, stage.c1.app.id, actor_id=1) == 0
    assert await stage.db.all(_WAITING) == []
