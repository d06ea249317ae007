"""The operations over HTTP on both engines: what each shows to whom. Credentials, levels, scopes and limits are tests/server's."""

import asyncio
from typing import Any

import pytest

from tests.graph.people import newcomer, post
from tests.messages.people import calling, group_of, inbox, say, send
from tests.server.house import Credentials, House
from volary.accounts.models import AccountRow
from volary.graph.actions.blocks import block
from volary.kit.clock import DAY
from volary.messages.actions.groups import leave_group
from volary.messages.actions.reach import allow_messages
from volary.messages.actions.sending import delete_message
from volary.messages.models import FOLLOWING
from volary.messages.queries.conversations import conversation_between, members_of
from volary.messages.rules import pair_of


async def texts(house: House, who: Credentials, target: str) -> list[str]:
    got = await house.get(target, who)
    assert got.status == 200, got.body
    return [one.get("text", one["event_type"]) for one in got.json.get("data", [])]


async def write(house: House, sender: AccountRow, to: AccountRow, text: str = "hello") -> int:
    body = {"text": text}
    return (
        await house.json("POST", f"/2/dm_conversations/with/{to.id}/messages", await house.bearer(sender), body)
    ).status


@pytest.mark.claim("C205", "C206")
async def test_a_group_over_http(each_house: House) -> None:
    house = each_house
    ann, bob, carol = [await newcomer(house.db) for _ in range(3)]
    body = {
        "conversation_type": "Group",
        "participant_ids": [str(bob.id), str(carol.id)],
        "message": {"text": "Welcome"},
    }
    made = await house.json("POST", "/2/dm_conversations/", await house.bearer(ann), body)
    group = made.json["data"]["dm_conversation_id"]
    assert (made.status, group.isdigit()) == (201, True)
    said = await house.json("POST", f"/2/dm_conversations/{group}/messages", await house.bearer(bob), {"text": "Hi"})
    assert (said.status, said.json["data"]["dm_conversation_id"]) == (201, group)
    for person in (ann, bob, carol):
        who = await house.bearer(person)
        assert await texts(house, who, f"/2/dm_conversations/{group}/dm_events") == [
            "Hi",
            "Welcome",
            "ParticipantsJoin",
        ]
        assert await texts(house, who, "/2/dm_events?event_types=MessageCreate") == ["Hi", "Welcome"]
        assert await texts(house, who, "/2/dm_events?event_types=ParticipantsLeave") == []
    await house.db.write(leave_group, calling(carol), int(group))
    await say(house.db, ann, int(group), "She is gone")
    who = await house.bearer(carol)
    listed = await texts(house, who, f"/2/dm_conversations/{group}/dm_events")
    assert listed == ["ParticipantsLeave", "Hi", "Welcome", "ParticipantsJoin"]
    got = await house.json("POST", f"/2/dm_conversations/{group}/messages", who, {"text": "still here"})
    assert got.status == 404


@pytest.mark.claim("C059")
@pytest.mark.attack("SR-189")
async def test_what_is_between_two_is_like_nothing_to_a_third(each_house: House) -> None:
    house = each_house
    ann, bob, mallory, nobody = [await newcomer(house.db) for _ in range(4)]
    said = await send(house.db, ann, bob, "only ours")
    group = (await group_of(house.db, ann, bob, nobody, text="only ours")).conversation_id
    who = await house.bearer(mallory)
    selected = "dm_event.fields=text&expansions=sender_id,participant_ids"
    for real, random in (
        (pair_of(ann.id, bob.id), pair_of(ann.id, nobody.id)),
        (f"{bob.id}-{ann.id}", f"{nobody.id}-{bob.id}"),
        (str(group), str(group + 12_345)),
        (str(said.conversation_id), str(said.conversation_id + 12_345)),
    ):
        answers = [await house.get(f"/2/dm_conversations/{one}/dm_events?{selected}", who) for one in (real, random)]
        assert [got.status for got in answers] == [404, 404]
        assert answers[0].body == answers[1].body
        assert ann.username not in answers[0].body.decode()
        posted = await house.json("POST", f"/2/dm_conversations/{real}/messages", who, {"text": "me too"})
        assert posted.status == 404
    for event in (said.id, said.id + 1):
        got = await house.get(f"/2/dm_events/{event}?{selected}", who)
        assert (got.status, set(got.json)) == (200, {"errors"})
        assert (await house.send("DELETE", f"/2/dm_events/{event}", who)).status == 404
    assert await inbox(house.db, bob) == ["only ours", "only ours"]
    for name in (pair_of(ann.id, bob.id), f"{max(ann.id, bob.id)}-{min(ann.id, bob.id)}"):
        assert await texts(house, await house.bearer(bob), f"/2/dm_conversations/{name}/dm_events") == ["only ours"]


