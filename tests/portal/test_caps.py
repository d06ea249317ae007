"""How many Apps and Projects one developer makes."""

import asyncio

import pytest

from tests.developers.making import LINKS, new_developer
from tests.portal.site import Place
from volary.developers.errors import TooManyApps
from volary.developers.queries import apps_of_member, projects_of_member
from volary.developers.rules.settings import Details
from volary.portal.actions import register_app, register_project, remove_app

pytestmark = pytest.mark.anyio


async def test_apps_and_projects_stop_at_the_limit_however_many_are_made_at_once(place: Place) -> None:
    db, dev, bob = place.db, place.cast.dev.id, place.cast.bob.id
    await new_developer(db, dev)
    await new_developer(db, bob)

    async def app(owner: int, number: int) -> object:
        details = Details(name=f"App {number}", callbacks=("https://a.example/cb",), **LINKS)
        return await db.write(register_app, owner, details, most=3)

    made = await asyncio.gather(*(app(dev, number) for number in range(6)), return_exceptions=True)
    assert sum(isinstance(one, TooManyApps) for one in made) == 3
    assert len(await apps_of_member(db, dev)) == 3
    await app(bob, 7)
    # One that was deleted makes room.
    await db.write(remove_app, dev, (await apps_of_member(db, dev))[0].id)
    await app(dev, 8)
    with pytest.raises(TooManyApps):
        await app(dev, 9)

    async def project(number: int) -> object:
        return await db.write(register_project, dev, name=f"Project {number}", most=2)

    made = await asyncio.gather(*(project(number) for number in range(5)), return_exceptions=True)
    assert sum(isinstance(one, TooManyApps) for one in made) == 3
    assert len(await projects_of_member(db, dev)) == 2
