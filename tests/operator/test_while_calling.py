"""What operators do, as the Apps of a running server meet it at that very moment."""

import asyncio

import pytest

from tests.server.house import House
from volary.db.paging import Bounds
from volary.developers.actions import restore_app, suspend_app
from volary.kit.errors import Conflict
from volary.operator.actions.actors import Actor
from volary.operator.actions.apps import disconnect
from volary.operator.actions.following import Followed
from volary.operator.actions.governing import close, reopen
from volary.operator.queries.audit import Filter, audit

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C176")
async def test_fifty_suspend_at_once_while_it_calls_and_one_does(each_house: House) -> None:
    house = each_house
    who = await house.bearer(house.cast.ann)
    app = house.apps["Messenger"].app.id
    assert (await house.get("/2/users/me", who)).status == 200

    async def suspend() -> bool:
        try:
            await house.db.write(suspend_app, app, reason="It floods.", rule="spam")
        except Conflict:
            return False
        return True

    calls = [house.get("/2/users/me", who) for _ in range(50)]
    done = await asyncio.gather(*(suspend() for _ in range(50)), *calls)
    assert sum(one is True for one in done[:50]) == 1
    assert (await house.get("/2/users/me", who)).status in {401, 403}, "the very next call"
    assert len(await audit(house.db, Filter(kind="app.suspended"), Bounds())) == 1
    await house.db.write(restore_app, app)
    assert (await house.get("/2/users/me", who)).status == 200


async def test_ending_all_connections_ends_the_next_call_of_everybody(each_house: House) -> None:
    house = each_house
    ann, bob = await house.bearer(house.cast.ann), await house.bearer(house.cast.bob)
    app = house.apps["Messenger"].app.id
    assert await house.db.write(disconnect, Actor(), app) == 2
    for who in (ann, bob):
        assert (await house.get("/2/users/me", who)).status == 401
    [row] = await audit(house.db, Filter(kind="app.disconnected"), Bounds())
    assert (row.app_id, row.detail) == (app, '{"name":"Messenger","people":2}')


async def test_in_read_only_mode_writes_are_refused_in_the_caller_s_format(each_house: House) -> None:
    house = each_house
    who = await house.bearer(house.cast.ann)
    followed = house.application.resources[Followed]
    await house.db.write(close, Actor(), reason="The disks are changed.")
    await followed.look(house.db)
    got = await house.json("POST", "/2/tweets", who, {"text": "now?"})
    assert got.status == 503
    assert got.json["title"] == "Service Unavailable"
    assert (await house.get("/2/users/me", who)).status == 200
    await house.db.write(reopen, Actor())
    await followed.look(house.db)
    assert (await house.json("POST", "/2/tweets", who, {"text": "now!"})).status == 201
