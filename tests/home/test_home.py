"""Home: what stands there, for whom, and by how many statements."""

from typing import TypeVar

import pytest

from tests.cast import ANN, BOB, DAVE
from tests.conftest import HeldDatabase
from tests.person.site import Place
from tests.posts.making import calling, post
from volary.accounts.models import AccountRow
from volary.db import Database, Statement
from volary.db.reading import Value
from volary.graph.actions.follows import accept_request, follow
from volary.graph.actions.mutes import mute
from volary.home.queries import cards
from volary.kit.secrets import Keyring
from volary.posts.actions.bookmarks import bookmark, create_folder
from volary.posts.actions.reposts import repost
from volary.posts.actions.viewing import Views
from volary.posts.rules.polls import NewPoll

R = TypeVar("R")


async def follows(db: HeldDatabase, follower: AccountRow, followed: AccountRow) -> None:
    await db.write(follow, calling(follower), followed.id)
    if followed.protected:
        await db.write(accept_request, calling(followed), follower.id)


async def test_home_shows_whom_one_follows_and_oneself(place: Place) -> None:
    cast = place.cast
    await follows(place.db, cast.ann, cast.carol)
    await post(place.db, cast.carol, "of carol")
    await post(place.db, cast.dave, "of dave")
    await post(place.db, cast.ann, "of ann")
    page = await (await place.browser_of(ANN)).open("/home")
    assert page.text.index("of ann") < page.text.index("of carol")
    assert "of dave" not in page.text


async def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page_and_back(place: Place) -> None:
    assert (await place.browser().open("/home")).location == "/login?then=/home"


async def test_older_posts_stand_on_the_next_page(place: Place) -> None:
    for number in range(25):
        await post(place.db, place.cast.ann, f"number {number}.")
    browser = await place.browser_of(ANN)
    page = await browser.open("/home")
    assert "number 24." in page.text
    assert "number 4." not in page.text
    older = await browser.open(page.link("Show more"))
    assert "number 4." in older.text
    assert "number 0." in older.text
    assert "What is happening?" not in older.text, "one writes on the first page"
    assert "That is all" in (await browser.open("/home?before=1")).text
    assert "number 24." in (await browser.open("/home?before=nonsense")).text


async def test_an_empty_home_says_what_to_do(place: Place) -> None:
    assert "Nothing here yet" in (await (await place.browser_of(DAVE)).open("/home")).text


async def test_a_repost_shows_the_original_and_who_reposted_it(place: Place) -> None:
    cast = place.cast
    await follows(place.db, cast.ann, cast.carol)
    original = await post(place.db, cast.dave, "worth passing on")
    await place.db.write(repost, calling(cast.carol), original.id)
    page = await (await place.browser_of(ANN)).open("/home")
    assert "Carol reposted" in page.text
    assert "@dave" in page.text
    assert "worth passing on" in page.text
    assert "RT @" not in page.text
    own = await (await place.browser_of(DAVE)).open("/home")
    assert [one["id"] for one in own.root.every("article")] == [f"post-{original.id}"]
    await place.db.write(repost, calling(cast.dave), original.id)
    twice = await (await place.browser_of(DAVE)).open("/home")
    assert len({one["id"] for one in twice.root.every("article")}) == 2


async def test_what_one_mutes_is_not_shown(place: Place) -> None:
    cast = place.cast
    await follows(place.db, cast.ann, cast.carol)
    await post(place.db, cast.carol, "of carol")
    await place.db.write(mute, calling(cast.ann), cast.carol.id)
    assert "of carol" not in (await (await place.browser_of(ANN)).open("/home")).text


async def test_a_quote_of_what_one_may_not_see_is_not_shown(place: Place) -> None:
    cast = place.cast
    await follows(place.db, cast.carol, cast.bob)
    await follows(place.db, cast.ann, cast.carol)
    kept = await post(place.db, cast.bob, "for followers alone")
    await post(place.db, cast.carol, "look at this", quote_of_id=kept.id)
    page = await (await place.browser_of(ANN)).open("/home")
    assert "look at this" in page.text
    assert "for followers alone" not in page.text
    assert "The quoted post was deleted, or you may not see it." in page.text
    await follows(place.db, cast.ann, cast.bob)
    assert "for followers alone" in (await (await place.browser_of(ANN)).open("/home")).text


