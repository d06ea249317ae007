"""What the API answers: words, partial errors, expansions, protected accounts, email, sources, pages, messages, v1.1."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from tests.server.calls import FORM, message_of, post_of
from tests.server.house import HOST, Credentials, House, opened
from tests.server.houses import sqlite_place
from volary.access.levels import Level
from volary.accounts.actions import update_profile
from volary.accounts.models import AccountRow, accounts
from volary.accounts.rules.profiles import Profile
from volary.api.fields import SELECTORS
from volary.db import Tx, statement
from volary.kit.clock import DAY, SECOND

TYPES = "https://api.twitter.com/2/problems/"


@pytest.fixture
async def fresh() -> AsyncIterator[House]:
    """A house for one test."""
    with sqlite_place() as url:
        async with opened(url) as started:
            yield started


async def profile(house: House, person: AccountRow, **changes: Any) -> None:
    await house.db.write(update_profile, person.id, Profile(name=person.name, language=person.language, **changes))


# ------------------------------------------------------------------------------------------------------------ vocabularies


async def test_a_request_is_answered_in_the_words_that_it_speaks(house: House) -> None:
    first = await post_of(house, house.cast.carol)
    answer = await post_of(house, house.cast.ann, reply_to_id=first)
    who = await house.bearer(house.cast.ann)
    old = (await house.get(f"/2/tweets/{answer}?tweet.fields=public_metrics&expansions=referenced_tweets.id", who)).json
    new = (await house.get(f"/2/tweets/{answer}?post.fields=public_metrics&expansions=referenced_posts", who)).json
    neither = (await house.get(f"/2/tweets/{answer}", who)).json
    assert set(old["data"]) == {"id", "text", "edit_history_tweet_ids", "public_metrics", "referenced_tweets"}
    assert set(new["data"]) == {"id", "text", "edit_history_post_ids", "public_metrics", "referenced_posts"}
    assert set(neither["data"]) == {"id", "text", "edit_history_tweet_ids", "edit_history_post_ids"}
    assert (set(old["includes"]), set(new["includes"])) == ({"tweets"}, {"posts"})
    assert "retweet_count" in old["data"]["public_metrics"]
    assert "repost_count" not in old["data"]["public_metrics"]
    assert "repost_count" in new["data"]["public_metrics"]
    assert "retweet_count" not in new["data"]["public_metrics"]
    user = (await house.get("/2/users/me?user.fields=public_metrics", who)).json["data"]["public_metrics"]
    assert {"tweet_count", "post_count"} < set(user)


async def test_both_names_of_a_selector_may_be_given_and_add_up(house: House) -> None:
    post = await post_of(house, house.cast.ann)
    got = await house.get(f"/2/tweets/{post}?tweet.fields=lang&post.fields=created_at", house.app_only())
    assert {"lang", "created_at", "edit_history_tweet_ids", "edit_history_post_ids"} < set(got.json["data"])


# ------------------------------------------------------------------------------------------------ partial errors, expansions


async def test_some_are_there_and_some_are_not(house: House) -> None:
    post = await post_of(house, house.cast.ann)
    got = await house.get(f"/2/tweets?ids=1,{post},2", house.app_only())
    assert got.status == 200
    assert [one["id"] for one in got.json["data"]] == [str(post)]
    assert got.json["errors"][0] == {
        "value": "1",
        "detail": "Could not find tweet with ids: [1].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": "1",
        "type": TYPES + "resource-not-found",
    }
    nothing = await house.get("/2/tweets?ids=1,2", house.app_only())
    assert (nothing.status, set(nothing.json)) == (200, {"errors"})
    for target in ("/2/users/1", "/2/users/by/username/nobody_here", "/2/users/1/tweets", "/2/tweets/1"):
        got = await house.get(target, house.app_only())
        assert (got.status, set(got.json)) == (200, {"errors"}), target


async def test_an_expansion_shows_what_it_leads_to_and_the_field_that_leads_there(house: House) -> None:
    first = await post_of(house, house.cast.carol)
    answer = await post_of(house, house.cast.ann, f"@Carol_C hello {first}", reply_to_id=first)
    expansions = (
        "author_id,referenced_tweets.id,referenced_tweets.id.author_id,in_reply_to_user_id,entities.mentions.username"
    )
    got = (await house.get(f"/2/tweets/{answer}?expansions={expansions}", house.app_only())).json
    assert got["data"]["author_id"] == str(house.cast.ann.id)
    assert got["data"]["in_reply_to_user_id"] == str(house.cast.carol.id)
    assert got["data"]["referenced_tweets"] == [{"type": "replied_to", "id": str(first)}]
    assert got["data"]["entities"]["mentions"][0]["username"] == "Carol_C"
    assert {user["username"] for user in got["includes"]["users"]} == {"ann", "Carol_C"}
    (included,) = got["includes"]["tweets"]
    assert (included["id"], included["author_id"]) == (str(first), str(house.cast.carol.id))
    assert "errors" not in got


@pytest.mark.attack("SR-192", "SR-194")
async def test_what_a_post_leads_to_is_told_to_those_who_may_see_it(house: House) -> None:
    ann, bob, carol = house.cast.ann, house.cast.bob, house.cast.carol
    await profile(house, bob)  # for a moment, so that carol can quote it
    hidden = await post_of(house, bob, "the secret of bob")
    quote = await post_of(house, carol, quote_of_id=hidden)
    await profile(house, bob, protected=1)
    expansions = "referenced_tweets.id,referenced_tweets.id.author_id"
    for who in (await house.bearer(ann), house.app_only(), await house.signed(house.cast.dave)):
        got = await house.get(f"/2/tweets/{quote}?expansions={expansions}", who)
        assert "includes" not in got.json
        assert b"the secret of bob" not in got.body
        assert str(bob.id).encode() not in got.body
        (error,) = got.json["errors"]
        assert (error["resource_id"], error["section"], error["parameter"]) == (
            str(hidden),
            "includes",
            "referenced_tweets.id",
        )
    seen = await house.get(f"/2/tweets/{quote}?expansions={expansions}", await house.bearer(bob))
    assert seen.json["includes"]["tweets"][0]["text"] == "the secret of bob"


# ------------------------------------------------------------------------------------------------------- protected accounts


@pytest.mark.claim("C033", "C144")
@pytest.mark.attack("SR-192", "SR-193")
async def test_a_protected_accounts_posts_are_there_for_its_owners_apps_alone(house: House) -> None:
    bob = house.cast.bob
    post = await post_of(house, bob)
    own: list[Credentials] = [await house.bearer(bob), await house.signed(bob, "Reader")]
    others: list[Credentials] = [
        await house.bearer(house.cast.ann),
        await house.signed(house.cast.dave),
        house.app_only(),
    ]
    for who in own:
        assert (await house.get(f"/2/tweets/{post}", who)).json["data"]["id"] == str(post)
        listed = (await house.get(f"/2/users/{bob.id}/tweets", who)).json
        assert str(post) in [one["id"] for one in listed["data"]]
    for who in others:
        hidden, missing = await house.get(f"/2/tweets/{post}", who), await house.get(f"/2/tweets/{post + 1}", who)
        assert hidden.body.replace(str(post).encode(), b"ID") == missing.body.replace(str(post + 1).encode(), b"ID")
        assert dict(hidden.headers).keys() == dict(missing.headers).keys()
        got = (await house.get(f"/2/users/{bob.id}/tweets", who)).json
        assert set(got) == {"errors"}
        assert got["errors"][0]["type"] == TYPES + "not-authorized-for-resource"
        user = (await house.get(f"/2/users/{bob.id}?user.fields=protected", who)).json["data"]
        assert (user["username"], user["protected"]) == ("bob", True)


@pytest.mark.attack("SR-201")
async def test_an_account_that_becomes_protected_between_two_pages_is_closed(fresh: House) -> None:
    for _ in range(12):
        await post_of(fresh, fresh.cast.carol)
    who = await fresh.bearer(fresh.cast.ann)
    base = f"/2/users/{fresh.cast.carol.id}/tweets?max_results=5"
    first = (await fresh.get(base, who)).json
    assert first["meta"]["result_count"] == 5
    await profile(fresh, fresh.cast.carol, protected=1)
    second = (await fresh.get(f"{base}&pagination_token={first['meta']['next_token']}", who)).json
    assert set(second) == {"errors"}


# -------------------------------------------------------------------------------------------------------------------- email


@pytest.mark.claim("C031", "C060", "C061", "C062")
@pytest.mark.parametrize("app", ["Reader", "Writer", "Messenger"])
async def test_the_email_address_needs_a_permission_of_its_own_at_every_level(house: House, app: str) -> None:
    target = "/1.1/account/verify_credentials.json?include_email=true&skip_status=t&include_entities=false"
    with_email = await house.signed(house.cast.ann, app)
    without = await house.signed(house.cast.ann, app, email=False)
    got = (await house.get(target, with_email)).json
    assert (got["email"], got["screen_name"], got["name"]) == ("ann@example.org", "ann", "Ann Ameland")
    assert {"location", "description", "created_at", "id_str", "profile_image_url_https"} < set(got)
    assert "email" not in (await house.get(target, without)).json
    assert "email" not in (await house.get(target.replace("=true", "=false"), with_email)).json


@pytest.mark.claim("C063")
async def test_the_developers_switch_bites_at_once(fresh: House) -> None:
    target = "/1.1/account/verify_credentials.json?include_email=true"
    signed = await fresh.signed(fresh.cast.ann, "Reader")
    bearer = await fresh.bearer(fresh.cast.ann, app="Reader")
    me = "/2/users/me?user.fields=confirmed_email"
    assert (await fresh.get(target, signed)).json["email"] == "ann@example.org"
    assert (await fresh.get(me, bearer)).json["data"]["confirmed_email"] == "ann@example.org"
    await fresh.set_level("Reader", Level.READ, email=False)
    assert "email" not in (await fresh.get(target, signed)).json
    got = (await fresh.get(me, bearer)).json
    assert "confirmed_email" not in got["data"]
    assert got["errors"][0]["type"] == TYPES + "not-authorized-for-field"
    await fresh.set_level("Reader", Level.READ, email=True)
    assert (await fresh.get(target, signed)).json["email"] == "ann@example.org"


@pytest.mark.claim("C060")
@pytest.mark.attack("SR-211")
async def test_on_v2_it_is_ones_own_with_the_scope_and_nobody_elses_ever(house: House) -> None:
    ann, carol = house.cast.ann, house.cast.carol
    fields = "user.fields=confirmed_email"
    with_scope = await house.bearer(ann)
    without = await house.bearer(ann, "tweet.read users.read")
    assert (await house.get(f"/2/users/me?{fields}", with_scope)).json == {
        "data": {"id": str(ann.id), "name": "Ann Ameland", "username": "ann", "confirmed_email": "ann@example.org"}
    }
    for target, who in [
        ("/2/users/me", without),
        (f"/2/users/{carol.id}", with_scope),
        ("/2/users/by/username/carol_c", with_scope),
        (f"/2/users/{ann.id}", house.app_only()),
        (f"/2/users/{ann.id}", await house.bearer(carol)),
    ]:
        got = await house.get(f"{target}?{fields}", who)
        assert b"example.org" not in got.body
        (error,) = got.json["errors"]
        assert (error["type"], error["field"]) == (TYPES + "not-authorized-for-field", "confirmed_email")
        assert got.json["data"]["username"]
    post = await post_of(house, ann)
    got = await house.get(f"/2/tweets/{post}?expansions=author_id&{fields}", await house.bearer(carol))
    assert b"example.org" not in got.body


# ------------------------------------------------------------------------------------------------------------------ sources


@pytest.mark.claim("C044", "C173", "C174")
async def test_a_post_says_which_app_made_it(house: House) -> None:
    made: list[str] = []
    for who in (await house.signed(house.cast.ann), await house.bearer(house.cast.ann)):
        got = await house.json("POST", "/2/tweets", who, {"text": f"by an app {len(made)}"})
        assert got.status == 201
        made.append(got.json["data"]["id"])
    made.append(str(await post_of(house, house.cast.ann)))
    got = await house.get(f"/2/tweets?ids={','.join(made)}&tweet.fields=source,author_id", house.app_only())
    assert [one["source"] for one in got.json["data"]] == ["Messenger", "Messenger", "Volary"]
    assert {one["author_id"] for one in got.json["data"]} == {str(house.cast.ann.id)}


# -------------------------------------------------------------------------------------------------------------------- pages


async def test_a_list_is_read_page_by_page_in_both_directions(fresh: House) -> None:
    made = [str(await post_of(fresh, fresh.cast.ann)) for _ in range(13)]
    newest_first = made[::-1]
    who = await fresh.bearer(fresh.cast.ann)
    base = f"/2/users/{fresh.cast.ann.id}/tweets?max_results=5"
    pages = [(await fresh.get(base, who)).json]
    while token := pages[-1]["meta"].get("next_token"):
        pages.append((await fresh.get(f"{base}&pagination_token={token}", who)).json)
    assert [[one["id"] for one in page["data"]] for page in pages] == [
        newest_first[:5],
        newest_first[5:10],
        newest_first[10:],
    ]
    assert [page["meta"]["result_count"] for page in pages] == [5, 5, 3]
    assert "previous_token" not in pages[0]["meta"]
    assert (pages[1]["meta"]["newest_id"], pages[1]["meta"]["oldest_id"]) == (newest_first[5], newest_first[9])
    back = (await fresh.get(f"{base}&pagination_token={pages[2]['meta']['previous_token']}", who)).json
    assert [one["id"] for one in back["data"]] == newest_first[5:10]
    empty = (await fresh.get(f"{base}&since_id={newest_first[0]}", who)).json
    assert empty == {"meta": {"result_count": 0}}


async def test_bounds_of_time_and_id_cut_the_list(fresh: House) -> None:
    made: list[str] = []
    moments: list[int] = []
    for _ in range(4):
        fresh.clock.advance(10 * SECOND)
        moments.append(fresh.clock.now())
        made.append(str(await post_of(fresh, fresh.cast.ann)))
    who = await fresh.bearer(fresh.cast.ann)

    async def listed(query: str) -> list[str]:
        got = await fresh.get(f"/2/users/{fresh.cast.ann.id}/tweets?{query}", who)
        return [one["id"] for one in got.json.get("data", [])][::-1]

    def written(milliseconds: int) -> str:
        return f"{datetime.fromtimestamp(milliseconds // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"

    assert await listed(f"since_id={made[1]}") == made[2:]
    assert await listed(f"until_id={made[1]}") == made[:1]
    assert await listed(f"start_time={written(moments[1])}") == made[1:]
    assert await listed(f"end_time={written(moments[1])}") == made[:1]
    assert await listed(f"start_time={written(moments[1])}&since_id={made[2]}") == made[3:]
    answer = str(await post_of(fresh, fresh.cast.ann, reply_to_id=int(made[0])))
    assert answer in await listed("")
    assert answer not in await listed("exclude=replies")
    assert answer not in await listed("exclude=replies,retweets")


@pytest.mark.attack("SR-279")
async def test_a_token_of_a_page_is_good_for_its_own_list_and_caller(fresh: House) -> None:
    for _ in range(6):
        await post_of(fresh, fresh.cast.ann)
        await post_of(fresh, fresh.cast.carol)
        await message_of(fresh, fresh.cast.ann, fresh.cast.carol)
    ann, carol = await fresh.bearer(fresh.cast.ann), await fresh.bearer(fresh.cast.carol)
    own = f"/2/users/{fresh.cast.ann.id}/tweets?max_results=5"
    token = (await fresh.get(own, ann)).json["meta"]["next_token"]
    assert (await fresh.get(f"{own}&pagination_token={token}", ann)).status == 200
    middle = len(token) // 2
    flipped = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for target, who, text in [
        (own, carol, token),
        (f"/2/users/{fresh.cast.carol.id}/tweets?max_results=5", ann, token),
        (own + "&exclude=replies", ann, token),
        ("/2/dm_events?max_results=5", ann, token),
        (own, ann, flipped),
        (own, ann, token[:-4]),
        (own, ann, "eyJpZCI6MX0"),
        (own, ann, "x" * 1025),
        (own, ann, ""),
        (own, ann, "%00"),
    ]:
        got = await fresh.get(f"{target}&pagination_token={text}", who)
        assert (got.status, got.json["type"]) == (400, TYPES + "invalid-request"), (target, text)
    assert (await fresh.get(f"{own}&pagination_token={'x' * 100_000}", ann)).status == 414


# ----------------------------------------------------------------------------------------------------------------- messages


@pytest.mark.claim("C056", "C057", "C058", "C059", "C205", "C206")
async def test_messages_are_sent_read_and_deleted_for_oneself(fresh: House) -> None:
    ann, carol = await fresh.signed(fresh.cast.ann), await fresh.bearer(fresh.cast.carol)
    to_carol = f"/2/dm_conversations/with/{fresh.cast.carol.id}"
    to_ann = f"/2/dm_conversations/with/{fresh.cast.ann.id}"
    sent = (await fresh.json("POST", f"{to_carol}/messages", ann, {"text": "Hello Carol"})).json["data"]
    back = (await fresh.json("POST", f"{to_ann}/messages", carol, {"text": "Hello Ann"})).json["data"]
    pair = sorted([fresh.cast.ann.id, fresh.cast.carol.id])
    assert sent["dm_conversation_id"] == back["dm_conversation_id"] == f"{pair[0]}-{pair[1]}"
    for who, target in ((ann, f"{to_carol}/dm_events"), (carol, f"{to_ann}/dm_events"), (ann, "/2/dm_events")):
        got = (await fresh.get(f"{target}?dm_event.fields=sender_id,dm_conversation_id", who)).json
        assert [one["text"] for one in got["data"]] == ["Hello Ann", "Hello Carol"]
        assert got["data"][1]["sender_id"] == str(fresh.cast.ann.id)
        assert got["meta"] == {"result_count": 2}
    event = f"/2/dm_events/{sent['dm_event_id']}"
    assert (await fresh.send("DELETE", event, ann)).json == {"data": {"deleted": True}}
    assert [one["text"] for one in (await fresh.get("/2/dm_events", ann)).json["data"]] == ["Hello Ann"]
    assert len((await fresh.get("/2/dm_events", carol)).json["data"]) == 2
    again = await fresh.send("DELETE", event, ann)
    assert (again.status, again.json["title"]) == (404, "Not Found Error")
    assert again.header("x-access-level") == "read-write-directmessages"


@pytest.mark.attack("SR-189")
async def test_a_strangers_messages_are_like_none(fresh: House) -> None:
    event = await message_of(fresh, fresh.cast.ann, fresh.cast.carol, "between us")
    dave = await fresh.bearer(fresh.cast.dave)
    for target in (f"/2/dm_events/{event}", "/2/dm_events/7"):
        got = await fresh.get(f"{target}?expansions=sender_id,participant_ids", dave)
        assert (got.status, set(got.json)) == (200, {"errors"})
        assert b"ann" not in got.body
        assert (await fresh.send("DELETE", target, dave)).status == 404
    assert (await fresh.get("/2/dm_events", dave)).json == {"meta": {"result_count": 0}}
    both = f"/2/dm_conversations/with/{fresh.cast.ann.id}/dm_events"
    assert (await fresh.get(both, dave)).json == {"meta": {"result_count": 0}}
    assert len((await fresh.get("/2/dm_events", await fresh.bearer(fresh.cast.carol))).json["data"]) == 1


async def test_lists_reach_thirty_days_back(fresh: House) -> None:
    await message_of(fresh, fresh.cast.ann, fresh.cast.carol, "old")
    fresh.clock.advance(30 * DAY - SECOND)
    who = await fresh.bearer(fresh.cast.ann)
    assert (await fresh.get("/2/dm_events", who)).json["meta"]["result_count"] == 1
    fresh.clock.advance(2 * SECOND)
    assert (await fresh.get("/2/dm_events", who)).json["meta"]["result_count"] == 0


async def test_event_types_that_do_not_exist_yet_find_nothing(fresh: House) -> None:
    await message_of(fresh, fresh.cast.ann, fresh.cast.carol)
    who = await fresh.bearer(fresh.cast.ann)
    assert (await fresh.get("/2/dm_events?event_types=ParticipantsJoin", who)).json == {"meta": {"result_count": 0}}
    assert (await fresh.get("/2/dm_events?event_types=MessageCreate", who)).json["meta"]["result_count"] == 1
    assert (await fresh.get("/2/dm_events?event_types=Other", who)).status == 400


# --------------------------------------------------------------------------------------------------- what cannot be posted


async def test_what_a_post_may_not_be_is_refused_in_xs_words(fresh: House) -> None:
    who = await fresh.bearer(fresh.cast.ann)
    hidden = await post_of(fresh, fresh.cast.bob)
    assert (await fresh.json("POST", "/2/tweets", who, {"text": "once"})).status == 201
    before = fresh.rows()["posts"]
    for body, status, said in [
        ({"text": "once"}, 403, "You are not allowed to create a Tweet with duplicate content."),
        ({"text": "x" * 281}, 400, "Your Tweet text is too long. Its weighted length must be at most 280."),
        (
            {"text": "y", "reply": {"in_reply_to_tweet_id": str(hidden)}},
            403,
            "You attempted to reply to or quote a Tweet that",
        ),
        (
            {"text": "y", "quote_tweet_id": "1"},
            403,
            "You attempted to reply to or quote a Tweet that is deleted or not visible",
        ),
        ({"text": " "}, 400, "One or more parameters"),
        ({}, 400, "One or more parameters"),
        ({"text": "y", "media": {"media_ids": ["1"]}}, 400, "One or more parameters"),
        ({"text": "y", "poll": {}}, 400, "One or more parameters"),
        ({"text": "y", "nullcast": True}, 501, "`nullcast` in a new post is not supported"),
        ({"text": "y", "for_super_followers_only": True}, 501, "`for_super_followers_only`"),
    ]:
        got = await fresh.json("POST", "/2/tweets", who, body)
        assert (got.status, got.json["detail"][: len(said)]) == (status, said), body
    assert fresh.rows()["posts"] == before
    harmless = {"text": "fine", "media": None, "nullcast": False, "reply_settings": None, "poll": None}
    assert (await fresh.json("POST", "/2/tweets", who, harmless)).status == 201


@pytest.mark.claim("C046")
@pytest.mark.attack("SR-208")
async def test_a_post_is_deleted_by_its_author_alone(fresh: House) -> None:
    post = await post_of(fresh, fresh.cast.ann)
    hidden = await post_of(fresh, fresh.cast.bob)
    dave = await fresh.bearer(fresh.cast.dave)
    got = await fresh.send("DELETE", f"/2/tweets/{post}", dave)
    assert (got.status, got.json["detail"]) == (403, "You are not authorized to delete this Tweet.")
    for target in (f"/2/tweets/{hidden}", "/2/tweets/1"):
        got = await fresh.send("DELETE", target, dave)
        assert (got.status, got.json["type"]) == (404, TYPES + "resource-not-found")
    assert (await fresh.send("DELETE", f"/2/tweets/{post}", await fresh.bearer(fresh.cast.ann))).status == 200
    assert (await fresh.get(f"/2/tweets/{post}", dave)).json["errors"]


# --------------------------------------------------------------------------------------------------------------------- v1.1


@pytest.mark.claim("C044", "C174")
async def test_v1_1_posts_from_a_form_or_a_query(fresh: House) -> None:
    who = await fresh.signed(fresh.cast.ann)
    got = await fresh.send("POST", "/1.1/statuses/update.json", who, body=b"status=from+a+form+%26+more", kind=FORM)
    assert got.status == 200
    assert (got.json["text"], got.json["user"]["screen_name"]) == ("from a form & more", "ann")
    assert got.json["source"] == '<a href="https://messenger.example/" rel="nofollow">Messenger</a>'
    assert got.json["id_str"] == str(got.json["id"])
    again = await fresh.send("POST", "/1.1/statuses/update.json?status=from%20a%20query&trim_user=true", who)
    assert set(again.json["user"]) == {"id", "id_str"}
    extended = await fresh.send("POST", "/1.1/statuses/update.json?status=long&tweet_mode=extended", who)
    assert (extended.json["full_text"], extended.json["display_text_range"]) == ("long", [0, 4])
    assert "text" not in extended.json
    carol = await fresh.signed(fresh.cast.carol)
    to = f"in_reply_to_status_id={got.json['id_str']}"
    named = f"status=well&{to}&auto_populate_reply_metadata=true&tweet_mode=extended"
    answer = await fresh.send("POST", f"/1.1/statuses/update.json?{named}", carol)
    assert (answer.json["full_text"], answer.json["display_text_range"]) == ("@ann well", [5, 9])
    reply = await fresh.send("POST", f"/1.1/statuses/update.json?status=yes&{to}", carol)
    assert (reply.json["in_reply_to_screen_name"], reply.json["in_reply_to_status_id"]) == ("ann", got.json["id"])


@pytest.mark.claim("C202")
async def test_v1_1_refuses_with_its_numbers(fresh: House) -> None:
    who = await fresh.signed(fresh.cast.ann)
    assert (await fresh.send("POST", "/1.1/statuses/update.json?status=once", who)).status == 200
    for query, status, code in [
        ("status=once", 403, 187),
        ("status=" + "x" * 281, 403, 186),
        ("status=", 403, 170),
        ("", 403, 170),
        ("status=y&in_reply_to_status_id=1", 403, 385),
        ("status=y&in_reply_to_status_id=x", 404, 144),
        ("status=y&media_ids=1", 400, 324),
        ("status=y&media_ids=1,x", 400, 324),
        ("status=y&status=z", 400, 214),
    ]:
        got = await fresh.send("POST", f"/1.1/statuses/update.json?{query}", who)
        assert (got.status, got.json["errors"][0]["code"]) == (status, code), (query, got.body)
    reader = await fresh.signed(fresh.cast.ann, "Reader")
    got = await fresh.send("POST", "/1.1/statuses/update.json?status=y", reader)
    assert (got.status, got.json) == (
        401,
        {"request": "/1.1/statuses/update.json", "error": "Read-only application cannot POST."},
    )


_SET_PHONE = statement(update(accounts).where(accounts.c.id == bindparam("id")).values(phone=bindparam("phone")))


async def _set_phone(tx: Tx, account_id: int, phone: str) -> None:
    await tx.run(_SET_PHONE, id=account_id, phone=phone)


@pytest.mark.claim("C032")
async def test_no_answer_has_a_telephone_number(house: House) -> None:
    ann, every = house.cast.ann, ",".join(sorted(SELECTORS["user.fields"][1]))
    await house.db.write(_set_phone, ann.id, "+31612345678")
    targets = (f"/2/users/me?user.fields={every}", f"/2/users/{ann.id}?user.fields={every}")
    older = ("/1.1/account/verify_credentials.json?include_email=1", "/1.1/account/settings.json")
    asked = [(app, target) for app in ("Reader", "Writer", "Messenger") for target in (*targets, *older)]
    got = [await house.get(target, await house.signed(ann, app)) for app, target in asked]
    got += [await house.get(target, await house.bearer(ann)) for target in targets]
    assert [one.status for one in got] == [200] * len(got)
    assert not [one.body for one in got if b"12345678" in one.body or b'"phone"' in one.body]


async def test_the_server_calls_itself_by_its_own_name_whatever_the_host_header_says(fresh: House) -> None:
    got = await fresh.get("/2/users/me", await fresh.bearer(fresh.cast.ann, app="Loner"), host=HOST.upper())
    assert got.json["registration_url"] == "http://localhost:8000/portal"


# -------------------------------------------------------------------------------------------------------- suspended accounts


@pytest.mark.attack("SR-212", "SR-221")
async def test_a_suspended_account_is_hidden_and_its_apps_are_out(fresh: House) -> None:
    carol = fresh.cast.carol
    first = await post_of(fresh, carol, "before")
    answer = await post_of(fresh, fresh.cast.ann, reply_to_id=first)
    who = await fresh.bearer(fresh.cast.ann)
    own: list[Credentials] = [await fresh.bearer(carol), await fresh.signed(carol)]
    for one in own:
        assert (await fresh.get("/2/users/me", one)).status == 200
    assert fresh.file is not None
    with contextlib.closing(sqlite3.connect(fresh.file)) as other, other:
        other.execute("UPDATE accounts SET state = 'suspended', epoch = epoch + 1 WHERE id = ?", (carol.id,))
    for one in own:
        assert (await fresh.get("/2/users/me", one)).status == 401
    for target in (f"/2/users/{carol.id}", "/2/users/by/username/carol_c"):
        got = (await fresh.get(target, who)).json
        assert set(got) == {"errors"}
        assert got["errors"][0]["type"] == TYPES + "resource-unavailable"
    assert set((await fresh.get(f"/2/tweets/{first}", who)).json) == {"errors"}
    assert set((await fresh.get(f"/2/users/{carol.id}/tweets", who)).json) == {"errors"}
    got = await fresh.get(f"/2/tweets/{answer}?expansions=referenced_tweets.id,in_reply_to_user_id", who)
    assert "includes" not in got.json
    assert b"before" not in got.body
    assert {error["resource_id"] for error in got.json["errors"]} == {str(first), str(carol.id)}
