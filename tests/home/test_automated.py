"""What visitors see of an account that a program runs, and of one that went away."""

import pytest

from tests.person.site import Place
from tests.posts.making import post
from volary.accounts.actions import label_automated, set_state
from volary.accounts.models import ACTIVE, LOCKED
from volary.person.actions import go_away

LABEL = "Automated by @dev"


@pytest.mark.claim("C163", "C168")
async def test_the_label_stands_on_profile_and_posts_for_who_is_not_signed_in(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "13.2 degrees at noon")
    paths = ("/ann", f"/ann/status/{made.id}")
    for path in paths:
        assert "Automated" not in (await place.browser().open(path)).text
    await place.db.write(label_automated, place.cast.ann.id, place.cast.dev.id)
    for path in paths:
        page = await place.browser().open(path)
        assert LABEL in page.text
    assert (await place.browser().open("/ann")).text.count(LABEL) == 2
    await place.db.write(set_state, place.cast.dev.id, ACTIVE, LOCKED)
    for path in paths:
        page = await place.browser().open(path)
        assert "Automated" in page.text
        assert "@dev" not in page.text


async def test_nobody_sees_the_pages_of_who_went_away(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "here today")
    await place.db.write(go_away, place.cast.ann.id)
    for path in ("/ann", f"/ann/status/{made.id}"):
        page = await place.browser().open(path)
        assert (page.status, "here today" in page.text, "Ameland" in page.text) == (404, False, False)
