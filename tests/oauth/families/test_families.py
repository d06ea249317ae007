"""Tokens over a long time: whatever people, apps, developers and the clock do, in any order, each works exactly as long as it should."""

import pytest

from tests.cast import People, people
from tests.conftest import HeldDatabase
from tests.oauth.families.model import RULES
from tests.oauth.families.walk import Differs, Walk
from tests.oauth.oauth2.stage import SETTINGS, stage_of


@pytest.mark.attack("SR-097", "SR-099", "SR-223")
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_walk_of_chance_ends_where_the_model_does(db: HeldDatabase, cast: People, seed: int) -> None:
    walk = Walk(await stage_of(db, cast, SETTINGS), seed)
    await walk.go(300)


@pytest.mark.slow
@pytest.mark.attack("SR-097", "SR-099", "SR-223")
async def test_a_long_walk_too(db: HeldDatabase, cast: People) -> None:
    walk = Walk(await stage_of(db, cast, SETTINGS), 3)
    await walk.go(10_000)


@pytest.mark.parametrize("rule", RULES)
async def test_the_walk_would_notice_each_rule_that_is_missing(sqlite_db: HeldDatabase, rule: str) -> None:
    """The control: the model forgets one rule, which looks from its side as if the server had one too many."""
    walk = Walk(await stage_of(sqlite_db, await people(sqlite_db), SETTINGS), seed=4, broken=rule)
    with pytest.raises(Differs):
        await walk.go(6_000)
