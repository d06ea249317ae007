"""Direct Messages and Spaces by real clients, in both vocabularies and over v1.1. The server is shared with other tests."""

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest
import tweepy
import xdk
from xdk.media.models import UploadRequest

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.compat.test_tweepy import signed_client
from tests.media.samples import picture
from tests.serving import Server
from volary.access.caller import in_person
from volary.access.levels import Level
from volary.db import Database
from volary.messages.rules import pair_of
from volary.server.demo.browser import Browser
from volary.spaces.actions.running import announce_space
from volary.spaces.rules import wire_id

SCOPES = "tweet.read users.read dm.read dm.write space.read media.write".split()


@pytest.mark.claim("C056", "C057", "C058", "C205", "C206")
def test_tweepy_writes_to_one_and_in_a_group(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(level=Level.DIRECT_MESSAGES)
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, ann, auth.get_authorization_url()))["oauth_verifier"])
    client, old = signed_client(app, auth), tweepy.API(auth)
    ann_id, carol, dave = server.cast.ann.id, server.cast.carol, server.cast.dave

    sent = client.create_direct_message(participant_id=carol.id, text="To one").data
    assert sent["dm_conversation_id"] == pair_of(ann_id, carol.id)
    client.create_direct_message(dm_conversation_id=sent["dm_conversation_id"], text="And again")
    made = client.create_direct_message_conversation(participant_ids=[carol.id, dave.id], text="To both").data
    found = client.get_direct_message_events(
        dm_conversation_id=made["dm_conversation_id"],
        dm_event_fields=["created_at", "participant_ids", "sender_id"],
        expansions=["sender_id", "participant_ids"],
    )
    assert [one.event_type for one in found.data] == ["MessageCreate", "ParticipantsJoin"]
    assert {int(one) for one in found.data[1].participant_ids} == {ann_id, carol.id, dave.id}
    assert {one.username for one in found.includes["users"]} == {"ann", "Carol_C", "dave"}
    between = client.get_direct_message_events(participant_id=carol.id, max_results=2)
    assert [one.text for one in between.data] == ["And again", "To one"]
    pages = tweepy.Paginator(client.get_direct_message_events, event_types="MessageCreate", max_results=1)
    assert [one.text for one in pages.flatten(3)] == ["To both", "And again", "To one"]

    new = old.send_direct_message(carol.id, "Over v1.1, @dave")
    assert new.message_create["message_data"]["text"] == "Over v1.1, @dave"
    assert old.get_direct_message(new.id).message_create["target"]["recipient_id"] == str(carol.id)
    assert new.id in [one.id for one in tweepy.Cursor(old.get_direct_messages, count=1).items(2)]
    old.delete_direct_message(new.id)
    with pytest.raises(tweepy.NotFound):
        old.get_direct_message(new.id)


@pytest.mark.claim("C037", "C076", "C205", "C206")
def test_xdk_writes_and_reads_spaces(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=SCOPES)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    dave = str(server.cast.dave.id)
    messages = client.direct_messages
    sent = messages.create_by_participant_id(dave, {"text": "From xdk"})
    assert sent.data.dm_event_id
    (page,) = messages.get_events_by_participant_id(dave, dm_event_fields=["text", "event_type"])
    assert page.data[0].text == "From xdk"
    assert messages.get_events_by_id(sent.data.dm_event_id).data.text == "From xdk"
    content = base64.b64encode(picture()).decode()
    row = client.media.upload(UploadRequest(media=content, media_category="dm_image", media_type="image/png"))
    body = {"attachments": [{"media_id": row.data.id}]}
    with_picture = messages.create_by_participant_id(dave, body).data.dm_event_id
    event = messages.get_events_by_id(
        with_picture, dm_event_fields=["attachments"], expansions=["attachments.media_keys"], media_fields=["url"]
    )
    (shown,) = event.includes.media
    file = urlsplit(shown.url).path.rpartition("/")[2]
    assert messages.dm_conversations_media_download(with_picture, row.data.id, file)[:4] == b"\x89PNG"
    assert messages.delete_events(sent.data.dm_event_id).data.deleted is True
    assert client.users.block_dms(dave).data.blocked is True
    assert client.users.unblock_dms(dave).data.blocked is False

    async def announce(db: Database) -> str:
        host = in_person(server.cast.ann.id, "ann")
        return wire_id((await db.write(announce_space, host, "Compatible bees")).id)

    number = server.in_database(announce)
    spaces = client.spaces
    found = spaces.get_by_id(number, space_fields=["title", "participant_count"], expansions=["creator_id", "host_ids"])
    assert (found.data.title, found.data.participant_count) == ("Compatible bees", 1)
    assert number in [one.id for one in spaces.search("BEES", state="live").data]
    assert number in [one.id for one in spaces.get_by_creator_ids([str(server.cast.ann.id)]).data]
    assert [one.id for one in spaces.get_by_ids([number]).data] == [number]
    assert [page.data for page in spaces.get_posts(number)] in ([None], [[]])
    assert [page.data for page in spaces.get_buyers(number)] in ([None], [[]])
    old = tweepy.Client(app.bearer_token)
    assert old.get_space(number, space_fields=["title", "state"]).data.title == "Compatible bees"
    assert [one.id for one in old.search_spaces("compatible").data] == [number]
    assert [one.id for one in old.get_spaces(user_ids=[server.cast.ann.id]).data] == [number]
    assert old.get_space_tweets(number).data is None
