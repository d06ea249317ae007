"""Whose id stands in a path is who acts: with anybody else's token nothing is done and nothing of one's own is shown (SR-206)."""

import pytest

from tests.server.calls import ASK, V1, V2
from tests.server.house import House

OWN = ("/blocking", "/muting", "/bookmarks", "/pinned_lists", "/timelines/", "/followed_lists", "/folders")
"""What is read by its owner alone, of what stands under an account's id; followed Lists are everybody's to read."""
BEGIN = ("/2/users/{id}/", "/2/users/{source_user_id}/")


def _acts(name: str) -> bool:
    method, path = name.split(" ")
    if not path.startswith(BEGIN) or "/dm/" in path:  # there the id is whom it is done to
        return False
    return method != "GET" or any(one in path and one != "/followed_lists" for one in OWN)


ACTS = sorted(name for name in V2 if _acts(name))


def test_these_are_all_that_the_attack_names() -> None:
    named = "likes retweets following muting bookmarks pinned_lists followed_lists".split()
    for what in named:
        assert {f"POST /2/users/{{id}}/{what}"} & set(ACTS), what
        assert [one for one in ACTS if one.startswith("DELETE") and f"/{what}/" in one], what
    assert "/blocks/create" in " ".join(V1), "blocking is v1.1's, which names no account of one's own"


@pytest.mark.attack("SR-206")
@pytest.mark.parametrize("name", ACTS)
async def test_nobody_acts_by_anothers_id(each_house: House, name: str) -> None:
    """An honest call of ann's App, with the tokens of dave, who is nobody to her."""
    house = each_house
    asked, tried = await ASK[name](house), 0
    for who in (await house.bearer(house.cast.dave), await house.signed(house.cast.dave)):
        before = house.rows() if house.file else None
        got = await house.send(name.split(" ", maxsplit=1)[0], asked.target, who, body=asked.body, kind=asked.kind)
        if got.status == 403 and "unsupported" in got.json.get("type", ""):
            continue  # not every operation takes both kinds
        assert got.status == 403, (name, got.body)
        assert "data" not in got.json
        tried += 1
        assert before == (house.rows() if house.file else None), name
    assert tried
