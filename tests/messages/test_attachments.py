"""What is sent with a message: its readers see it, for as long as they hold a copy."""

import pytest

from tests.graph.people import newcomer
from tests.media.making import made
from tests.media.samples import video
from tests.messages.people import calling
from tests.server.house import House
from volary.access.levels import Level
from volary.accounts.models import AccountRow
from volary.kit.clock import DAY
from volary.media.models import MediaRow
from volary.media.queries import media_by_ids
from volary.media.rules.folder import Folder
from volary.messages.actions.sending import MessageDraft, delete_message, send_message
from volary.posts.actions.writing import Draft, create_post


@pytest.mark.attack("SR-191")
async def test_a_picture_is_seen_by_who_holds_the_message(house: House) -> None:
    ann, bob, dave = [await newcomer(house.db) for _ in range(3)]
    picture = await made(house, ann, category="dm_image")
    body = {"attachments": [{"media_id": str(picture.id)}]}
    sent = await house.json("POST", f"/2/dm_conversations/with/{bob.id}/messages", await house.bearer(ann), body)
    assert sent.status == 201, sent.body
    event = int(sent.json["data"]["dm_event_id"])
    target = f"/2/dm_events/{event}?dm_event.fields=attachments&expansions=attachments.media_keys"
    for person in (ann, bob):
        got = (await house.get(target, await house.bearer(person))).json
        assert got["data"]["attachments"] == {"media_keys": [f"3_{picture.id}"]}
        assert [one["media_key"] for one in got["includes"]["media"]] == [f"3_{picture.id}"]
    assert await media_by_ids(house.db, dave.id, [picture.id]) == []
    await house.db.write(delete_message, calling(bob), event)
    assert await media_by_ids(house.db, bob.id, [picture.id]) == []
    for stolen in (str(picture.id), "12345"):
        body = {"attachments": [{"media_id": stolen}]}
        got = await house.json("POST", f"/2/dm_conversations/with/{ann.id}/messages", await house.bearer(bob), body)
        assert got.status == 400


async def sent_with_a_picture(house: House, sender: AccountRow, to: AccountRow) -> tuple[int, MediaRow]:
    """A message with a picture; its id, and the picture."""
    row = await made(house, sender, category="dm_image")
    draft = MessageDraft("look", row.id)
    return (await house.db.write(send_message, calling(sender), to.id, draft)).id, row


def place(event: int, row: MediaRow, file: str = "") -> str:
    return f"/2/dm_conversations/media/{event}/{row.id}/{file or f'{row.name}.png'}"


@pytest.mark.claim("C057")
@pytest.mark.attack("SR-189", "SR-191")
async def test_who_holds_the_message_downloads_its_picture(each_house: House) -> None:
    house = each_house
    ann, bob, mallory = [await newcomer(house.db) for _ in range(3)]
    event, row = await sent_with_a_picture(house, ann, bob)
    kept = house.application.resources[Folder].file(row.name, "orig").read_bytes()
    theirs = await house.bearer(bob, "tweet.read users.read dm.read")
    for target in (
        place(event, row),
        place(event, row, row.name),
        place(event, row).replace(f"/{row.id}", f"/3_{row.id}"),
    ):
        got = await house.get(target, theirs)
        assert (got.status, got.body == kept, got.header("content-type")) == (200, True, "image/png")
        assert got.header("cache-control") == "no-cache, no-store, must-revalidate, private"
        assert got.header("x-content-type-options") == "nosniff"
        assert (got.header("content-length"), got.header("accept-ranges")) == (str(len(kept)), "bytes")
        assert "sandbox" in (got.header("content-security-policy") or "")
    missing = await house.get(place(event + 1, row), theirs)
    assert (missing.status, missing.json["title"]) == (404, "Not Found Error")
    strange = await house.get(place(event, row), await house.bearer(mallory))
    assert (strange.status, strange.body) == (404, missing.body)
    await house.db.write(delete_message, calling(bob), event)
    assert (await house.get(place(event, row), theirs)).status == 404
    mine = await house.bearer(ann)
    assert (await house.get(place(event, row), mine)).status == 200
    house.clock.advance(31 * DAY)
    assert (await house.get(place(event, row), await house.bearer(ann))).status == 404


