"""What is sent with a message: its readers see it, for as long as they hold a copy."""

import pytest

from tests.graph.people import newcomer
from tests.media.making import made
from tests.messages.people import calling
from tests.server.house import House
from volary.media.queries import media_by_ids
from volary.messages.actions.sending import delete_message


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
