"""*App details*: what can be changed, what cannot, and how texts come out again."""

import io

import pytest
from PIL import Image

from tests.cast import DEV
from tests.developers.making import CALLBACK, EVERYTHING, new_app, new_developer
from tests.oauth.consent.walking import ORIGIN, Browser, Page
from tests.portal.site import Place, form_with
from volary.developers import queries
from volary.developers.actions import suspend_app

pytestmark = pytest.mark.anyio

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onx='alert(1)",
    "{{7*7}}",
    "${7*7}",
    "%(name)s %{x} %s",
    "</textarea><script>",
]


async def upload(browser: Browser, path: str, csrf: str, content: bytes, name: str = "icon.png") -> Page:
    answer = await browser.client.post(
        path,
        data={"csrf": csrf},
        files={"icon": (name, content, "image/png")},
        headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"},
    )
    return Page(answer)


def png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (50, 50), (200, 30, 30)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.claim("C158", "C169", "C170", "C171", "C172")
async def test_every_field_is_changed_and_shown_again(sqlite_place: Place) -> None:
    dev, browser = sqlite_place.cast.dev.id, await sqlite_place.browser_of(DEV)
    app = (await new_app(sqlite_place.db, dev, "Before")).app
    typed = {
        "name": "After",
        "description": "Two\nlines",
        "website": "https://after.test/",
        "callbacks": "https://after.test/cb\nmyapp://callback/path\n\n",
        "terms_url": "https://after.test/terms",
        "privacy_url": "https://after.test/privacy",
        "organization": "After Ltd",
        "organization_url": "https://ltd.test/",
        "use_case": "Something else.",
    }
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(**typed)
    assert (await browser.send(form, "Save")).status == 303
    again = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").values
    assert {name: again[name] for name in typed} == typed | {"callbacks": typed["callbacks"].strip()}
    assert await queries.callback_urls(sqlite_place.db, app.id) == ["https://after.test/cb", "myapp://callback/path"]


