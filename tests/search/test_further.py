"""What only the operator gives: an operation that is marked so, for Apps with and without it (C193)."""

from collections.abc import Iterator

import pytest

from tests.server.house import House
from volary.access.further import FULL_ARCHIVE
from volary.api.further import Further
from volary.developers.actions import permit_further
from volary.developers.queries.apps import further_of_app
from volary.kit.errors import Invalid
from volary.kit.resources import Resources

pytestmark = [pytest.mark.anyio, pytest.mark.claim("C193")]

MARKED = ("/2/tweets/search/all?query=bees", "/2/tweets/counts/all?query=bees")


@pytest.fixture
def resources(each_house: House) -> Iterator[Resources]:
    """What the server owns; afterwards nothing is kept back any more."""
    owned = each_house.application.resources
    own = owned[Further]
    yield owned
    owned.put(Further, own)


@pytest.mark.parametrize("path", MARKED)
async def test_the_operator_keeps_it_back_and_gives_it(each_house: House, resources: Resources, path: str) -> None:
    who, app = each_house.app_only(), each_house.apps["Messenger"].app
    assert (await each_house.get(path, who)).status == 200, "nothing is kept back unless the operator says so"
    resources.put(Further, Further(further_of_app, frozenset({FULL_ARCHIVE})))
    each_house.clock.advance(60_000)
    refused = await each_house.get(path, who)
    assert (refused.status, refused.json["reason"]) == (403, "further-permission-missing")
    assert refused.json["required_enrollment"] == FULL_ARCHIVE
    assert "the operator of the platform gives" in refused.json["detail"]
    assert (await each_house.get("/2/tweets/search/recent?query=bees", who)).status == 200
    await each_house.db.write(permit_further, app.id, FULL_ARCHIVE)
    each_house.clock.advance(60_000)
    assert (await each_house.get(path, who)).status == 200
    await each_house.db.write(permit_further, app.id, FULL_ARCHIVE, given=False)
    each_house.clock.advance(60_000)
    assert (await each_house.get(path, who)).status == 403


async def test_a_permission_that_is_none_is_not_given(house: House) -> None:
    with pytest.raises(Invalid):
        await house.db.write(permit_further, house.apps["Reader"].app.id, "everything")
