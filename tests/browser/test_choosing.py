"""Which account, on which device, by which of the two addresses: the consent page's other shapes."""

import re

import pytest
from playwright.async_api import Request, expect

from tests.browser.conftest import Stage
from tests.browser.words import DE, EN, NL, Words

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
PHONE = {"width": 390, "height": 844}


@pytest.mark.claim("C030")
@pytest.mark.parametrize("words, script", [(NL, True), (DE, False)], ids=["nl-script", "de-plain"])
async def test_one_of_two_accounts_is_chosen(stage: Stage, words: Words, script: bool) -> None:
    ann, bob = await stage.person(language=words.code), await stage.person("Bob Bakker", words.code)
    app = await stage.app()
    window = await stage.window(bob, ann, language=words.code, script=script)
    await window.open(app.asking())
    group = window.page.get_by_role("group", name=words.choose)
    assert await group.get_by_role("radio").count() == 2
    await expect(group.get_by_role("radio", name=ann.username)).to_be_checked()
    await group.get_by_role("radio", name=bob.username).check()
    await window.press(words.authorize)
    assert app.connected(window.page.url).username == bob.username

    await window.open(app.asking1())
    await window.press(words.authorize)
    assert app.connected1(window.page.url).username == ann.username


@pytest.mark.claim("C030")
async def test_an_account_is_added_on_the_way_and_chosen(stage: Stage) -> None:
    ann, bob, app = await stage.person(), await stage.person("Bob Bakker"), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking())
    await window.follow("Use another account")
    await window.sees(f"You stay signed in as @{ann.username}")
    await window.sign_in(bob.username, bob.password, "Sign in")
    await window.page.get_by_role("radio", name=bob.username).check()
    await window.press("Authorize app")
    assert app.connected(window.page.url).username == bob.username


@pytest.mark.parametrize(
    "agent, words, button",
    [(IPHONE, EN, EN.connect), (IPHONE, NL, NL.connect), (ANDROID, NL, NL.allow), (ANDROID, DE, DE.allow)],
    ids=["iphone-en", "iphone-nl", "android-nl", "android-de"],
)
@pytest.mark.claim("C026", "C027", "C028", "C029", "C195", "C224")
@pytest.mark.attack("SR-129")
async def test_a_phone_has_its_own_words_and_goes_back_into_the_app(
    stage: Stage, agent: str, words: Words, button: str
) -> None:
    ann = await stage.person(language=words.code)
    app = await stage.app(callback="com.frame.app://done/cb", type="native")
    window = await stage.window(ann, language=words.code, user_agent=agent, viewport=PHONE)
    await window.open(app.asking())
    await expect(window.button(words.authorize)).to_have_count(0)
    assert await window.run("document.documentElement.scrollWidth") == PHONE["width"]
    asked: list[Request] = []
    async with window.page.expect_event("requestfailed") as failed:
        await window.button(button).click()
    asked.append(await failed.value)
    # No app of that scheme is installed here, so Chromium gives up; the policy of the page had nothing against it.
    assert asked[0].failure == "net::ERR_ABORTED"
    assert app.connected(asked[0].url).username == ann.username


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_program_gets_a_pin(stage: Stage, script: bool) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann, script=script)
    await window.open(app.asking1(callback="oob"))
    await window.sees("Afterwards you will see a PIN")
    await window.press("Authorize app")
    await window.sees(f"You have given {app.name} access to your account")
    shown = await window.page.locator(".pin-digits").inner_text()
    pin = await window.page.locator("#pin code").text_content()
    assert re.sub(r"\s", "", shown) == pin
    assert re.fullmatch(r"\d{7}", pin or "")
    assert app.connected1(pin=pin or "").username == ann.username


@pytest.mark.claim("C213")
@pytest.mark.attack("SR-065")
async def test_sign_in_with_asks_once(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking1("authenticate"))
    await window.press("Sign in")
    assert app.connected1(window.page.url).username == ann.username
    await window.open(app.asking1("authenticate"))
    await window.is_at(re.compile(re.escape(stage.sink.callback)))
    assert app.connected1(window.page.url).username == ann.username
    # By the other address it asks each time, and with force_login for the password too.
    await window.open(app.asking1("authorize"))
    await expect(window.button("Authorize app")).to_be_visible()
    await window.sees("You have connected this app before, with these permissions.")
    await window.open(app.asking1("authenticate", force_login="true"))
    await window.sign_in(ann.username, ann.password, "Sign in and authorize app")
    assert app.connected1(window.page.url).username == ann.username


@pytest.mark.attack("SR-131")
async def test_what_is_new_is_marked(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking("tweet.read users.read"))
    await window.press("Authorize app")
    await window.open(app.asking("tweet.read users.read dm.write"))
    await window.sees("What you had not allowed it yet is marked as new.")
    marked = window.page.locator(".powers li", has=window.page.locator(".badge"))
    assert await marked.all_inner_texts() == [
        "Send Direct Messages for you, and manage and delete your Direct Messages. New"
    ]
