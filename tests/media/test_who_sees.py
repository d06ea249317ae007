"""Who gets a picture's bytes: by its key, by its address, in one's browser; and when that ends (SR-191, SR-202)."""

import pytest
from sqlalchemy import bindparam, update

from tests.cast import DAVE
from tests.media.making import made
from tests.media.samples import subtitles, video
from tests.media.test_uploads import fetched
from tests.server.calls import post_of
from tests.server.house import Credentials, House
from tests.sessions.arriving import signed_in
from volary.access.caller import in_person
from volary.accounts.models import AccountRow, accounts
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Tx, statement
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import accept_request, follow, remove_follower
from volary.kit.clock import HOUR
from volary.media.actions.attaching import attach_to_message, detach_from_message
from volary.media.actions.subtitling import add_subtitles
from volary.media.models import MediaRow
from volary.media.queries import own_upload
from volary.posts.actions.writing import Draft, create_post, delete_post
from volary.sessions.rules.browsers import COOKIE

_SET = statement(update(accounts).where(accounts.c.id == bindparam("account")).values(protected=bindparam("how")))


async def _protect(tx: Tx, account: int, how: int) -> None:
    await tx.run(_SET, account=account, how=how)


async def address(house: House, row: MediaRow, who: Credentials) -> str | None:
    """What the API says where a picture is, if it says anything."""
    got = await house.get(f"/2/media/3_{row.id}?media.fields=url", who)
    found: str | None = got.json.get("data", {}).get("url")
    return found


async def picture_of(house: House, author: AccountRow) -> tuple[MediaRow, int]:
    """A picture in a post, and the post."""
    row = await made(house, author)
    post = await house.db.write(create_post, in_person(author.id, author.username), Draft("", media_ids=(row.id,)))
    return row, post.id


async def follows_bob(house: House, person: AccountRow) -> None:
    await house.db.write(follow, in_person(person.id, person.username), house.cast.bob.id)
    await house.db.write(accept_request, in_person(house.cast.bob.id, "bob"), person.id)


@pytest.mark.attack("SR-202")
async def test_a_protected_picture_reaches_followers_alone_and_only_as_long_as_they_are(each_house: House) -> None:
    house, bob, dave = each_house, each_house.cast.bob, each_house.cast.dave
    row, post = await picture_of(house, bob)
    follower, stranger = await house.bearer(dave), await house.bearer(house.cast.carol)
    for nobody in (stranger, house.app_only(), follower):
        assert await address(house, row, nobody) is None
    for ending in ("jpg", "png", "png?name=small", "png?for=0&until=99999999999&signature=", "mp4"):
        assert (await fetched(house, f"/media/{row.name}.{ending}")).status == 404
    await follows_bob(house, dave)
    url = await address(house, row, follower)
    assert url is not None
    got = await fetched(house, url)
    assert (got.status, got.header("cache-control")) == (200, "private, no-store")
    assert (await fetched(house, url + "&name=thumb")).status == 200
    # The address was made for dave and this picture: nobody can make another one of it.
    carol = str(house.cast.carol.id)
    other, _ = await picture_of(house, bob)
    for wrong in (
        url.replace(f"for={dave.id}", f"for={carol}"),
        url.replace("until=", "until=9"),
        url.replace(row.name, other.name),
        url[:-1],
        url.partition("&signature")[0],
        url + "x",
    ):
        assert (await fetched(house, wrong)).status in {400, 404}, wrong
    await house.db.write(remove_follower, in_person(bob.id, "bob"), dave.id)
    assert (await fetched(house, url)).status == 404
    await follows_bob(house, dave)
    assert (await fetched(house, url)).status == 200
    house.clock.advance(2 * HOUR)
    assert (await fetched(house, url)).status == 404
    url = await address(house, row, await house.bearer(dave))
    assert url is not None
    await house.db.write(delete_post, in_person(bob.id, "bob"), post)
    assert (await fetched(house, url)).status == 404
    await house.db.write(remove_follower, in_person(bob.id, "bob"), dave.id)


@pytest.mark.attack("SR-202")
async def test_a_public_picture_is_everybodys_until_its_post_or_its_author_goes_out_of_sight(each_house: House) -> None:
    house, carol = each_house, each_house.cast.carol
    row, post = await picture_of(house, carol)
    who = await house.bearer(house.cast.ann)
    url = await address(house, row, house.app_only())
    assert url is not None
    got = await fetched(house, url)
    assert (got.status, got.header("cache-control")) == (200, "public, max-age=300")
    await house.db.write(_protect, carol.id, 1)
    assert (await fetched(house, url)).status == 404
    await house.db.write(_protect, carol.id, 0)
    await house.db.write(block, in_person(carol.id, carol.username), house.cast.ann.id)
    assert await address(house, row, who) is None
    await house.db.write(unblock, in_person(carol.id, carol.username), house.cast.ann.id)
    assert await address(house, row, who) == url
    await house.db.write(delete_post, in_person(carol.id, carol.username), post)
    assert await address(house, row, who) is None
    assert (await fetched(house, url)).status == 404


