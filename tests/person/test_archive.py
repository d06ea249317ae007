"""The archive of one's data: asked for and downloaded with the password, whole, one's own alone, and gone after a week."""

import asyncio
import io
import json
import zipfile
from typing import Any

import pytest

from tests.cast import ANN, DAVE, DEV
from tests.media.samples import picture
from tests.oauth.consent.walking import Browser, Page
from tests.person.site import Place
from tests.person.test_confirming import letters
from volary.access.caller import in_person
from volary.accounts.actions import update_profile
from volary.accounts.models import AccountRow
from volary.accounts.rules.profiles import Profile
from volary.graph.actions.follows import follow
from volary.jobs.declaring import GivenUp, Work
from volary.jobs.queries import jobs_after
from volary.kit.clock import DAY, MINUTE
from volary.media.actions.sending import add_segment, begin_upload, end_upload
from volary.media.api.receiving import kind_of, read_upload
from volary.media.models import MediaRow
from volary.media.queries import own_upload
from volary.media.rules.folder import Folder
from volary.messages.actions.sending import MessageDraft, send_message
from volary.person.actions import go_away
from volary.person.actions.archiving import DISCARD, HOLDS, MAKE, fail, say_how_far
from volary.person.jobs.archiving import make, throw_away
from volary.person.jobs.erasing import erase
from volary.person.queries.archives import archive_of
from volary.person.queries.parts import PAGE, PARTS
from volary.posts.actions.likes import like
from volary.posts.actions.writing import Draft, create_post
from volary.posts.rules.polls import NewPoll

DATA = "/settings/data"


def work_at(place: Place) -> Work:
    return Work(place.db, place.site.resources, 1, 1)


async def asked(browser: Browser, password: str = ANN.password, button: str = "Request archive") -> Page:
    """Ask for an archive on the page."""
    page = await browser.open(DATA)
    form = next(form for form in page.forms() if "current_password" in form.values)
    return await browser.send(form.filled(current_password=password), button)


async def made(place: Place) -> None:
    """Do the job that was asked for last."""
    job = [job for job in await jobs_after(place.db) if job.name == MAKE][-1]
    await make(work_at(place), json.loads(job.payload))


async def downloaded(browser: Browser) -> zipfile.ZipFile:
    """The archive as the browser gets it."""
    page = await browser.open(DATA)
    form = next(form for form in page.forms() if form.action.endswith("/download"))
    answer = (await browser.send(form, "Download archive")).answer
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="ann-')
    return zipfile.ZipFile(io.BytesIO(answer.content))


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


async def test_asked_for_made_and_downloaded(place: Place) -> None:
    browser = await place.browser_of(ANN)
    done = await asked(browser)
    page = await browser.open(done.location)
    assert "We are putting your archive together." in page.text
    assert "Your archive is about to be made." in page.text
    [job] = [job for job in await jobs_after(place.db) if job.name == MAKE]
    archive = await archive_of(place.db, place.cast.ann.id)
    assert archive is not None
    await place.db.write(say_how_far, archive.id, "posts.json", 1, 23)
    assert "Your archive is being made: 1 of 23 parts." in (await browser.open(DATA)).text
    await make(work_at(place), json.loads(job.payload))
    page = await browser.open(DATA)
    assert "Can be downloaded until" in page.text
    [(address, letter), *_rest] = await letters(place)
    assert (address, letter.subject) == (ANN.email, "Your archive is ready")
    archive_file = await downloaded(browser)
    assert archive_file.testzip() is None
    assert {part.name for part in PARTS} == set(archive_file.namelist())
    assert read(archive_file, "account.json")[0]["username"] == "ann"
    assert "archive.asked" in {one["kind"] for one in read(archive_file, "history.json")}