@pytest.mark.attack("SR-189", "SR-263")
async def test_nothing_else_leads_to_a_file(house: House) -> None:
    ann, bob, carol = [await newcomer(house.db) for _ in range(3)]
    event, row = await sent_with_a_picture(house, ann, bob)
    other, another = await sent_with_a_picture(house, ann, bob)
    _, foreign = await sent_with_a_picture(house, ann, carol)
    who = await house.bearer(bob)
    for target in (
        place(other, row),  # another message than the one that it was sent with
        place(event, another, f"{row.name}.png"),
        place(event, row, f"{another.name}.png"),
        place(event, row, f"{row.name}.jpg"),
        place(event, row, f"{row.name}.mp4"),
        place(event, row, "..%2F..%2Fvolary.db"),
        place(event, row, f"{row.name}.png%00"),
        place(event, foreign, f"{foreign.name}.png"),
    ):
        assert (await house.get(target, who)).status == 404, target
    for target in (
        f"/2/dm_conversations/media/x/{row.id}/{row.name}",
        f"/2/dm_conversations/media/{event}/-1/{row.name}",
    ):
        assert (await house.get(target, who)).status == 400, target
    for scopes in ("tweet.read users.read dm.write", "tweet.read users.read"):
        assert (await house.get(place(event, row), await house.bearer(bob, scopes))).status == 403
    assert (await house.get(place(event, row), await house.signed(bob))).status == 403
    house.application.resources[Folder].remove(row.name)
    lost = await house.get(place(event, row), who)
    assert (lost.status, lost.json["detail"]) == (404, "Could not find the media.")


@pytest.mark.attack("SR-258")
async def test_a_part_of_a_picture(house: House) -> None:
    ann, bob = [await newcomer(house.db) for _ in range(2)]
    event, row = await sent_with_a_picture(house, ann, bob)
    who = await house.bearer(bob)
    whole = (await house.get(place(event, row), who)).body
    part = await house.get(place(event, row), who, headers=[("range", "bytes=10-19")])
    assert (part.status, part.body) == (206, whole[10:20])
    assert part.header("content-range") == f"bytes 10-19/{len(whole)}"
    outside = await house.get(place(event, row), who, headers=[("range", f"bytes={len(whole)}-")])
    assert (outside.status, outside.body, outside.header("content-range")) == (416, b"", f"bytes */{len(whole)}")
    told = await house.send("HEAD", place(event, row), who)
    assert (told.status, told.body, told.header("content-length")) == (200, b"", str(len(whole)))


async def test_a_video_and_its_still_picture(house: House) -> None:
    ann, bob = [await newcomer(house.db) for _ in range(2)]
    row = await made(house, ann, video(), "dm_video")
    event = (await house.db.write(send_message, calling(ann), bob.id, MessageDraft("", row.id))).id
    who = await house.bearer(bob)
    for ending, kind in (("mp4", "video/mp4"), ("jpg", "image/jpeg")):
        got = await house.get(place(event, row, f"{row.name}.{ending}"), who)
        assert (got.status, got.header("content-type")) == (200, kind)
        assert len(got.body) == int(got.header("content-length") or "")


@pytest.mark.attack("SR-187", "SR-191")
async def test_an_app_that_reads_no_messages_sees_nothing_that_was_sent_with_one(each_house: House) -> None:
    house = each_house
    ann, bob = [await newcomer(house.db) for _ in range(2)]
    _, row = await sent_with_a_picture(house, ann, bob)
    for person in (ann, bob):
        full, less = await house.bearer(person), await house.bearer(person, "tweet.read users.read media.write")
        for target in (f"/2/media/3_{row.id}?media.fields=url", f"/2/media?media_keys=3_{row.id}"):
            assert "data" in (await house.get(target, full)).json
            assert "data" in (await house.get(target, await house.signed(person))).json
            for who in (less, await house.signed(person, level=Level.READ_WRITE)):
                assert set((await house.get(target, who)).json) == {"errors"}
    waiting = await made(house, ann)
    who = await house.bearer(ann, "tweet.read media.write")
    assert "data" in (await house.get(f"/2/media/3_{waiting.id}", who)).json
    await house.db.write(create_post, calling(ann), Draft("both", media_ids=(row.id,)))
    assert "data" in (await house.get(f"/2/media/3_{row.id}", who)).json
