"""Subtitles of videos, and how often videos were played."""

import asyncio

from tests.media.making import made
from tests.media.samples import subtitles, video
from tests.media.test_uploads import fetched, send
from tests.server.house import Got, House
from volary.kit.clock import DAY, HOUR
from volary.media.actions.attaching import detach_from_post
from volary.media.actions.viewing import Plays
from volary.media.jobs import sweep
from volary.media.queries import own_upload
from volary.media.rules.folder import Folder
from volary.media.rules.limits import MOST_LANGUAGES


async def add(house: House, clip: int, words: int, language: str = "EN") -> Got:
    said = {"id": str(words), "language_code": language, "display_name": "words"}
    body = {"id": str(clip), "media_category": "TweetVideo", "subtitles": said}
    return await house.json("POST", "/2/media/subtitles", await house.bearer(house.cast.ann), body)


async def test_a_video_gets_subtitles_and_loses_them(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    clip = await made(house, ann, video(), "tweet_video", attached=True)
    first, second = [await made(house, ann, subtitles(words), "subtitles") for words in ("one", "two")]
    got = await add(house, clip.id, first.id)
    assert got.json["data"]["associated_subtitles"]["language_code"] == "EN"
    assert (await add(house, clip.id, second.id)).status == 200
    house.clock.advance(2 * DAY)
    await sweep(house.db, house.application.resources[Folder])
    assert await own_upload(house.db, ann.id, first.id) is None  # the second took its place
    assert await own_upload(house.db, ann.id, second.id) is not None
    body = {"id": str(clip.id), "media_category": "TweetVideo", "language_code": "EN"}
    for gone in (True, False):
        got = await house.json("DELETE", "/2/media/subtitles", await house.bearer(ann), body)
        assert got.json == {"data": {"deleted": gone}}
    house.clock.advance(1)
    assert await own_upload(house.db, ann.id, second.id) is None


async def test_a_file_of_subtitles_stays_while_a_language_has_it(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    clip = await made(house, ann, video(), "tweet_video", attached=True)
    both, other = [await made(house, ann, subtitles(words), "subtitles") for words in ("both", "other")]
    for words, language in ((both, "EN"), (both, "NL"), (other, "EN")):
        assert (await add(house, clip.id, words.id, language)).status == 200
    house.clock.advance(1)
    await sweep(house.db, house.application.resources[Folder])
    assert await own_upload(house.db, ann.id, both.id) is not None
    assert (await add(house, clip.id, other.id, "NL")).status == 200
    house.clock.advance(1)
    await sweep(house.db, house.application.resources[Folder])
    assert await own_upload(house.db, ann.id, both.id) is None
    assert await own_upload(house.db, ann.id, other.id) is not None


async def test_a_file_of_two_videos_stays_until_both_have_dropped_it(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    clips = [await made(house, ann, video(), "tweet_video", attached=True) for _ in range(2)]
    words = await made(house, ann, subtitles("both"), "subtitles")
    for clip in clips:
        assert (await add(house, clip.id, words.id)).status == 200
    body = {"id": str(clips[0].id), "media_category": "TweetVideo", "language_code": "EN"}
    assert (await house.json("DELETE", "/2/media/subtitles", await house.bearer(ann), body)).json["data"]["deleted"]
    house.clock.advance(1)
    await sweep(house.db, house.application.resources[Folder])
    assert (await fetched(house, f"/media/{clips[0].name}.en.vtt")).status == 404
    assert b"both" in (await fetched(house, f"/media/{clips[1].name}.en.vtt")).body
    await house.db.write(detach_from_post, [clips[1].id])
    for _ in range(2):  # the video goes first, and its subtitles with the next sweep
        house.clock.advance(1)
        await sweep(house.db, house.application.resources[Folder])
    assert await own_upload(house.db, ann.id, words.id) is None
    folder = house.application.resources[Folder].path
    assert folder is not None
    assert not list(folder.rglob(f"{words.name}.*"))


async def test_subtitles_are_named_and_served_as_webvtt(house: House) -> None:
    ann = house.cast.ann
    clip = await made(house, ann, video(), "tweet_video", attached=True)
    styled = (
        "WEBVTT - at home\n\nSTYLE\n::cue { color: red }\n\nNOTE\nby ann\n\n"
        "one\n00:01.000 --> 00:02.000 line:0\n<i>caf\xe9</i> --> bar\n"
    ).encode()
    for content, language in ((subtitles("one"), "EN"), (styled, "NL")):
        assert (await add(house, clip.id, (await made(house, ann, content, "subtitles")).id, language)).status == 200
    got = await house.send("HEAD", f"/media/{clip.name}.mp4")
    links = (got.header("link") or "").split(", ")
    assert [one.partition(";")[0].strip("<>") for one in links] == [f"/media/{clip.name}.{x}.vtt" for x in ("en", "nl")]
    assert links[0].endswith('; rel="related"; type="text/vtt"; hreflang="en"')
    got = await fetched(house, f"/media/{clip.name}.en.vtt")
    assert (got.header("content-type"), got.header("x-content-type-options")) == ("text/vtt; charset=utf-8", "nosniff")
    assert got.header("cache-control") == "public, max-age=300"
    assert got.body == b"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\none\n"
    got = await fetched(house, f"/media/{clip.name}.nl.vtt")
    assert got.body.decode() == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0\n<i>caf\xe9</i> --&gt; bar\n"
    for odd in ("de.vtt", "EN.vtt", "en.srt", "vtt", "en.vtt.mp4", "e%20.vtt"):
        assert (await fetched(house, f"/media/{clip.name}.{odd}")).status == 404, odd
    assert (await house.send("HEAD", f"/media/{clip.name}.jpg")).header("link") is None


async def test_a_video_has_so_many_languages_and_no_more(house: House) -> None:
    ann = house.cast.ann
    clip = await made(house, ann, video(), "tweet_video", attached=True)
    words = await made(house, ann, subtitles("all"), "subtitles")
    codes = [f"A{chr(ord('A') + number)}" for number in range(MOST_LANGUAGES + 1)]
    assert [(await add(house, clip.id, words.id, code)).status for code in codes] == [200] * MOST_LANGUAGES + [400]
    assert (await add(house, clip.id, words.id, codes[0])).status == 200
    names = (await house.send("HEAD", f"/media/{clip.name}.mp4")).header("link") or ""
    assert names.count("<") == MOST_LANGUAGES


async def test_a_file_of_subtitles_is_found_by_no_key(house: House) -> None:
    ann = house.cast.ann
    clip, words = await made(house, ann, video(), "tweet_video"), await made(house, ann, subtitles(), "subtitles")
    who = await house.bearer(ann)
    for used in (False, True):
        if used:
            assert (await add(house, clip.id, words.id)).status == 200
        for key in (f"3_{words.id}", f"7_{words.id}", f"16_{words.id}"):
            got = await house.get(f"/2/media/{key}", who)
            assert [one["title"] for one in got.json["errors"]] == ["Not Found Error"]
            assert "data" not in got.json
        several = await house.get(f"/2/media?media_keys=3_{words.id},7_{clip.id}", who)
        assert [one["type"] for one in several.json["data"]] == ["video"]
        assert [one["value"] for one in several.json["errors"]] == [f"3_{words.id}"]


async def test_only_ones_own_and_only_subtitles_for_videos(house: House) -> None:
    ann, carol = house.cast.ann, house.cast.carol
    clip = await made(house, ann, video(), "tweet_video")
    words = await made(house, ann, subtitles(), "subtitles")
    photo = await made(house, ann)
    foreign_clip = await made(house, carol, video(), "tweet_video", attached=True)
    foreign_words = await made(house, carol, subtitles(), "subtitles")
    for one, other, status in (
        *((clip.id, foreign_words.id, 404), (foreign_clip.id, words.id, 404), (clip.id, photo.id, 400)),
        *((photo.id, words.id, 400), (clip.id, clip.id, 400), (1, words.id, 404)),
    ):
        assert (await add(house, one, other)).status == status, (one, other)
    who = await house.bearer(ann)
    for content in (b"", b"x", b"\xff\xfe\x00", b"1\n00:00:00,000 --> 00:00:01,000\n\x00", b"<html>"):
        assert (await send(house, who, content, media_category="subtitles")).status == 400
    for media in ([str(words.id)], [str(clip.id), str(words.id)]):
        assert (await house.json("POST", "/2/tweets", who, {"media": {"media_ids": media}})).status == 400


async def test_plays_are_counted_by_the_hour(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    clip = await made(house, ann, video(), "tweet_video", attached=True)
    plays, path = house.application.resources[Plays], f"/media/{clip.name}.mp4"
    for times in (3, 2):
        await asyncio.gather(*(fetched(house, path) for _ in range(times)))
        await fetched(house, path, headers=[("range", "bytes=0-99")])
        await fetched(house, path, headers=[("range", "bytes=100-")])  # goes on with what was begun
        await house.send("HEAD", path)  # asks how long it is
        await asyncio.gather(plays.flush(house.db), plays.flush(house.db))
        house.clock.advance(HOUR)
    who = await house.bearer(ann)
    read = await house.get(f"/2/media/7_{clip.id}?media.fields=public_metrics", who)
    assert read.json["data"]["public_metrics"] == {"view_count": 7}
    ask = f"/2/media/analytics?media_keys=7_{clip.id}&start_time=2020-01-01T00:00:00Z&end_time=2040-01-01T00:00:00Z"
    total = (await house.get(f"{ask}&granularity=total", who)).json["data"]
    assert total == [{"media_key": f"7_{clip.id}", "timestamp": "2020-01-01T00:00:00.000Z", "video_views": 7}]
    hourly = (await house.get(f"{ask}&granularity=hourly", who)).json["data"][0]["timestamped_metrics"]
    assert [one["metrics"]["video_views"] for one in hourly] == [4, 3]
    assert (await house.get(ask, house.app_only())).status == 403
    other = (await house.get(ask, await house.bearer(house.cast.carol))).json
    assert set(other) == {"errors"}
