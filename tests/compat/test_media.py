"""Pictures, GIFs and videos through X's clients."""

import base64
import io
from typing import Any

import pytest
import requests
import tweepy
import xdk
from xdk.media.models import AppendUploadRequest, CreateMetadataRequest, InitializeUploadRequest, UploadRequest
from xdk.posts.models import CreateRequest

from tests.compat.conftest import CALLBACK, answer_in, consent
from tests.media.samples import animation, picture, video
from tests.serving import Server
from volary.access.levels import Level
from volary.server.demo.browser import Browser

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""tweepy's own."""


def connected(server: Server, app: Any, browser: Browser) -> tuple[tweepy.API, tweepy.Client]:
    auth = tweepy.OAuth1UserHandler(app.api_key, app.api_key_secret, callback=CALLBACK)
    auth.get_access_token(answer_in(consent(server, browser, auth.get_authorization_url()))["oauth_verifier"])
    client = tweepy.Client(
        consumer_key=app.api_key,
        consumer_secret=app.api_key_secret,
        access_token=auth.access_token,
        access_token_secret=auth.access_token_secret,
    )
    return tweepy.API(auth), client


@pytest.mark.claim("C044", "C045")
def test_tweepy_sends_describes_and_posts(server: Server, make_app: Any, ann: Browser) -> None:
    api, client = connected(server, make_app(level=Level.READ_WRITE), ann)
    simple = api.media_upload("slope.png", file=io.BytesIO(picture()))
    assert simple.image == {"image_type": "image/png", "w": 320, "h": 200}
    chunked = api.media_upload(
        "slope.jpg", file=io.BytesIO(picture("JPEG", 2000, 1500)), chunked=True, chunk_size=20_000
    )
    assert chunked.media_key == f"3_{chunked.media_id}"
    api.create_media_metadata(simple.media_id, "A slope from dark to light")
    made = client.create_tweet(text="Two slopes", media_ids=[simple.media_id, chunked.media_id])
    found = client.get_tweet(
        made.data["id"],
        expansions=["attachments.media_keys"],
        media_fields=["alt_text", "url", "width"],
        user_auth=True,
    )
    shown = {one.media_key: one for one in found.includes["media"]}
    assert shown[f"3_{simple.media_id}"].alt_text == "A slope from dark to light"
    assert shown[f"3_{chunked.media_id}"].width == 2000
    for one in shown.values():
        assert requests.get(one.url, timeout=30).headers["content-type"] in {"image/png", "image/jpeg"}
    status = api.update_status("By v1.1", media_ids=[simple.media_id])
    assert status.extended_entities["media"][0]["id"] == simple.media_id


def test_tweepy_waits_for_a_video_and_sends_a_gif(server: Server, make_app: Any, ann: Browser) -> None:
    api, client = connected(server, make_app(level=Level.READ_WRITE), ann)
    clip = api.media_upload("clip.mp4", file=io.BytesIO(video()), media_category="tweet_video")
    assert clip.processing_info["state"] == "succeeded"
    gif = api.media_upload("wave.gif", file=io.BytesIO(animation()), media_category="tweet_gif", chunked=True)
    for one, kind in ((clip, "video"), (gif, "animated_gif")):
        made = client.create_tweet(media_ids=[one.media_id])
        read = client.get_tweet(
            made.data["id"], expansions=["attachments.media_keys"], media_fields=["variants"], user_auth=True
        )
        assert read.includes["media"][0].type == kind
        assert requests.get(read.includes["media"][0].variants[0]["url"], timeout=30).ok
    with pytest.raises(tweepy.BadRequest, match="324"):
        api.media_upload("clip.mp4.png", file=io.BytesIO(b"no picture"), chunked=False)


@pytest.mark.claim("C043")
def test_tweepy_changes_the_profile_s_pictures(server: Server, make_app: Any, ann: Browser) -> None:
    api, _ = connected(server, make_app(level=Level.READ_WRITE), ann)
    user = api.update_profile_image("me.png", file=io.BytesIO(picture()))
    assert requests.get(user.profile_image_url_https, timeout=30).ok
    api.update_profile_banner("banner.png", file=io.BytesIO(picture("PNG", 900, 300)))
    assert requests.get(api.verify_credentials().profile_banner_url, timeout=30).ok
    api.remove_profile_banner()
    assert not hasattr(api.verify_credentials(), "profile_banner_url")


def test_xdk_sends_in_one_piece_and_in_segments(server: Server, make_app: Any, ann: Browser) -> None:
    app = make_app(type="web")
    scope = ["tweet.read", "tweet.write", "users.read", "media.write"]
    client = xdk.Client(client_id=app.client_id, client_secret=app.client_secret, redirect_uri=CALLBACK, scope=scope)
    client.exchange_code(answer_in(consent(server, ann, client.get_authorization_url()))["code"])
    text = base64.b64encode(picture()).decode()
    one = client.media.upload(UploadRequest(media=text, media_category="tweet_image")).data
    content = picture("JPEG", 600, 400)
    begun = client.media.initialize_upload(
        InitializeUploadRequest(media_type="image/jpeg", total_bytes=len(content), media_category="tweet_image")
    ).data
    for place, part in enumerate((content[:5000], content[5000:])):
        body = AppendUploadRequest(media=base64.b64encode(part).decode(), segment_index=place)
        assert client.media.append_upload(begun.id, body).data.expires_at
    client.media.finalize_upload(begun.id)
    assert client.media.get_upload_status(begun.id).data.size == len(content)
    client.media.create_metadata(CreateMetadataRequest(id=one.id, metadata={"alt_text": {"text": "By xdk"}}))
    client.posts.create(CreateRequest(text="Pictures by xdk", media={"media_ids": [one.id, begun.id]}))
    read = client.media.get_by_keys([one.media_key], media_fields=["alt_text", "url"]).data[0]
    assert read.alt_text == "By xdk"
    assert client.media.get_by_key(begun.media_key).data.type == "photo"
