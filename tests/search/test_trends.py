"""Trends: made of public posts, by how many people use something, for the world and for countries."""

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.test_posts import calling, post
from tests.server.calls import post_of
from tests.server.house import House
from tests.timelines.test_home import befriend, let_in
from volary.accounts.actions import update_profile
from volary.accounts.models import AccountRow
from volary.accounts.rules.profiles import Profile
from volary.kit.clock import DAY, HOUR
from volary.posts.actions.writing import delete_post
from volary.posts.rules.entities import Entities, entities_of, urls_in
from volary.search.jobs.trends import find_trends
from volary.search.queries.trends import trends_at
from volary.search.rules.places import PLACES, WORLD, place_of
from volary.search.rules.trending import Tally

NETHERLANDS = 23424909


async def names(db: HeldDatabase, place: int = WORLD) -> list[tuple[str, int]]:
    return [(row.name, row.posts) for row in await trends_at(db, [place])]


async def live_in(db: HeldDatabase, person: AccountRow, location: str) -> None:
    await db.write(update_profile, person.id, Profile(name=person.name, language="en", protected=0, location=location))


async def test_what_more_people_use_comes_first(db: HeldDatabase, cast: People) -> None:
    for number in range(4):
        await post(db, cast.ann, f"#Alone {number}")
    first = await post(db, cast.ann, "#bees are back")
    await post(db, cast.carol, "so they are #Bees")
    await post(db, cast.dave, "yes #Bees")
    await find_trends(db)
    assert await names(db) == [("#Bees", 3), ("#Alone", 4)]
    await db.write(delete_post, calling(cast.ann), first.id)
    await find_trends(db)
    assert await names(db) == [("#Bees", 2), ("#Alone", 4)]
    db.clock.advance(DAY + HOUR)
    await find_trends(db)
    assert await names(db) == []


@pytest.mark.attack("SR-196")
async def test_what_is_protected_makes_no_trend(db: HeldDatabase, cast: People) -> None:
    await let_in(db, cast.bob, cast.ann)
    await post(db, cast.bob, "#hush")
    await find_trends(db)
    assert await names(db) == []


async def test_a_country_has_trends_of_its_own(db: HeldDatabase, cast: People) -> None:
    await live_in(db, cast.ann, "Amsterdam, the Netherlands")
    await post(db, cast.ann, "#fiets")
    await post(db, cast.carol, "#velo")
    await find_trends(db)
    assert await names(db, NETHERLANDS) == [("#fiets", 1)]
    assert sorted(await names(db)) == [("#fiets", 1), ("#velo", 1)]


async def test_a_trend_remembers_since_when_it_is_one(db: HeldDatabase, cast: People) -> None:
    await post(db, cast.ann, "#bees")
    await find_trends(db)
    began = db.now
    db.clock.advance(2 * HOUR)
    await post(db, cast.carol, "#bees #new")
    await find_trends(db)
    assert [(row.name, row.since) for row in await trends_at(db, [WORLD])] == [("#bees", began), ("#new", db.now)]


def test_a_word_is_a_trend_when_several_use_it_and_most_do_not() -> None:
    tally = Tally()
    for author in range(60):
        tally.add(author, None, f"everybody says hello{'' if author > 3 else ' eclipse'}", Entities())
    tally.add(1, None, "eclipse eclipse rare https://eclipse.example", _entities("https://eclipse.example"))
    assert [(one.name, one.posts) for one in tally.trends()] == [("eclipse", 5)]


def _entities(text: str) -> Entities:
    return entities_of(text, urls_in(text))


@pytest.mark.parametrize(
    ("location", "country", "place"),
    [
        ("Utrecht, Nederland", "", NETHERLANDS),
        ("NEDERLAND", "DE", NETHERLANDS),
        ("Zürich, Schweiz", "", 23424957),
        ("London / UK", "", 23424975),
        ("Köln, Deutschland", "", 23424829),
        ("somewhere", "nl", NETHERLANDS),
        ("somewhere", "", None),
        ("", "", None),
        ("\x00,,,///", "zz", None),
    ],
)
def test_a_location_names_a_country(location: str, country: str, place: int | None) -> None:
    assert place_of(location, country) == place
    assert place is None or place in PLACES


async def test_over_http(each_house: House) -> None:
    ann, carol, db = each_house.cast.ann, each_house.cast.carol, each_house.db
    await post_of(each_house, carol, "#Among friends")
    await post_of(each_house, each_house.cast.dave, "#Elsewhere")
    await befriend(db, ann, carol)
    await find_trends(db)
    app = each_house.app_only()
    got = await each_house.get("/2/trends/by/woeid/1?max_trends=1", app)
    assert got.json == {"data": [{"trend_name": "#Among", "tweet_count": 1}]}
    got = await each_house.get("/2/trends/by/woeid/1?trend.fields=trend_name", await each_house.bearer(ann))
    assert got.json == {"data": [{"trend_name": "#Among"}, {"trend_name": "#Elsewhere"}]}
    assert (await each_house.get("/2/trends/by/woeid/2", app)).json["errors"][0]["value"] == "2"
    assert (await each_house.get("/2/trends/by/woeid/x", app)).status == 400
    assert (await each_house.get("/2/trends/by/woeid/1?trend.fields=x", app)).status == 400
    got = await each_house.get("/2/users/personalized_trends", await each_house.signed(ann))
    assert got.json["data"][0] == {
        "category": "Trending among people you follow",
        "post_count": "1 post",
        "trend_name": "#Among",
        "trending_since": "Trending now",
    }
    assert [one["trend_name"] for one in got.json["data"]] == ["#Among", "#Elsewhere"]
