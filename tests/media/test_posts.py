"""Posts with media: attaching, showing and deleting them, on both versions of the API."""

import asyncio

from tests.media.making import made
from tests.media.samples import animation, picture
from tests.server.calls import post_of
from tests.server.house import Got, House
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.media.jobs import sweep
from volary.media.rules.folder import Folder
from volary.posts.queries.reading import post_by_id
from volary.posts.rules.answering import kept_entities


async def posted(house: House, media: list[str], text: str | None = None, **more: object) -> Got:
    body = {"media": {"media_ids": media, **more}} | ({} if text is None else {"text": text})
    return await house.json("POST", "/2/tweets", await house.bearer(house.cast.ann), body)


async def media_count(house: House, person: AccountRow) -> int:
    row = await account_by_id(house.db, person.id)
    assert row is not None
    return row.media_count


async def test_a_post_shows_its_pictures(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    before = await media_count(house, ann)
    rows = [await made(house, ann, text=f"picture {number}") for number in range(4)]
    got = await posted(
        house, [str(row.id) for row in rows], "four pictures", tagged_user_ids=[str(house.cast.carol.id)]
    )
    assert got.status == 201, got.body
    assert await media_count(house, ann) == before + 4
    ask = "expansions=attachments.media_keys&media.fields=alt_text,url,width"
    read = await house.get(f"/2/tweets/{got.json['data']['id']}?{ask}", house.app_only())
    assert read.json["data"]["attachments"] == {"media_keys": [f"3_{row.id}" for row in rows]}
    shown = {one["media_key"]: one for one in read.json["includes"]["media"]}
    assert [shown[f"3_{row.id}"]["alt_text"] for row in rows] == [f"picture {number}" for number in range(4)]
    assert all(one["width"] == 320 and "?" not in one["url"] for one in shown.values())
    quote = await post_of(house, house.cast.carol, "look at these", quote_of_id=int(got.json["data"]["id"]))
    ask = "expansions=referenced_tweets.id.attachments.media_keys"
    through = await house.get(f"/2/tweets/{quote}?{ask}", house.app_only())
    assert {one["media_key"] for one in through.json["includes"]["media"]} == set(shown)


async def test_pictures_need_no_text_and_may_stand_in_several_posts(each_house: House) -> None:
    row = await made(each_house, each_house.cast.ann)
    for text in (None, "", "words", "words"):
        got = await posted(each_house, [str(row.id)], text)
        assert (got.status, got.json["data"]["text"]) == (201, text or "")


async def test_what_cannot_be_attached_is_refused_and_counts_nothing(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    photo, gif = await made(house, ann), await made(house, ann, animation(), "tweet_gif")
    other = await made(house, house.cast.carol, attached=True)
    waiting = (
        await house.json(
            "POST",
            "/2/media/upload/initialize",
            await house.bearer(ann),
            {"media_type": "image/png", "total_bytes": 10},
        )
    ).json["data"]["id"]
    before = await media_count(house, ann)
    for ids in (
        [str(photo.id), str(gif.id)], [str(other.id)], ["1"], [str(photo.id), "1"], [waiting], [],
        [str(photo.id)] * 5, ["x"], ["-1"], ["9" * 20],
    ):  # fmt: skip
        got = await posted(house, ids, "no")
        assert (got.status, got.json["title"]) == (400, "Invalid Request"), (ids, got.body)
    quote = await post_of(house, house.cast.carol)
    body = {"text": "no", "media": {"media_ids": [str(photo.id)]}}
    for more in ({"quote_tweet_id": str(quote)}, {"poll": {"options": ["a", "b"], "duration_minutes": 60}}):
        assert (await house.json("POST", "/2/tweets", await house.bearer(ann), body | more)).status == 400
    assert (await posted(house, [str(photo.id)], "no", tagged_user_ids=["1"])).status == 400
    assert (await posted(house, [str(photo.id)], "no", title="an advertisement")).status == 501
    body |= {"edit_options": {"previous_post_id": str(await post_of(house, ann, "quoting", quote_of_id=quote))}}
    got = await house.json("POST", "/2/tweets", await house.bearer(ann), body)
    assert (got.status, got.json["title"]) == (400, "Invalid Request"), got.body
    assert await media_count(house, ann) == before


async def test_a_deleted_post_takes_its_pictures_along(each_house: House) -> None:
    house, ann, who = each_house, each_house.cast.ann, await each_house.bearer(each_house.cast.ann)
    before = await media_count(house, ann)
    row = await made(house, ann)
    first, second = [(await posted(house, [str(row.id)], text)).json["data"]["id"] for text in ("one", "two")]
    path = f"/2/media/3_{row.id}"
    files = house.application.resources[Folder]
    for post, status in ((first, True), (second, False)):
        assert "data" in (await house.get(path, house.app_only())).json
        await house.send("DELETE", f"/2/tweets/{post}", who)
        house.clock.advance(1)
        await sweep(house.db, files)
        assert ("data" in (await house.get(path, house.app_only())).json) is status
        assert files.file(row.name, "orig").exists() is status
    assert await media_count(house, ann) == before


async def test_an_edited_post_keeps_its_picture_or_takes_another(each_house: House) -> None:
    house, ann, who = each_house, each_house.cast.ann, await each_house.bearer(each_house.cast.ann)
    before = await media_count(house, ann)
    row, other = await made(house, ann), await made(house, ann)
    tagged = house.cast.carol.id
    first = (await posted(house, [str(row.id)], "a picture", tagged_user_ids=[str(tagged)])).json["data"]["id"]
    body = {"text": "this picture", "edit_options": {"previous_post_id": first}}
    second = (await house.json("POST", "/2/tweets", who, body)).json["data"]["id"]
    kept = await post_by_id(house.db, ann.id, int(second))
    assert kept is not None
    assert kept_entities(kept.entities).tagged == (tagged,)
    keys = (await house.get(f"/2/tweets/{second}?tweet.fields=attachments", who)).json["data"]["attachments"]
    assert keys == {"media_keys": [f"3_{row.id}"]}
    body = {"text": "that", "edit_options": {"previous_post_id": second}, "media": {"media_ids": [str(other.id)]}}
    third = (await house.json("POST", "/2/tweets", who, body)).json["data"]["id"]
    assert await media_count(house, ann) == before + 1
    await house.send("DELETE", f"/2/tweets/{third}", who)
    for one in (row, other):
        assert "data" not in (await house.get(f"/2/media/3_{one.id}", house.app_only())).json
    assert await media_count(house, ann) == before


async def test_v1_1_attaches_and_shows_them(each_house: House) -> None:
    house, who = each_house, await each_house.signed(each_house.cast.ann)
    row = await made(house, house.cast.ann, text="a slope")
    got = await house.send("POST", f"/1.1/statuses/update.json?status=look&media_ids={row.id}", who)
    (shown,) = got.json["extended_entities"]["media"]
    assert got.json["entities"]["media"] == [shown]
    assert (shown["id_str"], shown["type"], shown["ext_alt_text"]) == (str(row.id), "photo", "a slope")
    assert shown["sizes"]["thumb"] == {"w": 150, "h": 150, "resize": "crop"}
    assert shown["media_url_https"].startswith("http://localhost:8000/media/")
    assert (await house.send("POST", f"/1.1/statuses/update.json?media_ids={row.id}", who)).status == 200
    both = f"{row.id},{(await made(house, house.cast.ann, animation(), 'tweet_gif')).id}"
    for ids in ("1", "x", both, f"{row.id},", ",".join([str(row.id)] * 5)):
        refused = await house.send("POST", f"/1.1/statuses/update.json?status=no&media_ids={ids}", who)
        assert (refused.status, refused.json["errors"][0]["code"]) == (400, 324), ids


async def test_many_posts_at_once_count_each_picture(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    before = await media_count(house, ann)
    row = await made(house, ann, picture("JPEG"))
    got = await asyncio.gather(*(posted(house, [str(row.id)], f"at once {number}") for number in range(12)))
    assert [one.status for one in got] == [201] * 12
    assert await media_count(house, ann) == before + 12
    who = await house.bearer(ann)
    await asyncio.gather(*(house.send("DELETE", f"/2/tweets/{one.json['data']['id']}", who) for one in got))
    assert await media_count(house, ann) == before
    assert "data" not in (await house.get(f"/2/media/3_{row.id}", house.app_only())).json
