"""The buttons below posts and on profiles: what they do, what they refuse, and that no other site can press them."""

import pytest

from tests.cast import ANN, BOB, CAROL, DAVE
from tests.oauth.consent.walking import Browser, Form, Page
from tests.person.site import Place
from tests.posts.making import calling, post, read
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import accept_request, follow
from volary.graph.queries.connections import connections
from volary.posts.models import PostRow

COUNTS = {
    ("Like", "Take back the like"): "like_count",
    ("Repost", "Take back the repost"): "repost_count",
    ("Bookmark", "Remove from bookmarks"): "bookmark_count",
}


def acts_of(page: Page, post: PostRow) -> Form:
    """The buttons below a post."""
    (form,) = [form for form in page.forms() if form.values.get("then", "").endswith(f"#post-{post.id}")]
    return form


async def pressed(browser: Browser, page: Page, post: PostRow, button: str) -> Page:
    """The page that comes after a button below a post."""
    done = await browser.send(acts_of(page, post), button)
    assert done.location.endswith(f"#post-{post.id}")
    return await browser.open(done.location.partition("#")[0])


@pytest.mark.parametrize(("do", "undo"), COUNTS)
async def test_what_is_done_is_undone_with_the_same_button(place: Place, do: str, undo: str) -> None:
    made = await post(place.db, place.cast.carol, "press")
    browser = await place.browser_of(ANN)
    page = await browser.open("/Carol_C")
    shows = COUNTS[do, undo]
    number = "" if shows == "bookmark_count" else " 1"  # bookmarks are nobody else's business
    page = await pressed(browser, page, made, do)
    assert getattr(await read(place.db, made.id), shows) == 1
    page = await pressed(browser, page, made, undo + number)
    assert getattr(await read(place.db, made.id), shows) == 0
    assert do in acts_of(page, made).buttons


async def test_the_author_deletes_and_nobody_else(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "to go")
    dave = await place.browser_of(DAVE)
    assert (await dave.open(f"/posts/{made.id}/delete")).status == 404
    browser = await place.browser_of(ANN)
    page = await browser.open(f"/posts/{made.id}/delete")
    assert "Replies to it stay." in page.text
    (form,) = [form for form in page.forms() if "Delete" in form.buttons]
    theirs = await dave.posted(form.action, {"csrf": (await dave.open("/compose")).forms()[-1].values["csrf"]})
    assert theirs.status == 403
    done = await browser.send(form, "Delete")
    assert done.location == "/home"
    assert (await browser.open(f"/ann/status/{made.id}")).status == 404
    assert (await browser.send(form, "Delete")).status == 404


async def test_whoever_began_a_conversation_hides_replies(place: Place) -> None:
    asked = await post(place.db, place.cast.ann, "well?")
    reply = await post(place.db, place.cast.dave, "rude", reply_to_id=asked.id)
    browser, dave = await place.browser_of(ANN), await place.browser_of(DAVE)
    page = await browser.open(f"/ann/status/{asked.id}")
    assert "Hide the reply" not in acts_of(await dave.open(f"/ann/status/{asked.id}"), reply).buttons
    page = await pressed(browser, page, reply, "Hide the reply")
    assert "The reply is hidden." in page.text
    assert page.text.index("Hidden replies") < page.text.index("rude")
    page = await pressed(browser, page, reply, "Show the reply again")
    assert "Hidden replies" not in page.text


async def test_what_a_rule_refuses_is_said_where_the_button_stood(place: Place) -> None:
    cast = place.cast
    made = await post(place.db, cast.bob, "for followers alone")
    await place.db.write(follow, calling(cast.ann), cast.bob.id)
    await place.db.write(accept_request, calling(cast.bob), cast.ann.id)
    browser = await place.browser_of(ANN)
    form = acts_of(await browser.open("/bob"), made)
    assert "Repost" not in form.buttons
    done = await browser.posted(f"http://localhost:8000/posts/{made.id}/repost", form.values)
    assert done.location == f"/bob#post-{made.id}"
    assert "You cannot repost this post." in (await browser.open("/bob")).text


@pytest.mark.attack("SR-159")
@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_no_button_leads_away_from_this_site(place: Place, then: str) -> None:
    made = await post(place.db, place.cast.carol, "press")
    browser = await place.browser_of(ANN)
    page = await browser.open("/Carol_C")
    done = await browser.send(acts_of(page, made).edited(then=then), "Like")
    assert done.location == "/home"
    wrote = next(form for form in (await browser.open("/home")).forms() if form.buttons == ["Post"])
    assert (await browser.send(wrote.filled(text="x").edited(then=then), "Post")).location.startswith("/ann/status/")
    following = next(form for form in page.forms() if form.buttons == ["Follow"])
    assert (await browser.send(following.edited(then=then), "Follow")).location == "/Carol_C"


