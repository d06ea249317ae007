"""Signing up, in and out, and several accounts in one browser."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.words import DE, EN, NL, Words

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(
    "words, script, username", [(EN, True, "Eve"), (NL, False, "eva_nl"), (DE, True, "Ewa_1")], ids=["en", "nl", "de"]
)
async def test_somebody_signs_up_and_out_and_in(stage: Stage, words: Words, script: bool, username: str) -> None:
    window = await stage.window(language=words.code, script=script)
    await window.open("/")
    await window.page.get_by_role("banner").get_by_role("link", name=words.sign_up).click()
    await window.type(name="Eve", username=username, email=f"{username}@example.org", password="password")
    await window.press(words.sign_up)
    assert window.status == 400
    await expect(window.page.get_by_role("alert")).to_be_visible()
    assert await window.page.locator("[name=password]").input_value() == ""
    assert await window.page.locator("[name=username]").input_value() == username
    await window.type(password="grey whales sing low")
    await window.press(words.sign_up)
    await window.is_at("/home")
    await window.page.locator("details.account summary").click()
    await window.press(words.log_out)
    await window.is_at("/login")
    # Usernames have no case when somebody signs in.
    await window.sign_in(username.upper(), "grey whales sing low", words.sign_in)
    await window.is_at("/home")
    assert await window.run("document.documentElement.lang") == words.code


async def test_a_wrong_password_says_so_and_keeps_the_name(stage: Stage) -> None:
    ann = await stage.person()
    window = await stage.window()
    await window.open("/login?then=/settings/password")
    await window.sign_in(ann.username, "no", "Sign in")
    assert window.status == 401
    await expect(window.page.get_by_role("alert")).to_be_visible()
    said = await window.page.get_by_role("alert").inner_text()
    await window.sign_in("nobody_at_all", "no", "Sign in")
    assert await window.page.get_by_role("alert").inner_text() == said, "nobody learns which names exist"
    await window.sign_in(ann.username, ann.password, "Sign in")
    await window.is_at("/settings/password")


async def test_a_person_who_signs_up_on_the_way_comes_back_to_the_app(stage: Stage) -> None:
    app = await stage.app()
    window = await stage.window()
    await window.open(app.asking())
    await window.page.get_by_role("main").get_by_role("link", name="Sign up").click()
    await window.type(username="new_here", password="grey whales sing low")
    await window.press("Sign up")
    await window.sees(app.name, "@new_here")
    await window.press("Authorize app")
    assert app.connected(window.page.url).username == "new_here"


async def test_two_accounts_in_one_browser(stage: Stage) -> None:
    ann, bob = await stage.person(), await stage.person("Bob Bakker", "nl")
    window = await stage.window(bob, ann)
    await window.open("/settings/account")
    menu = window.page.locator("details.account summary")
    await expect(menu).to_contain_text(ann.username)
    await menu.click()
    await window.press(f"Switch to @{bob.username}")
    await window.is_at("/settings/account")
    await expect(menu).to_contain_text(bob.username)
    assert await window.run("document.documentElement.lang") == "nl", "each account has its own language"
    await menu.click()
    await window.press(NL.log_out)
    await expect(menu).to_contain_text(ann.username)
    await menu.click()
    await window.press("Log out")
    await window.is_at("/login")


async def test_a_mistake_is_named_and_leads_to_its_field(stage: Stage) -> None:
    """With JavaScript off and on alike, the list of what is wrong comes first and its links focus the fields."""
    ann = await stage.person()
    window = await stage.window(script=False)
    await window.open("/signup")
    await window.type(username=ann.username, password="grey whales sing low")
    await window.press("Sign up")
    alert = window.page.get_by_role("alert")
    await alert.get_by_role("link").first.click()
    field = window.page.locator("[name=username]")
    await expect(field).to_be_focused()
    described = await field.get_attribute("aria-describedby") or ""
    assert "error-username" in described.split()
    await expect(window.page.locator("#error-username")).to_be_visible()
    assert await field.get_attribute("aria-invalid") == "true"