@pytest.mark.attack("SR-202")
async def test_subtitles_reach_whom_their_video_reaches(each_house: House) -> None:
    house, bob, dave = each_house, each_house.cast.bob, each_house.cast.dave
    clip = await made(house, bob, video(), "tweet_video", attached=True)
    words = await made(house, bob, subtitles("for followers"), "subtitles")
    await house.db.write(add_subtitles, in_person(bob.id, "bob"), clip.id, "EN", words.id, "English")
    await follows_bob(house, dave)
    got = await house.get(f"/2/media/7_{clip.id}?media.fields=variants", await house.bearer(dave))
    (variant,) = got.json["data"]["variants"]
    link = (await fetched(house, variant["url"])).header("link") or ""
    address = link.partition(">")[0].removeprefix("<")
    got = await fetched(house, address)
    assert (got.status, got.header("cache-control")) == (200, "private, no-store")
    assert b"for followers" in got.body
    plain, _mark, query = address.partition("?")
    for wrong in (plain, address.replace(str(dave.id), str(house.cast.carol.id)), address.replace(".en.", ".nl.")):
        assert (await fetched(house, wrong)).status == 404, wrong
    for name in (f"/media/{words.name}.en.vtt", f"/media/{words.name}.vtt"):  # the file's own name leads nowhere
        assert (await fetched(house, f"{name}?{query}")).status == 404
    await house.db.write(remove_follower, in_person(bob.id, "bob"), dave.id)
    assert (await fetched(house, address)).status == 404


async def test_what_was_sent_and_not_used_is_its_senders(each_house: House) -> None:
    house, ann = each_house, each_house.cast.ann
    row = await made(house, ann)
    for nobody in (await house.bearer(house.cast.carol), house.app_only()):
        assert await address(house, row, nobody) is None
    url = await address(house, row, await house.bearer(ann))
    assert url is not None
    assert (await fetched(house, url)).status == 200
    assert (await fetched(house, url.partition("?")[0])).status == 404
    for size in ("", "orig", "thumb", "small", "large"):
        assert (await fetched(house, url.partition("?")[0] + f"?name={size}")).status == 404


@pytest.mark.attack("SR-191")
async def test_a_picture_in_a_message_is_for_those_who_hold_a_copy(each_house: House) -> None:
    house, ann, carol, dave = each_house, each_house.cast.ann, each_house.cast.carol, each_house.cast.dave
    row = await made(house, ann, category="dm_image")
    await house.db.write(attach_to_message, ann.id, row.id, [ann.id, carol.id])
    url = await address(house, row, await house.bearer(carol))
    assert url is not None
    got = await fetched(house, url)
    assert (got.status, got.header("cache-control")) == (200, "private, no-store")
    for nobody in (await house.bearer(dave), house.app_only()):
        assert await address(house, row, nobody) is None
    for wrong in (url.partition("?")[0], url.replace(str(carol.id), str(dave.id))):
        assert (await fetched(house, wrong)).status == 404
    await house.db.write(attach_to_message, ann.id, row.id, [ann.id, carol.id])  # the same picture in another message
    await house.db.write(detach_from_message, row.id, carol.id)
    assert (await fetched(house, url)).status == 200
    await house.db.write(detach_from_message, row.id, carol.id)
    assert (await fetched(house, url)).status == 404
    assert await address(house, row, await house.bearer(carol)) is None
    assert await address(house, row, await house.bearer(ann)) is not None
    for _ in range(2):
        await house.db.write(detach_from_message, row.id, ann.id)
    house.clock.advance(1)
    assert await own_upload(house.db, ann.id, row.id) is None  # nothing uses it any more


async def test_a_browser_that_is_signed_in_needs_no_signature(house: House) -> None:
    dave = house.cast.dave
    row, _ = await picture_of(house, house.cast.bob)
    await follows_bob(house, dave)
    opened = await signed_in(house.db, house.application.resources[PasswordHasher], DAVE)
    here = f"{COOKIE}={opened.token}"
    for cookie, status in ((here, 200), ("", 404)):
        headers = [("cookie", cookie)] if cookie else []
        assert (await fetched(house, f"/media/{row.name}.png", headers=headers)).status == status
    await house.db.write(remove_follower, in_person(house.cast.bob.id, "bob"), dave.id)
    assert (await fetched(house, f"/media/{row.name}.png", headers=[("cookie", here)])).status == 404


async def test_the_includes_of_a_post_hold_no_more_than_its_reader_may_see(each_house: House) -> None:
    house, bob = each_house, each_house.cast.bob
    row, post = await picture_of(house, bob)
    quote = await post_of(house, bob, "mine again", quote_of_id=post)
    ask = "expansions=attachments.media_keys,referenced_tweets.id.attachments.media_keys"
    for one in (post, quote):
        for nobody in (house.app_only(), await house.bearer(house.cast.carol)):
            got = await house.get(f"/2/tweets/{one}?{ask}", nobody)
            assert str(row.id) not in got.body.decode()
        own = await house.get(f"/2/tweets/{one}?{ask}", await house.bearer(bob))
        assert own.json["includes"]["media"][0]["media_key"] == f"3_{row.id}"
