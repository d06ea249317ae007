"""Read-only mode, the limits of single Apps, reserved names and renaming."""

import pytest

from tests.cast import ANN, BOB, DEV
from tests.developers.making import new_app
from tests.portal.site import Place, press
from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.limits import Limited, Limiter, limits
from volary.developers.errors import NameReserved
from volary.developers.queries import app_by_id
from volary.kit.errors import Invalid
from volary.operator.actions.actors import Actor
from volary.operator.actions.following import Followed
from volary.operator.actions.governing import close, limit, rename, reopen, reserve

pytestmark = pytest.mark.anyio
WHY = "The disks are changed."


async def test_read_only_mode_refuses_forms_but_not_signing_in_nor_ending_access(place: Place) -> None:
    dev, bob, ann = await place.browser_of(DEV), await place.browser_of(BOB), await place.browser_of(ANN)
    form = await dev.open("/portal/signup")
    page = await ann.open("/operator/switches")
    assert (await press(ann, page, "Switch read-only mode on", reason=WHY)).status == 303
    refused = await press(dev, form, "Create developer account", agreed="1", use_case="Frames")
    assert refused.status == 503
    assert WHY in refused.text
    assert WHY in (await ann.open("/operator")).text
    assert WHY not in (await dev.open("/portal")).text

    other = await place.browser_of(BOB)
    sessions = await bob.open("/settings/sessions")
    assert (await press(bob, sessions, "Log out all other sessions")).status == 303
    assert (await other.open("/settings/sessions")).status == 303
    fresh = place.browser()
    login = await fresh.open("/login")
    assert (await press(fresh, login, "Sign in", login="bob", password=BOB.password)).status == 303

    page = await ann.open("/operator/switches")
    assert (await press(ann, page, "Switch read-only mode off")).status == 303
    assert (await press(dev, form, "Create developer account", agreed="1", use_case="Frames")).status == 303


async def test_another_process_follows_when_it_looks(place: Place) -> None:
    followed = place.site.resources[Followed]
    seen = []
    await place.db.write(close, Actor(), reason=WHY)
    seen.append(followed.read_only.reason)
    await followed.look(place.db)
    seen.append(followed.read_only.reason)
    assert await place.db.write(reopen, Actor())
    assert not await place.db.write(reopen, Actor())
    await followed.look(place.db)
    assert [*seen, followed.read_only.reason] == [None, WHY, None]


async def test_the_limits_of_one_app_are_applied_to_its_calls_alone(place: Place) -> None:
    dev = place.cast.dev.id
    slow, usual = (await new_app(place.db, dev, "Slow")).app, (await new_app(place.db, dev, "Usual")).app
    ann = await place.browser_of(ANN)
    page = await ann.open(f"/operator/apps/{slow.id}")
    assert (await press(ann, page, "Save limits", percent="50")).status == 303
    limiter = place.site.resources[Limiter]

    async def calls_of(app_id: int) -> int:
        caller = Caller(Scheme.APP_ONLY, app_id, None, "", frozenset(), Level.READ, None, None, True, False)
        for number in range(10):
            try:
                await limiter.check("GET /2/x", limits(app=4), True, caller, 1_000)
            except Limited:
                return number
        return 10

    assert (await calls_of(slow.id), await calls_of(usual.id)) == (2, 4)
    with pytest.raises(Invalid):
        await place.db.write(limit, Actor(), slow.id, percent=0)
    await place.db.write(limit, Actor(), slow.id, percent=100)
    await place.site.resources[Followed].look(place.db)
    assert limiter.shares == {}


@pytest.mark.attack("SR-168")
@pytest.mark.parametrize("name", ["Bank of Ann", "BANK OF ANN", "Bаnk of Ann", "Bank  of Ann"])
async def test_a_reserved_name_and_its_look_alikes_are_nobody_s(place: Place, name: str) -> None:
    ann = await place.browser_of(ANN)
    page = await ann.open("/operator/names")
    assert (await press(ann, page, "Reserve", name="Bank of Ann")).status == 303
    assert (await press(ann, await ann.open("/operator/names"), "Reserve", name="Bank of Ann")).status == 409
    with pytest.raises(NameReserved):
        await new_app(place.db, place.cast.dev.id, name)
    assert (await press(ann, await ann.open("/operator/names"), "Release")).status == 303
    await new_app(place.db, place.cast.dev.id, name)


async def test_an_app_is_renamed_and_keeps_a_name_that_is_reserved_later(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    await place.db.write(reserve, Actor(), "Frame")
    await place.db.write(rename, Actor(), app.id, name="Frame")
    ann = await place.browser_of(ANN)
    page = await ann.open(f"/operator/apps/{app.id}")
    assert (await press(ann, page, "Rename App", name="Picture")).status == 303
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert kept.name == "Picture"
    with pytest.raises(NameReserved):
        await place.db.write(rename, Actor(), app.id, name="Frame")
