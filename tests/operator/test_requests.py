"""What waits for an operator: developers, access tiers, reports."""

import pytest

from tests.cast import ANN, People
from tests.developers.making import own_team
from tests.portal.site import Place, press
from volary.access.caller import in_person
from volary.developers.actions import ask_for_tier, sign_up
from volary.developers.queries import developer_account, team_by_id
from volary.graph.actions.reports import report
from volary.graph.queries.reports import latest_reports
from volary.kit.ids import LARGEST_ID

pytestmark = pytest.mark.anyio


async def waiting(place: Place, cast: People) -> None:
    told = "To count the birds of the river. " * 5
    await place.db.write(sign_up, cast.bob.id, agreed=True, use_case=told, by_operator=True)


@pytest.mark.parametrize(("button", "state"), [("Approve", "approved"), ("Refuse", "refused")])
async def test_a_developer_is_answered(place: Place, button: str, state: str) -> None:
    await waiting(place, place.cast)
    ann = await place.browser_of(ANN)
    page = await ann.open("/operator/requests")
    assert "the birds of the river" in page.text
    typed = {"reason": "Which river?"} if button == "Refuse" else {}
    assert (await press(ann, page, button, **typed)).status == 303
    found = await developer_account(place.db, place.cast.bob.id)
    assert found is not None
    assert found.state == state
    assert "Nothing waits" in (await ann.open("/operator/requests")).text


@pytest.mark.claim("C146", "C147")
async def test_a_team_is_given_another_tier(place: Place) -> None:
    dev = place.cast.dev.id
    await place.db.write(sign_up, dev, agreed=True, use_case="Frames")
    team = await own_team(place.db, dev)
    await place.db.write(ask_for_tier, dev, team.id, "elevated", "Three Apps")
    ann = await place.browser_of(ANN)
    page = await ann.open("/operator/requests")
    assert (await press(ann, page, "Set access tier", tier="elevated", answer="Fine")).status == 303
    found = await team_by_id(place.db, team.id)
    assert found is not None
    assert (found.tier, found.tier_answer) == ("elevated", "Fine")


async def test_reports_have_an_outcome_until_somebody_reports_again(place: Place) -> None:
    cast = place.cast
    await place.db.write(report, in_person(cast.carol.id, "carol"), cast.bob.id, blocking=False)
    ann = await place.browser_of(ANN)
    page = await ann.open("/operator/reports")
    assert (await press(ann, page, "Keep the outcome", outcome="warned")).status == 303
    assert "Warned" in (await ann.open("/operator/reports")).text
    [row] = await latest_reports(place.db, LARGEST_ID, 10)
    assert row.outcome == "warned"
    place.db.clock.advance(1)
    await place.db.write(report, in_person(cast.carol.id, "carol"), cast.bob.id, blocking=False)
    assert "Keep the outcome" in (await ann.open("/operator/reports")).text
