"""*Profile picture and banner*: taken from a form, drawn anew, seen by everybody, and removed. Bob reads Dutch."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.cast import ANN, BOB
from tests.media.samples import multipart, picture
from tests.oauth.consent.walking import ORIGIN, Browser, Form, Page
from tests.person.site import Place
from volary.accounts.queries import account_by_id

HERE = "/settings/pictures"
SECRET = b"taken at 53.45 north"


async def form_of(browser: Browser, which: str, part: str = "") -> Form:
    (form,) = [one for one in (await browser.open(HERE)).forms() if one.action.endswith(f"{HERE}/{which}{part}")]
    return form


async def upload(browser: Browser, which: str, content: bytes | None) -> Page:
    """Choose a file in the form and press its button."""
    form = await form_of(browser, which)
    assert form.element["enctype"] == "multipart/form-data"
    body, kind = multipart({"csrf": form.values["csrf"]}, **{which: content or b""})
    if content is None:
        body = body.replace(b'filename="x"', b'filename=""')  # as browsers send a field in which nothing was chosen
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "content-type": kind}
    return Page(await browser.client.post(form.action, content=body, headers=headers))


async def shown(browser: Browser) -> list[bytes]:
    """The bytes of the pictures on the page, as a visitor without a session gets them."""
    main = (await browser.open(HERE)).root.one("main")
    found = [await browser.client.get(one["src"], headers={"cookie": ""}) for one in main.every("img")]
    assert [one.status_code for one in found] == [200] * len(found)
    return [one.content for one in found]


@pytest.mark.claim("C043")
async def test_both_are_taken_drawn_anew_replaced_and_removed(place: Place, tmp_path: Path) -> None:
    browser = await place.browser_of(ANN)
    assert await shown(browser) == []
    for which, said, sizes in (
        ("picture", "Your profile picture was changed.", [(200, 200)]),
        ("banner", "Your banner was changed.", [(200, 200), (600, 200)]),
    ):
        done = await upload(browser, which, picture("JPEG", 900, 500) + SECRET)
        assert said in (await browser.open(done.location)).text
        got = await shown(browser)
        assert [Image.open(io.BytesIO(one)).size for one in got] == sizes
        assert all(SECRET not in one for one in got)
    first = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    for which in ("picture", "banner"):
        await upload(browser, which, picture("PNG", 300, 300))
    second = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert not second.intersection(first), "the files of the ones before are gone"
    for which, label, said in (
        ("picture", "Remove picture", "Your profile picture was removed."),
        ("banner", "Remove banner", "Your banner was removed."),
    ):
        done = await browser.send(await form_of(browser, which, "/remove"), label)
        assert said in (await browser.open(done.location)).text
    assert await shown(browser) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    ann = await account_by_id(place.db, place.cast.ann.id)
    assert ann is not None
    assert (ann.picture, ann.banner) == ("", "")


async def test_what_is_no_picture_changes_nothing_and_is_said_beside_its_field(place: Place) -> None:
    browser = await place.browser_of(BOB)
    await upload(browser, "picture", picture())
    before = await shown(browser)
    for which in ("picture", "banner"):
        for content, said in (
            (b"<svg/>", "Dit bestand is geen bruikbare foto."),
            (picture()[:60], "Dit bestand is geen bruikbare foto."),
            (b"", "Kies eerst een afbeelding."),
            (None, "Kies eerst een afbeelding."),
        ):
            page = await upload(browser, which, content)
            assert page.status == 400
            assert said in page.root.one("p", id=f"error-{which}").text
    assert await shown(browser) == before


async def test_nobody_changes_anothers(place: Place) -> None:
    browser = place.browser()
    assert (await browser.open(HERE)).location == f"/login?then={HERE}"
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    got = await browser.client.post(
        f"{HERE}/picture", data={"csrf": "x"}, files={"picture": picture()}, headers=headers
    )
    assert got.status_code in {303, 403}
    assert [one.picture for one in (place.cast.ann, place.cast.bob)] == ["", ""]


async def test_an_installation_without_a_folder_says_so(without_folder: Place) -> None:
    browser = await without_folder.browser_of(ANN)
    page = await upload(browser, "picture", picture())
    assert page.status == 501
    assert "This server keeps no pictures" in page.root.one("p", id="error-picture").text
