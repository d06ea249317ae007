"""What Read views, resource by resource, with a token of exactly that level; and that the levels above it view the very same.

The people are new, so that nothing connects them with anybody; the house has run many calls before.
"""

from typing import Any

import msgspec
import pytest

from tests.graph.people import act, befriend, calling, newcomer, now, post, protect
from tests.lists.making import list_of
from tests.media.samples import multipart, picture
from tests.server.house import Got, House, Signed
from volary.accounts.actions import update_profile
from volary.accounts.models import AccountRow
from volary.accounts.rules.profiles import Profile
from volary.collections.actions.curating import Change, curate
from volary.collections.actions.writing import Draft, create_collection
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.graph.actions.mutes import mute
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import delete_post

LEVELS = ("Reader", "Writer", "Messenger")


class Town(msgspec.Struct):
    """A person whose data Apps view, the people around them, and what there is."""

    me: AccountRow
    friend: AccountRow
    hidden: AccountRow
    muted: AccountRow
    blocked: AccountRow
    stranger: AccountRow
    mine: int
    theirs: int
    theirs_hidden: int
    quote: int
    lists: tuple[int, int]
    collection: int


@pytest.fixture
async def town(each_house: House) -> Town:
    db = each_house.db
    me, friend, hidden, muted, blocked, stranger = [await newcomer(db) for _ in range(6)]
    await protect(db, hidden)
    await befriend(db, me, hidden)
    await act(db, follow, me, friend)
    await act(db, mute, me, muted)
    await act(db, block, me, blocked)
    mine = await post(db, me, "Mine, for everybody")
    await db.write(like, calling(friend), mine)
    await db.write(repost, calling(friend), mine)
    made = await db.write(create_collection, calling(me), Draft("Best"))
    theirs = await post(db, friend)
    await db.write(curate, calling(me), made.id, [Change("add", theirs)])
    return Town(
        *(me, friend, hidden, muted, blocked, stranger),
        mine=mine,
        theirs=theirs,
        theirs_hidden=await post(db, hidden),
        quote=await post(db, friend, "Look at this", quote_of_id=mine),
        lists=(await list_of(db, me, friend), await list_of(db, me, friend, name="Secret", private=True)),
        collection=made.id,
    )


async def view(house: House, who: AccountRow, app: str, target: str) -> Got:
    """One call with a token of an App of that level, for somebody."""
    got = await house.get(target, await house.signed(who, app))
    assert (got.status, got.header("x-access-level")) == (200, house.apps[app].app.oauth1_level), (target, got.body)
    return got


def ids(got: Got) -> list[int]:
    return [int(one["id"]) for one in got.json.get("data", [])]


@pytest.mark.claim("C035", "C036", "C037", "C039", "C040", "C041", "C042", "C055")
async def test_the_same_is_viewed_at_each_level(each_house: House, town: Town) -> None:
    me = town.me.id
    expected = {
        f"/2/tweets/{town.mine}/liking_users": [town.friend.id],
        f"/2/tweets/{town.mine}/retweeted_by": [town.friend.id],
        f"/2/tweets/{town.mine}/quote_tweets": [town.quote],
        f"/2/users/{me}/following": [town.friend.id, town.hidden.id],
        f"/2/users/{me}/muting": [town.muted.id],
        f"/2/users/{me}/blocking": [town.blocked.id],
        f"/2/users/{me}/owned_lists": [*reversed(town.lists)],
    }
    for target, wanted in expected.items():
        answers = [await view(each_house, town.me, app, target) for app in LEVELS]
        assert ids(answers[0]) == wanted, target
        assert answers[0].json == answers[1].json == answers[2].json, target
    home = [await view(each_house, town.me, app, f"/2/users/{me}/timelines/reverse_chronological") for app in LEVELS]
    assert {town.theirs, town.theirs_hidden, town.quote} <= set(ids(home[0]))
    assert home[0].json == home[1].json == home[2].json
    kept = [await view(each_house, town.me, app, f"/1.1/collections/list.json?user_id={me}") for app in LEVELS]
    assert kept[0].json["response"]["results"] == [{"timeline_id": f"custom-{town.collection}"}]
    assert kept[0].json == kept[1].json == kept[2].json


@pytest.mark.claim("C033", "C037")
@pytest.mark.parametrize("app", LEVELS)
async def test_protected_posts_are_viewed_for_their_author_and_whom_they_accepted(
    each_house: House, town: Town, app: str
) -> None:
    target = f"/2/users/{town.hidden.id}/tweets"
    for who, wanted in ((town.hidden, [town.theirs_hidden]), (town.me, [town.theirs_hidden]), (town.stranger, [])):
        assert ids(await view(each_house, who, app, target)) == wanted
    home = f"/2/users/{town.stranger.id}/timelines/reverse_chronological"
    assert town.theirs_hidden not in ids(await view(each_house, town.stranger, app, home))