async def test_it_holds_what_is_ones_own_and_nothing_of_others(place: Place) -> None:
    db, ann, dave = place.db, in_person(place.cast.ann.id, "ann"), in_person(place.cast.dave.id, "dave")
    await db.write(update_profile, ann.me, Profile("Ann", 'Says "hello", <b>and</b> é'))
    hers = await db.write(create_post, ann, Draft("a post of mine", poll=NewPoll(("yes", "no"), 60)))
    theirs = await db.write(create_post, dave, Draft("not hers at all"))
    await db.write(like, ann, theirs.id)
    await db.write(follow, ann, dave.me)
    await db.write(send_message, dave, ann.me, MessageDraft("hello Ann"))
    await db.write(send_message, dave, place.cast.dev.id, MessageDraft("do not tell Ann"))
    browser = await place.browser_of(ANN)
    await asked(browser)
    await made(place)
    archive = await downloaded(browser)
    assert [(post["id"], post["text"]) for post in read(archive, "posts.json")] == [(str(hers.id), "a post of mine")]
    [poll] = read(archive, "polls.json")
    assert (poll["option1"], poll["votes1"], poll["option3"]) == ("yes", 0, None)
    assert read(archive, "likes.json") == [{"post_id": str(theirs.id)}]
    assert read(archive, "following.json") == [{"id": str(dave.me), "username": "dave"}]
    assert [one["text"] for one in read(archive, "messages.json")] == ["hello Ann"]
    whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert read(archive, "account.json")[0]["description"] == 'Says "hello", <b>and</b> é'
    for secret in ("not hers at all", "do not tell Ann", "argon2", DAVE.email):
        assert secret not in whole


async def test_more_rows_than_are_in_memory_at_a_time(place: Place) -> None:
    ann = in_person(place.cast.ann.id, "ann")
    for number in range(PAGE + 3):
        await place.db.write(create_post, ann, Draft(f"post {number}"))
    browser = await place.browser_of(ANN)
    await asked(browser)
    await made(place)
    posts = read(await downloaded(browser), "posts.json")
    assert [post["text"] for post in posts] == [f"post {number}" for number in range(PAGE + 3)]


async def stored(place: Place, person: AccountRow) -> MediaRow:
    """A picture of somebody's that was sent and read."""
    me, content, resources = in_person(person.id, person.username), picture(), place.site.resources
    media_id = await place.db.write(begin_upload, me, "tweet_image", kind_of("tweet_image"), len(content))
    await place.db.write(add_segment, me, media_id, 0, len(content))
    resources[Folder].segment(media_id, 0, content)
    row, segments = await place.db.write(end_upload, me, media_id)
    await read_upload(place.db, resources, row, segments)
    found = await own_upload(place.db, person.id, media_id)
    assert found is not None
    return found


async def test_pictures_are_in_it_as_they_were_kept(place: Place) -> None:
    row = await stored(place, place.cast.ann)
    await stored(place, place.cast.dave)
    browser = await place.browser_of(ANN)
    await asked(browser)
    await made(place)
    archive = await downloaded(browser)
    kept = place.site.resources[Folder].file(row.name, "orig").read_bytes()
    assert [name for name in archive.namelist() if name.startswith("media/")] == [f"media/{row.id}.{row.format}"]
    assert archive.read(f"media/{row.id}.{row.format}") == kept


@pytest.mark.attack("SR-163")
async def test_both_asking_and_downloading_take_the_password(place: Place) -> None:
    browser = await place.browser_of(ANN)
    for wrong in ("", "wrong wrong"):
        page = await asked(browser, wrong)
        assert (page.status, "This is not your current password." in page.text) == (400, True)
    assert await archive_of(place.db, place.cast.ann.id) is None
    await asked(browser)
    await made(place)
    place.db.clock.advance(place.site.settings.confirm_after * MINUTE)
    page = await browser.open(DATA)
    form = next(form for form in page.forms() if form.action.endswith("/download"))
    page = await browser.send(form, "Download archive")
    assert (page.status, page.headings) == (403, ["Confirm that it is you"])
    form = page.forms()[0].filled(password_again=ANN.password)
    assert (await browser.send(form, "Confirm")).answer.headers["content-type"] == "application/zip"


async def test_nobody_else_gets_it(place: Place) -> None:
    browser, stranger = await place.browser_of(ANN), await place.browser_of(DEV)
    await asked(browser)
    await made(place)
    page = await browser.open(DATA)
    form = next(form for form in page.forms() if form.action.endswith("/download"))
    csrf = next(form.values["csrf"] for form in (await stranger.open(DATA)).forms() if "csrf" in form.values)
    assert (await stranger.posted(form.action, {"csrf": csrf})).status == 404
    assert (await place.browser().posted(form.action, {"csrf": csrf})).status in {303, 403}
    archive = await archive_of(place.db, place.cast.ann.id)
    assert archive is not None
    for path in (f"/media/{archive.name}.archive", f"/media/{archive.name}.zip", f"/media/{archive.name}.jpg"):
        assert (await browser.open(path)).status == 404