async def test_what_one_may_not_see_one_cannot_act_on(place: Place) -> None:
    made = await post(place.db, place.cast.bob, "for followers alone")
    own = await post(place.db, place.cast.dave, "mine")
    browser = await place.browser_of(DAVE)
    form = acts_of(await browser.open("/dave"), own)
    for act in ("like", "repost", "bookmark", "hide", "delete"):
        assert (await browser.posted(f"http://localhost:8000/posts/{made.id}/{act}", form.values)).status == 404
    row = await read(place.db, made.id, place.cast.bob.id)
    assert (row.like_count, row.repost_count, row.bookmark_count) == (0, 0, 0)


@pytest.mark.attack("SR-128")
async def test_no_other_site_presses_a_button(place: Place) -> None:
    made = await post(place.db, place.cast.carol, "press")
    browser = await place.browser_of(ANN)
    token = acts_of(await browser.open("/Carol_C"), made).values["csrf"]
    theirs = acts_of(await (await place.browser_of(DAVE)).open("/Carol_C"), made).values["csrf"]
    paths = [f"/posts/{made.id}/{act}" for act in ("like", "repost", "bookmark", "delete", "hide")]
    paths += [f"/Carol_C/{act}" for act in ("follow", "unfollow", "mute", "block", "report")] + ["/compose"]
    for path in paths:
        url = f"http://localhost:8000{path}"
        assert (await browser.posted(url, {"text": "x"})).status == 403
        assert (await browser.posted(url, {"text": "x", "csrf": theirs})).status == 403
        assert (await browser.posted(url, {"csrf": token}, {"origin": "https://evil.example"})).status == 403
    row = await read(place.db, made.id)
    assert (row.like_count, row.repost_count, row.bookmark_count) == (0, 0, 0)
    assert not (await connections(place.db, place.cast.ann.id, [row.author_id]))[row.author_id]


async def test_people_are_followed_muted_and_blocked_on_their_page(place: Place) -> None:
    cast, browser = place.cast, await place.browser_of(ANN)

    async def press(button: str, path: str = "/Carol_C") -> set[str]:
        page = await browser.open(path)
        (form,) = [form for form in page.forms() if form.buttons == [button]]
        await browser.send(form, button)
        other = cast.bob if path == "/bob" else cast.carol
        return (await connections(place.db, cast.ann.id, [other.id]))[other.id]

    assert await press("Follow") == {"following"}
    assert await press("Mute") == {"following", "muting"}
    assert await press("Unmute") == {"following"}
    assert await press("Unfollow") == set()
    assert await press("Block") == {"blocking"}
    assert "You block this account." in (await browser.open("/Carol_C")).text
    assert await press("Unblock") == set()
    assert await press("Follow", "/bob") == {"follow_request_sent"}
    assert await press("Take back the request", "/bob") == set()


@pytest.mark.claim("C051")
async def test_an_account_is_reported_and_blocked(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open("/Carol_C/report")
    done = await browser.press(page, "Report", block="1")
    assert "Your report was sent" in (await browser.open(done.location)).text
    carol = place.cast.carol.id
    assert (await connections(place.db, place.cast.ann.id, [carol]))[carol] == {"blocking"}


async def test_whom_one_is_blocked_by_one_neither_reads_nor_follows(place: Place) -> None:
    cast = place.cast
    made = await post(place.db, cast.carol, "not for dave")
    await place.db.write(block, calling(cast.carol), cast.dave.id)
    browser = await place.browser_of(DAVE)
    page = await browser.open("/Carol_C")
    assert "This account blocks you." in page.text
    assert "not for dave" not in page.text
    assert not [form for form in page.forms() if form.buttons == ["Follow"]]
    assert (await browser.open(f"/Carol_C/status/{made.id}")).status == 404
    assert "Nobody to show" in (await browser.open("/Carol_C/followers")).text


async def test_protected_posts_are_for_followers_alone(place: Place) -> None:
    made = await post(place.db, place.cast.bob, "for followers alone")
    for browser in (place.browser(), await place.browser_of(DAVE)):
        page = await browser.open("/bob")
        assert "These posts are protected." in page.text
        assert "for followers alone" not in page.text
        for path in ("", "/quotes", "/likes", "/reposts", "/history"):
            assert (await browser.open(f"/bob/status/{made.id}{path}")).status == 404
    assert "for followers alone" in (await (await place.browser_of(BOB)).open("/bob")).text


async def test_a_post_is_found_under_any_name_and_led_to_its_author_s(place: Place) -> None:
    made = await post(place.db, place.cast.carol, "here")
    browser = await place.browser_of(CAROL)
    for path in (f"/i/status/{made.id}", f"/carol_c/status/{made.id}", f"/ann/status/{made.id}"):
        assert (await browser.open(path)).location == f"/Carol_C/status/{made.id}"
    assert (await browser.open(f"/i/web/status/{made.id}")).location == f"/i/status/{made.id}"
    for path in ("/Carol_C/status/1", "/Carol_C/status/x", "/nobody_here", "/nobody_here/likes"):
        assert (await browser.open(path)).status == 404


async def test_likes_are_shown_to_oneself_alone(place: Place) -> None:
    browser = await place.browser_of(ANN)
    assert (await browser.open("/ann/likes")).status == 200
    assert (await browser.open("/Carol_C/likes")).location == "/Carol_C"
