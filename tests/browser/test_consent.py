"""The main thing, in every language, with and without JavaScript: an app asks, a person decides."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.browser.words import LANGUAGES, Words
from tests.flows.app import answer_in

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

every_language = pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.code)
both_ways = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


async def shows_what_is_asked(window: Window, words: Words, name: str) -> None:
    """An OAuth 2.0 request stands there with its two lists before the buttons."""
    await window.sees(name, words.view, words.do)
    lists = window.page.locator("main .consent-what")
    assert await lists.evaluate(
        "(lists) => lists.compareDocumentPosition(document.querySelector('main button')) & Node.DOCUMENT_POSITION_FOLLOWING"
    )


@every_language
@both_ways
@pytest.mark.claim("C010", "C021", "C022", "C023", "C079", "C084", "C095", "C214")
async def test_who_is_signed_in_connects_in_one_press(stage: Stage, words: Words, script: bool) -> None:
    ann, app = await stage.person(language=words.code), await stage.app()
    window = await stage.window(ann, language=words.code, script=script)
    await window.open(app.asking())
    await shows_what_is_asked(window, words, app.name)
    await expect(window.page.locator("input[type=password]")).to_have_count(0)
    await window.press(words.authorize)
    assert app.connected(window.page.url).username == ann.username

    await window.open(app.asking1())
    await window.sees(words.able, words.unable)
    await window.press(words.authorize)
    assert app.connected1(window.page.url).username == ann.username


@every_language
@both_ways
@pytest.mark.claim("C024", "C025", "C085", "C092")
async def test_who_is_signed_out_connects_by_signing_in(stage: Stage, words: Words, script: bool) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(language=words.code, script=script)
    await window.open(app.asking())
    await shows_what_is_asked(window, words, app.name)
    await window.sees(stage.base)
    await window.sign_in(ann.username, "not her password", words.sign_in_and_authorize)
    assert window.status == 401
    await shows_what_is_asked(window, words, app.name)
    await window.sign_in(ann.username, ann.password, words.sign_in_and_authorize)
    assert app.connected(window.page.url).username == ann.username

    other = await stage.window(language=words.code, script=script)
    await other.open(app.asking1())
    await other.sign_in(ann.username, ann.password, words.sign_in_and_authorize)
    assert app.connected1(other.page.url).username == ann.username
    assert ann.password not in stage.sink.everything
    assert "localhost" not in "".join(one.headers for one in stage.sink.arrivals), "a referrer"


@every_language
@both_ways
@pytest.mark.claim("C013")
async def test_cancel_gives_nothing(stage: Stage, words: Words, script: bool) -> None:
    ann, app = await stage.person(language=words.code), await stage.app()
    window = await stage.window(ann, language=words.code, script=script)
    await window.open(app.asking())
    await window.press(words.cancel)
    assert answer_in(window.page.url) == {"error": "access_denied", "state": app.state}
    await window.open(app.asking1())
    await window.press(words.cancel)
    # OAuth 1.0a: a page of ours that links back to the app, as X's does.
    await window.sees(app.name)
    async with window.page.expect_navigation():
        await window.page.locator("main a.button").click()
    assert list(answer_in(window.page.url)) == ["denied"]
    await window.open("/settings/apps")
    await window.misses(app.name)