@pytest.mark.claim("C175")
async def test_the_page_says_that_details_must_be_kept_up_to_date(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    page = await (await sqlite_place.browser_of(DEV)).open(f"/portal/apps/{app.id}")
    assert "Keep this up to date, and the use case when it changes" in page.text
    assert page.link("Developer Terms") == "/help/developer-terms"


@pytest.mark.claim("C219", "C222", "C225")
@pytest.mark.attack("SR-028", "SR-030", "SR-177")
@pytest.mark.parametrize(
    ("callbacks", "said"),
    [
        ("JaVaScRiPt:alert(1)", "The protocol javascript is not allowed"),
        ("https://a.test/\ndata:text/html,x", "data:text/html,x: The protocol data is not allowed"),
        ("java\tscript:alert(1)", "cannot hold spaces, tabs"),
        ("http://localhost:3000/cb", "such as http://127.0.0.1:3000/cb"),
        ("https://a.test/#x", "fragment"),
        ("\n".join(f"https://a.test/{number}" for number in range(11)), "at most 10 callback URLs"),
        ("https://a.test/\nhttps://a.test/", "twice"),
        ("https://a.test/" + "x" * 2100, "too long"),
    ],
)
async def test_a_bad_callback_saves_nothing_and_is_named(sqlite_place: Place, callbacks: str, said: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(callbacks=callbacks, name="Renamed")
    page = await browser.send(form, "Save")
    assert page.status == 400
    assert said in page.text
    assert form_with(page, "Save").values["callbacks"] == callbacks
    assert await queries.app_of_member(sqlite_place.db, sqlite_place.cast.dev.id, app.id) == app
    assert await queries.callback_urls(sqlite_place.db, app.id) == [CALLBACK]


async def test_ten_long_callbacks_fit_into_the_form(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    urls = [f"https://a.test/{number}/" + "x" * 1980 for number in range(10)]
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(callbacks="\n".join(urls))
    assert (await browser.send(form, "Save")).status == 303
    assert await queries.callback_urls(sqlite_place.db, app.id) == urls


async def test_plain_http_is_warned_of(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(callbacks="http://app.test/cb")
    await browser.send(form, "Save")
    assert "Without https" in (await browser.open(f"/portal/apps/{app.id}")).text


@pytest.mark.attack("SR-169")
@pytest.mark.parametrize("field", ["website", "terms_url", "privacy_url", "organization_url"])
async def test_links_to_scripts_are_refused(sqlite_place: Place, field: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.test", "https://user@evil.test/"):
        form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(**{field: url})
        page = await browser.send(form, "Save")
        assert page.status == 400
        assert page.root.one("p", id=f"error-{field}").text
    assert await queries.app_of_member(sqlite_place.db, sqlite_place.cast.dev.id, app.id) == app


@pytest.mark.attack("SR-168")
@pytest.mark.parametrize("text", NASTY)
async def test_texts_come_out_as_texts(sqlite_place: Place, text: str) -> None:
    dev, browser = sqlite_place.cast.dev.id, await sqlite_place.browser_of(DEV)
    app = (await new_app(sqlite_place.db, dev)).app
    names = ("name", "description", "organization", "use_case")
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(**dict.fromkeys(names, text))
    assert (await browser.send(form, "Save")).status == 303
    kept = await queries.app_of_member(sqlite_place.db, dev, app.id)
    assert kept.name == text
    for path in ("", "/keys", "/authentication", "/callback-tester?url=" + "%3Cscript%3E", "/delete", "/attach"):
        page = await browser.open(f"/portal/apps/{app.id}{path}")
        assert page.status == 200
        assert page.root.one("h1").text == text
        scripts = page.root.every("script")
        assert [script["src"] for script in scripts] == [scripts[0]["src"]]
        assert not [tag for tag in page.root.every("img") if tag.get("onerror")]
        assert "unsafe" not in page.headers["content-security-policy"]
    dashboard = await browser.open("/portal")
    assert text in [link.text for link in dashboard.root.every("a")]
    icon = await browser.open(f"/app-icons/{app.id}/letter.svg")
    assert "script" not in icon.answer.text


@pytest.mark.attack("SR-174")
async def test_fields_that_the_form_does_not_have_change_nothing(sqlite_place: Place) -> None:
    dev, browser = sqlite_place.cast.dev.id, await sqlite_place.browser_of(DEV)
    app = (await new_app(sqlite_place.db, dev)).app
    extra = {
        "owner_id": str(sqlite_place.cast.dave.id),
        "client_id": "mine",
        "state": "suspended",
        "epoch": "9",
        "project_id": "1",
        "oauth1_level": "read-write-directmessages",
        "level": "read-write-directmessages",
        "permissions": "rwd",
        "email_permission": "1",
        "email": "1",
        "bearer_generation": "9",
        "rate_limit": "9",
        "first_party": "1",
    }
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").edited(**extra)
    assert (await browser.send(form, "Save")).status == 303
    assert await queries.app_of_member(sqlite_place.db, dev, app.id) == app
    more = {"name": "Other", "description": "x", "website": "https://x.test/", "callbacks": "https://x.test/"}
    form = form_with(await browser.open(f"/portal/apps/{app.id}/authentication"), "Save").edited(
        **(extra | more | {"level": "read", "email": ""})
    )
    assert (await browser.send(form, "Save")).status == 303
    assert await queries.app_of_member(sqlite_place.db, dev, app.id) == app


async def test_a_name_that_is_taken_is_refused(sqlite_place: Place) -> None:
    await new_app(sqlite_place.db, sqlite_place.cast.ann.id, "Taken")
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id, "Mine")).app
    browser = await sqlite_place.browser_of(DEV)
    page = await browser.send(
        form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(name="TAKEN"), "Save"
    )
    assert page.status == 409
    assert "already has this name" in page.root.one("p", id="error-name").text


@pytest.mark.claim("C064")
async def test_links_stay_while_the_app_asks_for_email(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id, authentication=EVERYTHING)).app
    browser = await sqlite_place.browser_of(DEV)
    page = await browser.send(
        form_with(await browser.open(f"/portal/apps/{app.id}"), "Save").filled(terms_url=""), "Save"
    )
    assert page.status == 400
    assert "Terms of Service URL" in page.root.one("p", id="error-terms_url").text


# -------------------------------------------------------------------------------------------------------------------- icon


@pytest.mark.claim("C169")
@pytest.mark.attack("SR-170")
async def test_an_icon_is_drawn_again_and_served_harmlessly(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    page = await browser.open(f"/portal/apps/{app.id}")
    form = form_with(page, "Upload icon")
    assert form.element["enctype"] == "multipart/form-data"
    answer = await upload(browser, form.action, form.values["csrf"], png() + b"<script>alert(1)</script>", "x.svg")
    assert answer.status == 303
    page = await browser.open(f"/portal/apps/{app.id}")
    [source] = {image["src"] for image in page.root.every("img")}
    icon = (await sqlite_place.browser().open(source)).answer
    assert icon.status_code == 200
    assert icon.headers["content-type"] == "image/png"
    assert icon.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in icon.headers["content-security-policy"]
    assert "immutable" in icon.headers["cache-control"]
    assert "set-cookie" not in icon.headers
    assert b"script" not in icon.content
    assert Image.open(io.BytesIO(icon.content)).size == (400, 400)
    assert (await browser.open(f"/app-icons/{app.id}/0000.png")).status == 404
    assert (await browser.send(form_with(page, "Remove icon"), "Remove icon")).status == 303
    assert (await browser.open(source)).status == 404


@pytest.mark.attack("SR-170")
@pytest.mark.parametrize(
    "content", [b"<svg onload='alert(1)'/>", b"\x89PNG\r\n\x1a\n<html><script>", b"", b"GIF89a" + b"x" * 100]
)
async def test_what_is_no_picture_is_refused(sqlite_place: Place, content: bytes) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Upload icon")
    page = await upload(browser, form.action, form.values["csrf"], content)
    assert page.status == 400
    assert form_with(page, "Save").values["name"] == app.name
    assert await queries.icon_of_app(sqlite_place.db, app.id) is None


async def test_a_picture_that_is_too_large_is_refused(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    form = form_with(await browser.open(f"/portal/apps/{app.id}"), "Upload icon")
    page = await upload(browser, form.action, form.values["csrf"], b"x" * 3_000_000)
    assert page.status == 413


async def test_the_letter_icon_is_harmless_too(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    icon = (await sqlite_place.browser().open(f"/app-icons/{app.id}/letter.svg")).answer
    assert icon.headers["content-type"].startswith("image/svg+xml")
    assert icon.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in icon.headers["content-security-policy"]
    for path in ("/app-icons/12345/letter.svg", "/app-icons/x/letter.svg", f"/app-icons/{app.id}/letter.png"):
        assert (await sqlite_place.browser().open(path)).status == 404


# ------------------------------------------------------------------------------------------------------------------ tester


@pytest.mark.claim("C229", "C230")
async def test_the_tester_says_what_is_different(sqlite_place: Place) -> None:
    dev, browser = sqlite_place.cast.dev.id, await sqlite_place.browser_of(DEV)
    app, other = (await new_app(sqlite_place.db, dev, "One")).app, (await new_app(sqlite_place.db, dev, "Two")).app
    form = form_with(await browser.open(f"/portal/apps/{other.id}"), "Save").filled(callbacks="https://two.test/cb")
    await browser.send(form, "Save")

    async def tested(url: str) -> Page:
        answer = await browser.client.get(f"/portal/apps/{app.id}/callback-tester", params={"url": url})
        return Page(answer)

    assert "This URL is on the list" in (await tested(CALLBACK)).text
    assert "HTTP-encode" in (await tested("https%3A%2F%2Fframe.test%2Fcb")).text
    slash = await tested(CALLBACK + "/")
    assert "Only the slash at the end" in slash.text
    assert CALLBACK in slash.text
    wrong_app = await tested("https://two.test/cb")
    assert "It is on the list of your App Two instead" in wrong_app.text
    assert wrong_app.link("Two") == f"/portal/apps/{other.id}"
    script = await tested("javascript:alert(1)")
    assert "The protocol javascript is not allowed" in script.text
    assert "Add it to the list" not in script.text
    added = await browser.send(form_with(slash, "Add it to the list"), "Add it to the list")
    assert added.status == 303
    assert await queries.callback_urls(sqlite_place.db, app.id) == [CALLBACK, CALLBACK + "/"]


async def test_the_tester_knows_the_free_port_of_native_apps(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id, "One")).app
    browser, page = await sqlite_place.browser_of(DEV), f"/portal/apps/{app.id}"
    form = form_with(await browser.open(page), "Save").filled(callbacks="http://127.0.0.1/cb")
    await browser.send(form, "Save")
    there = f"{page}/callback-tester?url=http://127.0.0.1:49152/cb"
    assert "The port is different" in (await browser.open(there)).text
    typed = {"oauth2": "1", "oauth2_type": "native", "any_port": "1"}
    await browser.send(form_with(await browser.open(f"{page}/authentication"), "Save").filled(**typed), "Save")
    tested = await browser.open(there)
    assert "Only the port is different. OAuth 2.0 accepts it, OAuth 1.0a does not." in tested.text
    assert "Add it to the list" not in tested.text
    assert "This URL is refused." in (await browser.open(there + "/")).text


@pytest.mark.claim("C176")
async def test_a_suspended_app_shows_its_tag_and_reason(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    await sqlite_place.db.write(suspend_app, app.id, reason="It <b>posts</b> too much.")
    browser = await sqlite_place.browser_of(DEV)
    assert "suspended" in (await browser.open("/portal")).text
    page = await browser.open(f"/portal/apps/{app.id}")
    assert "suspended" in [badge.text for badge in page.root.every("span", class_="badge")]
    assert "Reason: It <b>posts</b> too much." in page.text


@pytest.mark.attack("SR-168")
@pytest.mark.parametrize("name", ["Рhоtо Frаmе", "PHOTO FRAME", "Photo Frarne", "Volary", "VoIary Support"])
async def test_a_name_that_looks_like_anothers_or_like_ours_is_refused_at_both_doors(place: Place, name: str) -> None:
    await new_app(place.db, place.cast.bob.id, "Photo Frame")
    mine = (await new_app(place.db, place.cast.dev.id, "Mine")).app
    await new_developer(place.db, place.cast.dev.id)
    browser = await place.browser_of(DEV)
    for path, button, typed in (
        (f"/portal/apps/{mine.id}", "Save", {}),
        ("/portal/apps/new", "Create App", {"project": "standalone"}),
    ):
        form = form_with(await browser.open(path), button)
        refused = await browser.send(form.filled(name=name, **typed), button)
        assert refused.status in {400, 409}
        assert refused.root.one("p", id="error-name").text
    assert [app.name for app in await queries.apps_of_member(place.db, place.cast.dev.id)] == ["Mine"]
    # The name that the App has already is kept, and so is one that looks like its own.
    form = form_with(await browser.open(f"/portal/apps/{mine.id}"), "Save")
    assert (await browser.send(form.filled(name="MINE"), "Save")).status == 303