@pytest.mark.attack("SR-210")
async def test_whose_messages_one_takes(each_house: House) -> None:
    house = each_house
    ann, bob, carol = [await newcomer(house.db) for _ in range(3)]
    mine, theirs = await house.bearer(ann), await house.bearer(bob)

    async def told(who: Credentials, whom: AccountRow) -> Any:
        got = await house.get(f"/2/users/{whom.id}?user.fields=receives_your_dm", who)
        return got.json["data"]["receives_your_dm"]

    async def may_write(sender: AccountRow, to: AccountRow) -> Any:
        pair = f"source_id={sender.id}&target_id={to.id}"
        got = await house.get(f"/1.1/friendships/show.json?{pair}", await house.signed(sender))
        return got.json["relationship"]["source"]["can_dm"]

    assert (await told(theirs, ann), await told(mine, ann)) == (True, False)
    assert (await may_write(bob, ann), await may_write(ann, bob)) == (True, True)
    for _ in range(2):
        got = await house.send("POST", f"/2/users/{bob.id}/dm/block", mine)
        assert (got.status, got.json) == (200, {"data": {"blocked": True}})
    assert (await told(theirs, ann), await told(mine, bob)) == (False, True)
    assert (await may_write(bob, ann), await may_write(ann, bob)) == (False, True)
    assert (await write(house, bob, ann), await write(house, ann, bob)) == (403, 201)
    body = {
        "conversation_type": "Group",
        "participant_ids": [str(ann.id), str(carol.id)],
        "message": {"text": "Welcome"},
    }
    assert (await house.json("POST", "/2/dm_conversations", theirs, body)).status == 403
    got = await house.send("POST", f"/2/users/{bob.id}/dm/unblock", mine)
    assert got.json == {"data": {"blocked": False}}
    assert await write(house, bob, ann) == 201
    for nobody in (ann.id, 12345):
        assert (await house.send("POST", f"/2/users/{nobody}/dm/block", mine)).status == 404

    await house.db.write(allow_messages, calling(carol), FOLLOWING)
    assert (await told(mine, carol), await write(house, ann, carol)) == (False, 403)
    assert await write(house, carol, ann) == 201
    assert (await told(mine, carol), await write(house, ann, carol)) == (True, 201)  # who was written to can answer
    await house.db.write(block, calling(carol), ann.id)
    assert (await told(mine, carol), await write(house, ann, carol)) == (False, 403)


async def test_pages_stay_as_they_were_while_messages_arrive_and_end_after_thirty_days(each_house: House) -> None:
    house = each_house
    ann, bob = await newcomer(house.db), await newcomer(house.db)
    old = await send(house.db, ann, bob, "old")
    house.clock.advance(30 * DAY + 1)
    for number in range(7):
        await send(house.db, ann if number % 2 else bob, bob if number % 2 else ann, str(number))
    who = await house.bearer(bob)
    for target in ("/2/dm_events", f"/2/dm_conversations/with/{ann.id}/dm_events"):
        found: list[str] = []
        more = ""
        while True:
            got = (await house.get(f"{target}?max_results=3{more}", who)).json
            found += [one["text"] for one in got["data"]]
            assert got["meta"]["result_count"] == len(got["data"])
            await send(house.db, ann, bob, "later")
            if "next_token" not in got["meta"]:
                break
            more = f"&pagination_token={got['meta']['next_token']}"
        assert [one for one in found if one != "later"] == ["6", "5", "4", "3", "2", "1", "0"]
        assert "old" not in found
        first = (await house.get(f"{target}?max_results=3", who)).json["meta"]["next_token"]
        other = await house.bearer(ann)
        for bad in (f"{target}?max_results=3&event_types=MessageCreate&pagination_token={first}",):
            assert (await house.get(bad, who)).status == 400
        assert (await house.get(f"{target}?pagination_token={first}", other)).status == 400
    assert set((await house.get(f"/2/dm_events/{old.id}", who)).json) == {"errors"}