@pytest.mark.claim("C031", "C042", "C055")
@pytest.mark.parametrize("app", LEVELS)
async def test_a_profile_is_viewed_with_its_photos_on_both_versions(each_house: House, town: Town, app: str) -> None:
    house = each_house
    about = Profile(name="Ida Bee", description="Bees.", location="Ameland", website="https://bees.example")
    await house.db.write(update_profile, town.stranger.id, about)
    for which, path in (("image", "update_profile_image"), ("banner", "update_profile_banner")):
        body, kind = multipart({}, **{which: picture("PNG", 900, 300)})
        own = await house.signed(town.stranger, "Writer")
        assert (await house.send("POST", f"/1.1/account/{path}.json", own, body=body, kind=kind)).status == 200
    row = await now(house.db, town.stranger)
    shown: dict[str, Any] = {}
    fields = "name,location,description,url,profile_image_url,profile_banner_url"
    for target in (f"/2/users/me?user.fields={fields}", f"/2/users/{row.id}?user.fields={fields}"):
        shown = (await view(house, town.stranger, app, target)).json["data"]
        assert (
            shown
            | {
                "name": "Ida Bee",
                "location": "Ameland",
                "description": "Bees.",
                "url": "https://bees.example",
            }
            == shown
        )
        assert row.picture.partition(".")[0] in shown["profile_image_url"]
        assert shown["profile_banner_url"].endswith(f"/{row.id}/{row.banner}")
    older = (await view(house, town.stranger, app, "/1.1/account/verify_credentials.json")).json
    assert (older["name"], older["location"], older["description"]) == ("Ida Bee", "Ameland", "Bees.")
    assert older["profile_image_url_https"] == shown["profile_image_url"]
    assert older["profile_banner_url"] == shown["profile_banner_url"]


@pytest.mark.claim("C038", "C042", "C055")
@pytest.mark.parametrize("app", LEVELS)
async def test_settings_are_viewed(each_house: House, town: Town, app: str) -> None:
    chosen = Profile(name="Ida", language="nl", time_zone="Asia/Kolkata")
    await each_house.db.write(update_profile, town.me.id, chosen)
    got = (await view(each_house, town.me, app, "/1.1/account/settings.json")).json
    assert (got["language"], got["time_zone"]["tzinfo_name"]) == ("nl", "Asia/Kolkata")


# ---------------------------------------------------------------------------------------------------------------- write


async def tried(house: House, who: Signed, method: str, target: str, value: Any = None, form: str = "") -> Got:
    """One call that changes something: JSON on v2, a form on v1.1."""
    if form:
        kind = "application/x-www-form-urlencoded"
        return await house.send(method, target, who, body=form.encode(), kind=kind)
    return await house.send(method, target, who) if value is None else await house.json(method, target, who, value)


@pytest.mark.claim("C043", "C044", "C046", "C047", "C048", "C049", "C050", "C051", "C052", "C053", "C054", "C055")
async def test_read_and_write_does_and_read_does_not(each_house: House, town: Town) -> None:
    """Each act with Read first, which is refused and changes nothing, then with Read and Write, then with the level above."""
    house, me, db = each_house, town.me.id, each_house.db
    answer = await post(db, town.friend, "An answer", reply_to_id=town.mine)
    acts: list[tuple[str, str, Any, str]] = [
        ("POST", "/1.1/account/update_profile.json", None, "description=Changed"),
        ("POST", "/1.1/account/settings.json", None, "lang=de"),
        ("POST", f"/2/users/{me}/likes", {"tweet_id": str(town.theirs)}, ""),
        ("DELETE", f"/2/users/{me}/likes/{town.theirs}", None, ""),
        ("POST", f"/2/users/{me}/retweets", {"tweet_id": str(town.theirs)}, ""),
        ("DELETE", f"/2/users/{me}/retweets/{town.theirs}", None, ""),
        ("POST", f"/2/users/{me}/following", {"target_user_id": str(town.stranger.id)}, ""),
        ("DELETE", f"/2/users/{me}/following/{town.stranger.id}", None, ""),
        ("POST", f"/2/users/{me}/muting", {"target_user_id": str(town.stranger.id)}, ""),
        ("POST", "/1.1/blocks/create.json", None, f"user_id={town.stranger.id}"),
        ("POST", "/1.1/users/report_spam.json", None, f"user_id={town.stranger.id}&perform_block=false"),
        ("POST", f"/2/lists/{town.lists[0]}/members", {"user_id": str(town.hidden.id)}, ""),
        ("DELETE", f"/2/lists/{town.lists[0]}/members/{town.hidden.id}", None, ""),
        ("PUT", f"/2/lists/{town.lists[0]}", {"name": "Renamed"}, ""),
        ("PUT", f"/2/tweets/{answer}/hidden", {"hidden": True}, ""),
        *(
            (
                "POST",
                f"/1.1/collections/entries/{what}.json",
                None,
                f"id=custom-{town.collection}&tweet_id={town.quote}",
            )
            for what in ("add", "remove")
        ),
    ]
    reader, *doers = [await house.signed(town.me, app) for app in LEVELS]
    for method, target, value, form in acts:
        before = house.rows() if house.file else None
        refused = await tried(house, reader, method, target, value, form)
        assert refused.status == (401 if target.startswith("/1.1") else 403), (target, refused.body)
        assert before == (house.rows() if house.file else None), target
        for who in doers:
            done = await tried(house, who, method, target, value, form)
            assert done.status == 200, (target, done.body)
    for number, who in enumerate(doers):
        more = {"text": f"By an App {number}"}
        extras: tuple[dict[str, object], ...] = (
            {},
            {"reply": {"in_reply_to_tweet_id": str(town.theirs)}},
            {"quote_tweet_id": str(town.theirs)},
        )
        for extra in extras:
            made = await tried(
                house, who, "POST", "/2/tweets", more | {"text": f"{more['text']} {len(str(extra))}"} | extra
            )
            assert made.status == 201, made.body
            gone = await tried(house, who, "DELETE", f"/2/tweets/{made.json['data']['id']}")
            assert gone.json == {"data": {"deleted": True}}
        made = await tried(house, who, "POST", "/2/lists", {"name": "Short"})
        assert (await tried(house, who, "DELETE", f"/2/lists/{made.json['data']['id']}")).status == 200
    row = await now(db, town.me)
    assert (row.description, row.language) == ("Changed", "de")
    foreign = await tried(house, doers[0], "DELETE", f"/2/tweets/{town.theirs}")
    assert foreign.status == 403
    await db.write(delete_post, calling(town.friend), answer)
