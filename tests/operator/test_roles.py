"""Role × act: every door of the console and every act behind it, for everybody who may stand before it (SR-172, SR-183)."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import ANN, BOB, DEV, Part
from tests.developers.making import join, new_app, new_developer, own_team
from tests.portal.site import Place
from volary.accounts.actions import set_operator, set_state
from volary.accounts.models import LOCKED
from volary.activity.models import events
from volary.db import Tx, statement
from volary.operator import pages
from volary.operator.actions import appeals, apps, governing, people, purging, requests, webhooks, works
from volary.operator.actions.actors import Actor
from volary.operator.errors import NotAnOperator
from volary.web import doors_of

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-172", "SR-183")]

_COUNT = statement(select(func.count()).select_from(events), int)
DOORS = doors_of(pages)
_HOOK = {"webhook_id": 1, "delivery_id": 1}
PEOPLE: dict[str, Part | None] = {
    "owner, an administrator of the team": DEV,
    "developer in the team": BOB,
    "a stranger": None,
}
Act = Callable[[Tx, Actor], Coroutine[Any, Any, object]]
ACTS: dict[str, Act] = {
    "suspend": lambda tx, who: apps.suspend(tx, who, 1, rule="spam", reason="Why"),
    "restore": lambda tx, who: apps.restore(tx, who, 1),
    "disconnect": lambda tx, who: apps.disconnect(tx, who, 1),
    "lock": lambda tx, who: people.lock(tx, who, 1, reason=""),
    "unlock": lambda tx, who: people.unlock(tx, who, 1),
    "sign out": lambda tx, who: people.sign_out(tx, who, 1),
    "answer": lambda tx, who: appeals.answer(tx, who, 1, "No"),
    "close": lambda tx, who: governing.close(tx, who, reason="Why"),
    "reopen": governing.reopen,
    "limit": lambda tx, who: governing.limit(tx, who, 1, percent=5),
    "rename": lambda tx, who: governing.rename(tx, who, 1, name="Other"),
    "reserve": lambda tx, who: governing.reserve(tx, who, "Other"),
    "release": lambda tx, who: governing.release(tx, who, "Other"),
    "purge": lambda tx, who: purging.begin_purge(tx, who, days=100),
    "approve": lambda tx, who: requests.approve(tx, who, 1),
    "refuse": lambda tx, who: requests.refuse(tx, who, 1, reason="Why"),
    "give tier": lambda tx, who: requests.give_tier(tx, who, 1, "elevated", answer=""),
    "decide": lambda tx, who: requests.decide(tx, who, 1, "warned"),
    "add a webhook": lambda tx, who: webhooks.add(tx, who, "https://hooks.example/"),
    "renew a webhook": lambda tx, who: webhooks.renew(tx, who, 1),
    "remove a webhook": lambda tx, who: webhooks.remove(tx, who, 1),
    "test a webhook": lambda tx, who: webhooks.test(tx, who, 1),
    "redeliver": lambda tx, who: webhooks.redeliver(tx, who, 1),
    "retry a job": lambda tx, who: works.retry(tx, who, 1),
    "retry all jobs": works.retry_all,
    "drop a job": lambda tx, who: works.drop(tx, who, 1),
    "send a letter again": lambda tx, who: works.send_again(tx, who, 1),
}


def test_every_act_is_in_the_table() -> None:
    """As many as the modules have actions that take an actor; `purge` goes by what `begin_purge` said."""
    made = [
        name
        for module in (apps, people, appeals, governing, purging, requests, webhooks, works)
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__
        and not name.startswith("_")
        and "actor" in getattr(value, "__annotations__", {})
    ]
    assert len(made) == len(ACTS)


@pytest.mark.parametrize("act", ACTS)
async def test_an_act_is_an_operator_s_alone(place: Place, act: str) -> None:
    with pytest.raises(NotAnOperator):
        await place.db.write(ACTS[act], Actor(place.cast.dev.id))
    await place.db.write(set_operator, place.cast.bob.id, True)
    await place.db.write(set_state, place.cast.bob.id, "active", LOCKED)
    with pytest.raises(NotAnOperator):
        await place.db.write(ACTS[act], Actor(place.cast.bob.id))


@pytest.mark.parametrize("who", PEOPLE)
async def test_the_console_is_nowhere_for_others(place: Place, who: str) -> None:
    db, cast = place.db, place.cast
    await new_developer(db, cast.dev.id)
    app = (await new_app(db, cast.dev.id, "Frame")).app
    await join(db, (await own_team(db, cast.dev.id)).id, cast.dev.id, "bob", "developer")
    part = PEOPLE[who]
    browser = place.browser() if part is None else await place.browser_of(part)
    before = await db.one(_COUNT)
    assert DOORS
    for door in DOORS:
        path = door.path.format(app_id=app.id, account_id=cast.carol.id, appeal_id=1, team_id=1, format="csv", **_HOOK)
        if door.method == "GET":
            assert (await browser.open(path)).status == 404, path
        else:
            held = (await browser.open("/help" if part is None else "/settings")).root.every("input", name="csrf")
            form = {"csrf": held[0]["value"]} if held else {}
            assert (await browser.posted(path, form)).status == (404 if held else 403), path
    assert await db.one(_COUNT) == before


async def test_an_operator_enters_everywhere(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    ann = await place.browser_of(ANN)
    for door in DOORS:
        if door.method == "GET" and not {"{appeal_id}", "{webhook_id}"} & set(door.path.split("/")):
            path = door.path.format(app_id=app.id, account_id=place.cast.bob.id, format="csv")
            assert (await ann.open(path)).status == 200, path