async def test_posts_that_a_message_links_to_are_shown_to_who_may_see_them(each_house: House) -> None:
    house = each_house
    ann, bob = await newcomer(house.db, protected=True), await newcomer(house.db)
    mine, gone = await post(house.db, ann), 12345
    text = f"look: http://localhost:8000/{ann.username}/status/{mine} and https://x.com/i/web/status/{gone}"
    assert await write(house, ann, bob, text) == 201
    target = "/2/dm_events?dm_event.fields=referenced_tweets&expansions=referenced_tweets.id"
    shown = (await house.get(target, await house.bearer(ann))).json
    assert shown["data"][0]["referenced_tweets"] == [{"id": str(mine)}]
    assert [one["id"] for one in shown["includes"]["tweets"]] == [str(mine)]
    hidden = (await house.get(target, await house.bearer(bob))).json
    assert ("includes" in hidden, hidden["errors"][0]["resource_id"]) == (False, str(mine))


@pytest.mark.attack("SR-187")
@pytest.mark.claim("C144", "C204")
async def test_without_the_level_no_answer_holds_a_message(each_house: House) -> None:
    house = each_house
    ann, bob = await newcomer(house.db), await newcomer(house.db)
    await send(house.db, bob, ann, "quinquireme")
    weak: list[Credentials] = [
        await house.signed(ann, "Writer"),
        await house.signed(ann, "Reader"),
        await house.bearer(ann, "tweet.read users.read tweet.write dm.write"),
        house.app_only(),
    ]
    pair = pair_of(ann.id, bob.id)
    for path in (
        "/2/dm_events",
        f"/2/dm_conversations/with/{bob.id}/dm_events",
        f"/2/dm_conversations/{pair}/dm_events",
    ):
        for who in weak:
            got = await house.get(f"{path}?expansions=sender_id,referenced_posts", who)
            assert (got.status, b"quinquireme" in got.body) == (403, False)


async def test_a_pair_begun_from_both_sides_at_once_is_one_conversation(each_house: House) -> None:
    house = each_house
    for _ in range(5):
        ann, bob = await newcomer(house.db), await newcomer(house.db)
        made = await asyncio.gather(
            *(send(house.db, ann, bob, "from ann") for _ in range(3)),
            *(send(house.db, bob, ann, "hi") for _ in range(3)),
        )
        assert len({one.conversation_id for one in made}) == 1
        assert len(await inbox(house.db, ann)) == len(await inbox(house.db, bob)) == 6
        assert await conversation_between(house.db, ann.id, bob.id) == made[0].conversation_id


@pytest.mark.claim("C059")
async def test_deleting_twice_beside_reading_takes_one_copy_once(each_house: House) -> None:
    house = each_house
    ann, bob = await newcomer(house.db), await newcomer(house.db)
    said = await send(house.db, ann, bob, "oops")
    done = await asyncio.gather(
        *(house.db.write(delete_message, calling(ann), said.id) for _ in range(3)),
        *(inbox(house.db, bob) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done[:3]) == ["MessageNotFound", "MessageNotFound", "NoneType"]
    assert list(done[3:]) == [["oops"]] * 3


async def test_who_leaves_beside_somebody_who_speaks_holds_it_or_not_but_wholly(each_house: House) -> None:
    house = each_house
    for _ in range(5):
        ann, bob, carol = [await newcomer(house.db) for _ in range(3)]
        group = (await group_of(house.db, ann, bob, carol)).conversation_id
        await asyncio.gather(
            house.db.write(leave_group, calling(carol), group), *(say(house.db, ann, group, str(n)) for n in range(4))
        )
        assert sorted(await members_of(house.db, group)) == sorted((ann.id, bob.id))
        assert len(await inbox(house.db, bob)) == 5
        theirs = await inbox(house.db, carol)
        assert theirs == [one for one in await inbox(house.db, ann) if one in theirs]
        await say(house.db, bob, group, "after")
        assert "after" not in await inbox(house.db, carol)
