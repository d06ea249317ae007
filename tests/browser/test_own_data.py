"""Taking one's data along, going away and coming back, as a person does it in a browser."""

import json
import zipfile

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.making import Person

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

NL = {
    "data": "Je gegevens",
    "request": "Archief aanvragen",
    "again": "Opnieuw kijken",
    "download": "Archief downloaden",
    "deactivate": "Je account deactiveren",
    "go": "@{name} deactiveren",
    "back": "Terugkomen",
    "sign_in": "Inloggen",
}
EN = {
    "data": "Your data",
    "request": "Request archive",
    "again": "Look again",
    "download": "Download archive",
    "deactivate": "Deactivate your account",
    "go": "Deactivate @{name}",
    "back": "Come back",
    "sign_in": "Sign in",
}
DE = {
    "data": "Ihre Daten",
    "request": "Archiv anfordern",
    "again": "Erneut nachsehen",
    "download": "Archiv herunterladen",
    "deactivate": "Konto deaktivieren",
    "go": "@{name} deaktivieren",
    "back": "Zurückkommen",
    "sign_in": "Anmelden",
}
LOOKS = 60
"""How often somebody looks again until the archive must be there; each look waits for a page."""


async def at_home(stage: Stage, language: str, script: bool) -> tuple[Person, Window]:
    person = await stage.person(language=language)
    return person, await stage.window(person, language=language, script=script)


@pytest.mark.parametrize("language, words, script", [("en", EN, True), ("nl", NL, False), ("de", DE, True)])
async def test_taking_ones_data_along(stage: Stage, language: str, words: dict[str, str], script: bool) -> None:
    person, window = await at_home(stage, language, script)
    await window.open("/settings")
    await window.follow(words["data"])
    await window.type(current_password=person.password)
    await window.press(words["request"])
    ready = window.button(words["download"])
    for _ in range(LOOKS):
        if await ready.count():
            break
        await window.page.wait_for_timeout(500)
        await window.follow(words["again"])
    await expect(ready).to_be_visible()
    async with window.page.expect_download() as waited:
        await ready.click()
    download = await waited.value
    assert download.suggested_filename.startswith(person.username)
    with zipfile.ZipFile(await download.path()) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("account.json"))[0]["username"] == person.username
    # The button works once more: whoever lost the file takes it again.
    async with window.page.expect_download() as waited:
        await ready.click()
    await waited.value


@pytest.mark.parametrize("language, words, script", [("en", EN, False), ("nl", NL, True), ("de", DE, False)])
async def test_going_away_and_coming_back(stage: Stage, language: str, words: dict[str, str], script: bool) -> None:
    person, window = await at_home(stage, language, script)
    await window.open("/settings/data")
    await window.follow(words["deactivate"])
    await window.type(current_password=person.password)
    await window.press(words["go"].format(name=person.username))
    await window.is_at("/settings/deactivated")
    await window.open("/settings")
    await window.is_at("/login?then=/settings")
    await window.sign_in(person.username, person.password, words["sign_in"])
    await window.press(words["back"])
    await expect(window.page.get_by_role("status")).to_be_visible()
    await window.type(password=person.password)
    await window.press(words["sign_in"])
    await window.open("/settings/data")
    await window.is_at("/settings/data")
