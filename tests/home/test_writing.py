"""Writing on pages: posts, answers, quotes, polls and edits, and what is refused beside its field."""

import pytest

from tests.cast import ANN, DAVE
from tests.oauth.consent.walking import Form, Page
from tests.person.site import Place
from tests.posts.making import post, read
from volary.db.paging import Bounds
from volary.kit.clock import MINUTE
from volary.posts.queries.polls import poll_of
from volary.posts.queries.reading import posts_of_author


def form_of(page: Page, button: str) -> Form:
    """The form with a button, of several on the page."""
    (form,) = [form for form in page.forms() if form.buttons == [button]]
    return form


async def newest(place: Place, account_id: int) -> str:
    return (await posts_of_author(place.db, account_id, account_id, Bounds(), 1))[0].text


async def test_ann_posts_at_home_and_sees_it_there(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open("/home")
    done = await browser.send(form_of(page, "Post").filled(text="Good morning"), "Post")
    assert done.location == "/home"
    after = await browser.open("/home")
    assert "Your post was sent." in after.text
    assert "Good morning" in after.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "A post needs a text."),
        (" \n ", "A post needs a text."),
        ("a" * 281, "The text is too long: a post has at most 280 characters."),
        ("said before", "You posted this already."),
    ],
)
async def test_what_cannot_be_posted_is_shown_again(place: Place, text: str, said: str) -> None:
    await post(place.db, place.cast.ann, "said before")
    browser = await place.browser_of(ANN)
    page = await browser.open("/home")
    refused = await browser.send(form_of(page, "Post").filled(text=text), "Post")
    assert refused.status in {400, 403}
    assert said in refused.text
    assert form_of(refused, "Post").values["text"] == text
    assert await newest(place, place.cast.ann.id) == "said before"


async def test_a_reply_begins_with_the_names_that_it_answers_and_pages_leave_them_out(place: Place) -> None:
    asked = await post(place.db, place.cast.carol, "who has seeds?")
    browser = await place.browser_of(ANN)
    page = await browser.open(f"/Carol_C/status/{asked.id}")
    done = await browser.send(form_of(page, "Reply").filled(text="I have"), "Reply")
    assert done.location == f"/Carol_C/status/{asked.id}"
    assert await newest(place, place.cast.ann.id) == "@Carol_C I have"
    shown = await browser.open(done.location)
    assert "Replying to @Carol_C I have Reply" in shown.text


async def test_a_quote_and_its_list(place: Place) -> None:
    original = await post(place.db, place.cast.carol, "bees!")
    browser = await place.browser_of(ANN)
    page = await browser.open(f"/compose?quote={original.id}")
    assert "bees!" in page.text
    done = await browser.send(form_of(page, "Post").filled(text="so true"), "Post")
    assert "bees!" in (await browser.open(done.location)).text
    assert "so true" in (await browser.open(f"/Carol_C/status/{original.id}/quotes")).text


async def test_a_poll_is_made_and_refused_beside_its_fields(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open("/compose")
    form = form_of(page, "Post").filled(text="Tea or coffee?", option1="Tea")
    refused = await browser.send(form, "Post")
    assert refused.status == 400
    assert "A poll has two to four different options" in refused.text
    done = await browser.send(form_of(refused, "Post").filled(option2="Coffee", minutes="60"), "Post")
    poll = await poll_of(place.db, place.cast.ann.id, int(done.location.rsplit("/", 1)[1]))
    assert poll is not None
    assert [one.label for one in poll.options] == ["Tea", "Coffee"]
    assert poll.duration_minutes == 60
    for name, value in (("minutes", "61"), ("reply_settings", "nobody")):
        wrong = await browser.send(form_of(page, "Post").edited(**{name: value}), "Post")
        assert wrong.status == 400
        assert "Choose one of the options." in wrong.text


async def test_a_post_is_edited_and_its_versions_are_shown(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "frist")
    browser = await place.browser_of(ANN)
    page = await browser.open(f"/compose?edit={made.id}")
    form = form_of(page, "Save")
    assert form.values["text"] == "frist"
    done = await browser.send(form.filled(text="first"), "Save")
    after = await browser.open(done.location)
    assert "Your post was changed." in after.text
    versions = await browser.open(after.link("Edited"))
    assert versions.text.index("first") < versions.text.index("frist")
    again = await browser.send(form.filled(text="second"), "Save")
    assert "This post cannot be edited, or not any more." in again.text


async def test_after_half_an_hour_nothing_is_edited(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "frist")
    browser = await place.browser_of(ANN)
    page = await browser.open(f"/compose?edit={made.id}")
    place.db.clock.advance(30 * MINUTE)
    late = await browser.send(form_of(page, "Save").filled(text="first"), "Save")
    assert late.status == 403
    assert "This post cannot be edited, or not any more." in late.text
    assert "Edit" not in [one.text for one in (await browser.open("/home")).root.one("main").every("a")]


async def test_who_may_not_reply_is_told(place: Place) -> None:
    asked = await post(place.db, place.cast.carol, "only whom I mention", reply_settings="mentionedUsers")
    browser = await place.browser_of(DAVE)
    page = await browser.open(f"/Carol_C/status/{asked.id}")
    refused = await browser.send(form_of(page, "Reply").filled(text="me too"), "Reply")
    assert refused.status == 403
    assert "You cannot answer or quote this post." in refused.text


async def test_nobody_answers_quotes_or_edits_what_is_kept_from_them(place: Place) -> None:
    kept = await post(place.db, place.cast.bob, "for followers alone")
    browser = await place.browser_of(DAVE)
    page = await browser.open("/compose")
    for name in ("reply", "quote", "edit"):
        assert (await browser.open(f"/compose?{name}={kept.id}")).status == 404
        assert (
            await browser.send(form_of(page, "Post").edited(**{name: str(kept.id)}, text="x"), "Post")
        ).status >= 400
    assert (await read(place.db, kept.id, place.cast.bob.id)).reply_count == 0
    assert not await posts_of_author(place.db, place.cast.dave.id, place.cast.dave.id, Bounds(), 1)