async def test_one_at_a_time_and_one_a_day(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(DATA)
    form = next(form for form in page.forms() if "current_password" in form.values)
    form.filled(current_password=ANN.password)
    await asyncio.gather(*(browser.send(form, "Request archive") for _ in range(3)))
    assert len([job for job in await jobs_after(place.db) if job.name == MAKE]) == 1
    page = await browser.send(form, "Request archive")
    assert (page.status, "Your archive is being made already." in page.text) == (409, True)
    await made(place)
    first = await archive_of(place.db, place.cast.ann.id)
    assert first is not None
    page = await asked(browser, button="Request a new archive")
    assert page.status == 429
    assert int(page.answer.headers["retry-after"]) == DAY // 1000
    place.db.clock.advance(DAY)
    assert (await asked(browser, button="Request a new archive")).status == 303
    assert not place.site.resources[Folder].file(first.name, "archive").exists()
    # The first one's job of throwing away finds nothing to do.
    await throw_away(work_at(place), {"archive_id": first.id})
    assert await archive_of(place.db, place.cast.ann.id) is not None


async def test_it_expires_and_its_file_goes(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await asked(browser)
    await made(place)
    archive = await archive_of(place.db, place.cast.ann.id)
    assert archive is not None
    file = place.site.resources[Folder].file(archive.name, "archive")
    assert file.stat().st_mode & 0o077 == 0
    [job] = [job for job in await jobs_after(place.db) if job.name == DISCARD]
    assert job.due_at == place.db.now + HOLDS
    place.db.clock.advance(HOLDS)
    assert "Can be downloaded until" not in (await browser.open(DATA)).text
    await throw_away(work_at(place), json.loads(job.payload))
    assert not file.exists()
    assert await archive_of(place.db, place.cast.ann.id) is None


async def test_one_that_fails_says_so_and_can_be_asked_for_again(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await asked(browser)
    archive = await archive_of(place.db, place.cast.ann.id)
    assert archive is not None
    await place.db.write(fail, archive.id)
    assert "Your archive could not be made." in (await browser.open(DATA)).text
    await make(work_at(place), {"archive_id": archive.id})
    assert "Your archive could not be made." in (await browser.open(DATA)).text
    assert (await asked(browser)).status == 303


async def test_a_second_try_begins_anew_and_leaves_nothing_behind(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await asked(browser)
    archive = await archive_of(place.db, place.cast.ann.id)
    assert archive is not None
    folder = place.site.resources[Folder]
    (folder.drawing(archive.id) / "archive").write_bytes(b"half of it")
    await made(place)
    await made(place)
    assert (await downloaded(browser)).testzip() is None
    assert folder.incoming() == []
    assert folder.path is not None
    assert len(list(folder.path.glob("*/*.archive"))) == 1


async def test_without_a_folder_there_is_none(without_folder: Place) -> None:
    place = without_folder
    browser = await place.browser_of(ANN)
    page = await browser.open(DATA)
    assert "This server keeps no files" in page.text
    assert [form for form in page.forms() if "current_password" in form.values] == []
    csrf = next(form.values["csrf"] for form in (await browser.open("/settings/data/deactivate")).forms())
    await browser.posted(DATA + "/archive", {"csrf": csrf, "current_password": ANN.password})
    [job] = [job for job in await jobs_after(place.db) if job.name == MAKE]
    with pytest.raises(GivenUp):
        await make(work_at(place), json.loads(job.payload))


async def test_who_is_erased_leaves_no_archive(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await asked(browser)
    await made(place)
    archive = await archive_of(place.db, place.cast.ann.id)
    assert archive is not None
    since = place.db.now
    await place.db.write(go_away, place.cast.ann.id)
    place.db.clock.advance(30 * DAY)
    await erase(work_at(place), {"account_id": place.cast.ann.id, "since": since})
    assert not place.site.resources[Folder].file(archive.name, "archive").exists()
    assert await archive_of(place.db, place.cast.ann.id) is None
