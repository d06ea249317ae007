"""The seeds' labels in German, and Dutch as somebody from there would say it."""

import pytest

from tests.cast import DEV
from tests.developers.making import EVERYTHING, new_app
from tests.portal.site import Place

pytestmark = [pytest.mark.anyio, pytest.mark.claim("C231")]

LABELS = {
    ("de", "/portal"): ["Dashboard des Entwicklerportals", "Apps und Projects", "Standalone-Apps", "App-id"],
    ("de", ""): ["App-Details", "Keys und Tokens", "Einstellungen zur Benutzer-Authentifizierung"],
    ("de", "/keys"): [
        "API Key (Consumer Key) und API Secret (Consumer Secret)",
        "App Access Token",
        "User Access Token und Access Token Secret",
        "Client ID und Client Secret",
        "API Key‑Hinweis",
    ],
    ("de", "/authentication"): [
        "App-Berechtigungen",
        "OAuth 1.0a-Berechtigungen für App und Nutzer",
        "OAuth 2.0-Typ der App",
        "Nur Lesen",
        "Lesen und Schreiben",
        "Lesen, Schreiben und Zugriff auf Direct Messages",
    ],
    ("nl", "/portal"): ["Dashboard van het ontwikkelaarsportaal", "Apps en projecten", "Standalone-apps"],
    ("nl", "/keys"): ["Sleutels en tokens", "API Key (Consumer Key) en API Secret (Consumer Secret)"],
    ("nl", "/authentication"): ["Lezen", "Lezen en schrijven", "Lezen, schrijven, en privéberichten"],
}


@pytest.mark.parametrize(("language", "path"), LABELS)
async def test_pages_carry_the_labels_of_their_language(sqlite_place: Place, language: str, path: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id, authentication=EVERYTHING)).app
    browser = await sqlite_place.browser_of(DEV, language)
    page = await browser.open(path if path == "/portal" else f"/portal/apps/{app.id}{path}")
    assert page.root.one("html")["lang"] == language
    assert not [label for label in LABELS[language, path] if label not in page.text]


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Das Protokoll javascript ist"), ("nl", "Het protocol javascript is niet")]
)
async def test_refusals_are_said_in_the_visitors_language(sqlite_place: Place, language: str, said: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV, language)
    page = await browser.open(f"/portal/apps/{app.id}/callback-tester?url=javascript:alert(1)")
    assert said in page.text
