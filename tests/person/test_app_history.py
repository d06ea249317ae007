"""*What this app did*: what stands there, what it comes to, and undoing."""

import httpx2 as httpx
import pytest

from tests.cast import ANN, BOB, DAVE, People, people
from tests.conftest import HeldDatabase
from tests.oauth.consent.site import Place, place_of
from tests.oauth.consent.walking import Browser, Form, Page
from tests.person.test_apps import by_oauth2
from volary.accounts.rules.hashing import PasswordHasher
from volary.activity.actions import Reads
from volary.kit.clock import DAY
from volary.posts.queries.reading import posts_by_ids

pytestmark = pytest.mark.anyio

SCOPES = (
    "tweet.read users.read tweet.write like.write like.read follows.write mute.write block.write dm.read dm.write "
    "bookmark.write list.write offline.access"
)


class Bot:
    """The app, acting for Ann."""

    def __init__(self, place: Place, token: str) -> None:
        self.place, self.ann, self.token = place, place.cast.ann.id, token

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.place.app.client.request(method, path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer

    async def post(self, text: str) -> int:
        return int((await self.call("POST", "/2/tweets", {"text": text})).json()["data"]["id"])


@pytest.fixture
async def server(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    """The whole server, on each engine in turn."""
    return await place_of(db, cast, hasher)


@pytest.fixture
async def page_server(sqlite_db: HeldDatabase, hasher: PasswordHasher) -> Place:
    """The same on SQLite alone."""
    return await place_of(sqlite_db, await people(sqlite_db), hasher)


async def connected(place: Place) -> tuple[Browser, Bot]:
    browser = await place.browser_of(ANN)
    return browser, Bot(place, (await by_oauth2(place.app, browser, SCOPES))["access_token"])


async def shown(browser: Browser, place: Place) -> Page:
    return await browser.open(f"/settings/apps/{place.app.id}/history")


def listed(page: Page) -> list[str]:
    """What the app did, one by one."""
    return [line.every("p")[0].text for line in page.root.one("section", id="acts").every("li")]


async def undo(browser: Browser, page: Page, what: str) -> Page:
    """Press *Undo* beside what begins like this."""
    (line,) = [
        line for line in page.root.one("section", id="acts").every("li") if line.every("p")[0].text.startswith(what)
    ]
    done = await browser.send(Form(line.one("form"), str(page.answer.url)), "Undo")
    return await browser.open(done.location)


async def test_everything_that_it_did_is_told_newest_first(server: Place) -> None:
    browser, bot = await connected(server)
    dave = server.cast.dave.id
    first = await bot.post("Good morning")
    await bot.call("POST", f"/2/users/{bot.ann}/likes", {"tweet_id": str(first)})
    await bot.call("POST", f"/2/users/{bot.ann}/following", {"target_user_id": str(dave)})
    await bot.call("POST", f"/2/users/{bot.ann}/muting", {"target_user_id": str(dave)})
    await bot.call("POST", f"/2/dm_conversations/with/{dave}/messages", {"text": "Hello"})
    await bot.call("POST", f"/2/users/{bot.ann}/retweets", {"tweet_id": str(first)})
    assert listed(await shown(browser, server)) == [
        "Reposted Good morning",
        "Sent a Direct Message",
        "Muted @dave",
        "Followed @dave",
        "Liked a post Good morning",
        "Posted Good morning",
        "Was connected to your account",
    ]


async def test_each_act_that_has_a_way_back_is_undone_by_a_press(server: Place) -> None:
    browser, bot = await connected(server)
    post = await bot.post("Buy now!!!")
    await bot.call("POST", f"/2/users/{bot.ann}/following", {"target_user_id": str(server.cast.dave.id)})
    page = await undo(browser, await shown(browser, server), "Posted")
    assert "It was undone." in page.text
    assert await posts_by_ids(server.db, bot.ann, [post]) == []
    page = await undo(browser, page, "Followed")
    assert (await bot.call("GET", f"/2/users/{bot.ann}?user.fields=public_metrics")).json()["data"]["public_metrics"][
        "following_count"
    ] == 0
    page = await undo(browser, page, "Followed")
    assert page.status == 200  # doing it twice does nothing more


async def test_a_post_that_is_gone_has_no_undo(page_server: Place) -> None:
    browser, bot = await connected(page_server)
    post = await bot.post("Oops")
    await bot.call("DELETE", f"/2/tweets/{post}")
    page = await shown(browser, page_server)
    assert listed(page)[:2] == ["Deleted a post", "Posted"]
    assert not page.root.one("section", id="acts").every("form")


async def test_reading_direct_messages_is_counted_without_a_write(server: Place) -> None:
    browser, bot = await connected(server)
    for _ in range(3):
        await bot.call("GET", "/2/dm_events")
    assert "Direct Messages read" not in (await shown(browser, server)).root.one("main").text.replace("except for", "")
    assert await server.resources[Reads].flush(server.db) == 1
    await bot.call("GET", "/2/dm_events")
    await server.resources[Reads].flush(server.db)
    assert "Direct Messages read 4 times" in (await shown(browser, server)).text
    server.db.clock.advance(91 * DAY)
    await server.resources[Reads].flush(server.db)
    browser = await server.browser_of(ANN)
    assert "Direct Messages read 4 times" not in (await shown(browser, server)).text


async def test_what_it_comes_to_is_told_by_day(page_server: Place) -> None:
    browser, bot = await connected(page_server)
    await bot.post("one")
    await bot.post("two")
    page_server.db.clock.advance(3_600_000 * 1)
    page = await shown(browser, page_server)
    assert [line.text for line in page.root.one("section", id="short").every("li")] == ["2 posts"]
    assert [day.text for day in page.root.one("section", id="short").every("dd")] == ["2 posts"]


async def test_older_acts_stand_on_further_pages(page_server: Place) -> None:
    browser, bot = await connected(page_server)
    for number in range(52):
        await bot.post(f"Number {number}")
    page = await shown(browser, page_server)
    assert (len(listed(page)), listed(page)[0]) == (50, "Posted Number 51")
    older = await browser.open(page.link("Older"))
    assert listed(older) == ["Posted Number 1", "Posted Number 0", "Was connected to your account"]


async def test_it_stays_after_the_access_was_revoked(page_server: Place) -> None:
    browser, bot = await connected(page_server)
    await bot.post("Still here")
    await browser.press(await browser.open(f"/settings/apps/{page_server.app.id}"), "Revoke access")
    assert listed(await shown(browser, page_server))[:2] == ["Its access ended", "Posted Still here"]


@pytest.mark.attack("SR-172")
async def test_nobody_sees_or_undoes_what_it_did_for_others(page_server: Place) -> None:
    _, bot = await connected(page_server)
    post = await bot.post("Ann's own")
    dave = await page_server.browser_of(DAVE)
    assert (await shown(dave, page_server)).status == 404
    bob = await page_server.browser_of(BOB)
    answer = await bob.press(await bob.open(page_server.app.asking()), "App machtigen")
    await page_server.app.tokens(answer.location)
    page = await shown(bob, page_server)
    assert "Ann's own" not in page.text
    csrf = page.root.every("input", name="csrf")[0]["value"]
    await bob.posted(f"/settings/apps/{page_server.app.id}/history/undo", {"csrf": csrf, "act": str(post)})
    assert len(await posts_by_ids(page_server.db, bot.ann, [post])) == 1