@pytest.mark.attack("SR-141")
async def test_texts_cannot_bring_markup_of_their_own(place: Place) -> None:
    text = '<script>alert(1)</script> https://example.org/"onmouseover=x <b>#a"b'
    made = await post(place.db, place.cast.ann, text, poll=NewPoll(("<i>a", "</i>b"), 60))
    browser = await place.browser_of(ANN)
    for path in ("/home", f"/ann/status/{made.id}", "/ann", f"/compose?edit={made.id}", f"/posts/{made.id}/delete"):
        page = await browser.open(path)
        assert page.status == 200
        for raw in ("<script>alert", 'onmouseover=x"', "<b>#", "<i>a"):
            assert raw not in page.answer.text


async def test_bookmarks_are_for_their_owner_alone(place: Place) -> None:
    cast = place.cast
    kept, other = await post(place.db, cast.carol, "to keep"), await post(place.db, cast.carol, "to keep elsewhere")
    folder = await place.db.write(create_folder, calling(cast.ann), "Bees")
    await place.db.write(bookmark, calling(cast.ann), kept.id, folder.id)
    await place.db.write(bookmark, calling(cast.ann), other.id)
    ann, dave = await place.browser_of(ANN), await place.browser_of(DAVE)
    page = await ann.open("/home/bookmarks")
    assert "to keep elsewhere" in page.text
    inside = await ann.open(page.link("Bees"))
    assert "to keep" in inside.text
    assert "to keep elsewhere" not in inside.text
    assert "No bookmarks here" in (await dave.open("/home/bookmarks")).text
    assert (await dave.open(f"/home/bookmarks?folder={folder.id}")).status == 404


@pytest.mark.claim("C034")
async def test_a_page_counts_views_once_and_never_one_s_own(place: Place) -> None:
    cast, views = place.cast, place.site.resources[Views]
    seen = await post(place.db, cast.ann, "seen")
    await post(place.db, cast.dave, "by himself", quote_of_id=seen.id)
    await place.db.write(repost, calling(cast.dave), seen.id)
    await (await place.browser_of(DAVE)).open("/home")
    await (await place.browser_of(ANN)).open(f"/ann/status/{seen.id}")
    await place.browser().open(f"/ann/status/{seen.id}")
    assert await views.write(place.db) == 1
    assert "1 view" in (await place.browser().open(f"/ann/status/{seen.id}")).text


class Counting:
    """A reader that counts what it is asked."""

    def __init__(self, db: Database) -> None:
        self._db, self.asked = db, 0

    @property
    def now(self) -> int:
        return self._db.now

    @property
    def keys(self) -> Keyring:
        return self._db.keys

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        self.asked += 1
        return await self._db.one(asked, **params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        self.asked += 1
        return await self._db.all(asked, **params)


async def test_the_cards_of_many_posts_cost_as_many_statements_as_those_of_one(place: Place) -> None:
    cast, rows = place.cast, []
    for number in range(10):
        quoted = await post(place.db, cast.carol, f"quoted {number}")
        rows.append(await post(place.db, cast.dave, f"a quote {number} of @ann", quote_of_id=quoted.id))
        rows.append(await post(place.db, cast.dave, f"a poll {number}", poll=NewPoll(("a", "b"), 60)))
    counting = Counting(place.db)
    assert len(await cards(counting, cast.ann.id, rows)) == 20
    assert counting.asked <= 11
    assert len(await cards(place.db, 0, rows[:1])) == 1


async def test_bob_reads_dutch(place: Place) -> None:
    await post(place.db, place.cast.bob, "hallo")
    page = await (await place.browser_of(BOB)).open("/home")
    for words in ("Startpagina", "Wat gebeurt er?", "Bladwijzer maken", "zojuist"):
        assert words in page.text
