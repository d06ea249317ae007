"""A developer's first hour in the portal, by mouse and keyboard, up to an app that really connects."""

import shlex

import pytest
import requests
from playwright.async_api import Error, expect
from requests_oauthlib.oauth1_session import TokenRequestDenied

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.app import App
from tests.flows.making import new_app
from volary.db import Database
from volary.developers.actions import sign_up
from volary.developers.actions.values import NewApp

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def shown(window: Window) -> dict[str, str]:
    """The credentials on a page that shows them once, by their labels."""
    names = await window.page.locator(".copyable:not(:has([id^=api-])) .copyable-name").all_inner_texts()
    texts = await window.page.locator(".copyable-text:not([id^=api-])").all_inner_texts()
    return dict(zip(names, texts, strict=True))


def answer_to(example: str, token: str) -> str:
    """Whose profile the example's request gets, sent as a terminal that holds the token would send it."""
    program, option, header, url = shlex.split(example)
    assert (program, option) == ("curl", "-H")
    name, value = header.replace("$APP_ACCESS_TOKEN", token).split(": ")
    answer = requests.get(url, headers={name: value}, timeout=10)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["data"]["username"])


@pytest.mark.claim("C087", "C154", "C156", "C157", "C158", "C181", "C185", "C187", "C194", "C197", "C229")
async def test_from_the_agreement_to_a_connected_person(stage: Stage) -> None:
    dev, ann = await stage.person("Dev Devrient"), await stage.person()
    window = await stage.window(dev)
    await window.open("/portal")
    await window.follow("Sign up for a developer account")
    await window.button("Create developer account").click()
    await expect(window.page.locator("[name=agreed]")).to_be_focused()  # the browser itself asks for the tick
    await window.page.get_by_label("I accept the Developer Terms and the Developer Policy.").check()
    await window.press("Create developer account")
    await window.is_at("/portal")
    await window.page.get_by_role("main").get_by_role("link", name="Create Project").click()
    await window.type(name="Birds", use_case="Diaries of what people saw.")
    await window.press("Create Project")
    await window.page.get_by_role("radio", name="In the Project Birds").check()
    name = f"Diary of {dev.username}"
    await window.type(name=name, description="Posts on Sundays.", callbacks="http://localhost:8000/cb")
    await window.press("Create App")
    assert window.status == 400
    await window.sees("127.0.0.1")
    await window.type(callbacks=stage.sink.callback)
    await window.press("Create App")
    keys = await shown(window)
    assert list(keys) == ["API Key", "API Key Secret", "App Access Token"]
    await window.sees("Next steps", stage.base)
    assert answer_to(await window.page.locator("#api-example").inner_text(), keys["App Access Token"]) == dev.username

    await window.follow("I have saved them")
    await window.page.get_by_label("Use OAuth 2.0").check()
    await window.press("Save")
    assert window.status == 400, "without a type of App"
    await window.page.get_by_role("radio", name="Web App").check()
    await window.press("Save")
    keys |= await shown(window)
    await window.follow("I have saved them")
    html = await window.page.content()
    assert not [secret for label, secret in keys.items() if label != "Client ID" and secret in html]

    await window.follow("Callback tester")
    await window.type(url=stage.sink.callback + "/")
    await window.press("Test")
    await window.sees("This URL is refused.", "Closest on the list:", stage.sink.callback)
    await window.type(url=stage.sink.callback)
    await window.press("Test")
    await window.sees("This URL is on the list. Both protocols accept it.")

    own = {label.lower().replace(" ", "_"): text for label, text in keys.items()}
    app = App(stage.base, stage.sink.callback, name, own)
    visitor = await stage.window(ann)
    await visitor.open(app.asking())
    await visitor.sees(name, "Posts on Sundays.", f"@{dev.username}")
    await visitor.press("Authorize app")
    assert app.connected(visitor.page.url).username == ann.username
    await window.open("/portal")
    await window.sees("1 connected person")


@pytest.mark.claim("C182", "C183", "C184", "C185")
async def test_a_secret_is_regenerated_and_shown_once(stage: Stage) -> None:
    """In German and without JavaScript: the whole portal is forms."""
    dev = await stage.person("Dev Devrient", "de")
    name = f"Nachtschwalbe {dev.username}"
    made, app = await stage.beside(make_app_of, dev.id, stage, name)
    window = await stage.window(dev, language="de", script=False)
    await window.open("/portal")
    await window.page.locator(".items").get_by_role("link", name=name).click()
    await window.follow("Keys und Tokens")
    html = await window.page.content()
    assert made.api_key_secret not in html
    assert made.client_secret
    assert made.client_secret not in html
    card = window.page.locator("#api-key")
    await card.get_by_text("Hinweis").click()
    assert f"…{made.api_key[-4:]}" in (await card.inner_text()).replace(" ", "")
    await card.get_by_role("link", name="Neu erstellen").click()
    await window.page.get_by_role("radio", name="Jetzt").check()
    await window.press("Neu erstellen")
    keys = list((await shown(window)).values())
    assert keys[0] != made.api_key
    await window.follow("Ich habe sie gespeichert")
    assert not [text for text in keys if text in await window.page.content()]
    # The way back has nothing to show: Chromium would have to send the form again, and asks first.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        await window.page.go_back()
    await expect(window.page.get_by_text(keys[1])).to_have_count(0)

    with pytest.raises(TokenRequestDenied, match="401"):
        app.asking1()
    app.keys |= {"api_key": keys[0], "api_key_secret": keys[1]}
    assert "oauth_token" in app.asking1()


async def make_app_of(db: Database, owner: int, stage: Stage, name: str) -> tuple[NewApp, App]:
    """An App of somebody's, with a developer account for it."""
    await db.write(sign_up, owner, agreed=True, use_case="Birds")
    return await new_app(db, owner, stage.base, stage.sink.callback, name=name)


@pytest.mark.claim("C155", "C191")
async def test_an_app_is_deleted_only_by_its_name(stage: Stage) -> None:
    dev, ann = await stage.person("Dev Devrient"), await stage.person()
    name = f"Nightjar of {dev.username}"
    made, app = await stage.beside(make_app_of, dev.id, stage, name)
    visitor = await stage.window(ann)
    await visitor.open(app.asking())
    await visitor.press("Authorize app")
    connection = app.connected(visitor.page.url)
    window = await stage.window(dev)
    await window.open(f"/portal/apps/{made.app.id}/delete")
    await window.sees("1 person is connected to it now.")
    await window.type(typed="Nightjar")
    await window.press("Delete App")
    assert window.status == 400
    assert connection.username == ann.username
    await window.type(typed=name)
    await window.press("Delete App")
    await window.is_at("/portal")
    assert connection.me().status_code == 401
    await visitor.open("/settings/apps")
    await visitor.misses(name)
