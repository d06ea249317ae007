"""The owner of a suspended App appeals, the operator answers, both see the thread, and restoring closes it."""

import pytest

from tests.cast import ANN, BOB, DEV
from tests.developers.making import new_app
from tests.portal.site import Place, letters, press
from volary.developers.actions import restore_app, suspend_app, undelete_app
from volary.developers.actions.appeals import MOST, appeal
from volary.developers.models.governing import CLOSED, OPEN
from volary.developers.queries.appeals import latest_appeal, messages_of
from volary.kit.clock import DAY
from volary.kit.errors import Conflict, TooMany
from volary.portal.actions import remove_app

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C179")
async def test_both_sides_write_and_restoring_closes_it(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Free Followers")).app
    await place.db.write(suspend_app, app.id, reason="It follows everybody.", rule="spam")
    dev = await place.browser_of(DEV)
    page = await dev.open((await dev.open(f"/portal/apps/{app.id}")).link("Appeal, or read the answer"))
    assert (await press(dev, page, "Send", text=" ")).status == 400
    sent = await press(dev, page, "Send", text="It stopped.\nReally.")
    assert sent.location == f"/portal/apps/{app.id}/appeal"

    ann = await place.browser_of(ANN)
    waiting = await ann.open("/operator/appeals")
    thread = await ann.open(waiting.link("Free Followers"))
    assert "Really." in thread.text
    assert "It follows everybody." in thread.text
    assert (await press(ann, thread, "Send answer", text="Thank you, we look.")).status == 303
    assert "Thank you, we look." in (await dev.open(f"/portal/apps/{app.id}/appeal")).text
    (address, letter), _notice = await letters(place)
    assert address == DEV.email
    for told in ("Free Followers", "Thank you, we look."):
        assert told in letter.text
    found = await latest_appeal(place.db, app.id)
    assert found is not None
    assert found.state == OPEN
    assert [message.by_operator for message in await messages_of(place.db, found.id)] == [0, 1]

    await place.db.write(restore_app, app.id)
    found = await latest_appeal(place.db, app.id)
    assert found is not None
    assert found.state == CLOSED
    page = await dev.open(f"/portal/apps/{app.id}/appeal")
    assert "This appeal is closed." in page.text
    with pytest.raises(Conflict):
        await place.db.write(appeal, place.cast.dev.id, app.id, "Again")


async def test_an_operator_closes_an_appeal_and_a_new_one_can_be_made(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    await place.db.write(suspend_app, app.id, reason="Why", rule="spam")
    first = await place.db.write(appeal, place.cast.dev.id, app.id, "Please")
    assert await place.db.write(appeal, place.cast.dev.id, app.id, "Please!") == first
    ann = await place.browser_of(ANN)
    thread = await ann.open(f"/operator/appeals/{first}")
    assert (await press(ann, thread, "Send answer", text="No.", close="1")).status == 303
    assert "This appeal is closed." in (await ann.open(f"/operator/appeals/{first}")).text
    assert await place.db.write(appeal, place.cast.dev.id, app.id, "Something new") != first


async def test_deleting_the_app_closes_its_appeal(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    await place.db.write(suspend_app, app.id, reason="Why", rule="spam")
    made = await place.db.write(appeal, place.cast.dev.id, app.id, "Please")
    await place.db.write(remove_app, place.cast.dev.id, app.id)
    ann = await place.browser_of(ANN)
    assert "Frame" not in (await ann.open("/operator/appeals")).text
    closed = await ann.open("/operator/appeals?state=closed")
    thread = await ann.open(closed.link("Frame"))
    assert "Please" in thread.text
    assert "This appeal is closed." in thread.text
    await place.db.write(undelete_app, place.cast.dev.id, app.id, grace=DAY)
    assert await place.db.write(appeal, place.cast.dev.id, app.id, "Please again") != made


@pytest.mark.attack("SR-172")
async def test_an_appeal_is_the_team_s_alone(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    await place.db.write(suspend_app, app.id, reason="Why", rule="spam")
    await place.db.write(appeal, place.cast.dev.id, app.id, "Please")
    assert (await (await place.browser_of(BOB)).open(f"/portal/apps/{app.id}/appeal")).status == 404


async def test_who_does_not_wait_for_an_answer_is_told_to(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    await place.db.write(suspend_app, app.id, reason="Why", rule="spam")
    for _ in range(MOST):
        await place.db.write(appeal, place.cast.dev.id, app.id, "Please")
    with pytest.raises(TooMany):
        await place.db.write(appeal, place.cast.dev.id, app.id, "Please")
