"""What the help pages say and where they lead."""

import re
from html import unescape

import pytest

from tests.conftest import HeldDatabase
from tests.help.stage import NETWORK, PLAIN, SECURE, reader
from volary.help.pages.articles import TOPICS, Topic
from volary.language import translate
from volary.settings import Settings

PATHS = ["/", "/help", *(topic.path for topic in TOPICS)]
ABOUT = "/help/third-party-apps"


def words(html: str) -> str:
    """The text of a page's main part, as a person reads it."""
    main = html[html.index("<main") : html.index("</main>")]
    apart = re.sub(r"</?(?:p|li|dt|dd|div|h\d|td|th)\b[^>]*>", " ", main)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", apart)))


async def text(db: HeldDatabase, path: str, settings: Settings = PLAIN, language: str = "en") -> str:
    async with reader(db, settings, language) as visitor:
        return words((await visitor.get(path)).text)


@pytest.mark.claim("C231")
@pytest.mark.parametrize("language", ["en", "nl", "de"])
@pytest.mark.parametrize("path", PATHS)
async def test_every_article_is_there_in_every_language(sqlite_db: HeldDatabase, path: str, language: str) -> None:
    async with reader(sqlite_db, language=language) as visitor:
        answer = await visitor.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert "%(" not in answer.text


@pytest.mark.parametrize("path", PATHS)
async def test_every_link_leads_somewhere(sqlite_db: HeldDatabase, path: str) -> None:
    async with reader(sqlite_db) as visitor:
        page = (await visitor.get(path)).text
        for target in set(re.findall(r'<a [^>]*href="([^"]+)"', page)):
            if target.startswith("#"):
                assert f'id="{target[1:]}"' in page
            else:
                assert (await visitor.get(target)).status_code == 200, target


@pytest.mark.claim("C231", "C233")
@pytest.mark.parametrize(
    "language,title,parts",
    [
        ("en", "About third-party apps and log in sessions", ["About", "Connecting or removing", "Available tools"]),
        ("nl", "Over apps van derden en inlogsessies", ["Over", "Verbinden of verwijderen", "Beschikbare tools"]),
        (
            "de",
            "Über Apps von Drittanbietern und Anmeldesitzungen",
            ["Über", "Verbinden oder entfernen", "Verfügbare Tools"],
        ),
    ],
)
async def test_three_parts_can_be_jumped_to(
    sqlite_db: HeldDatabase, language: str, title: str, parts: list[str]
) -> None:
    async with reader(sqlite_db, language=language) as visitor:
        page = (await visitor.get(ABOUT)).text
    jumps = re.findall(r'<li><a href="#(\w+)">([^<]+)</a></li>', page)
    assert [name for _, name in jumps] == parts
    assert [(id_, name) for id_, name in re.findall(r'<h2 id="(\w+)">([^<]+)</h2>', page) if id_ != "share"] == jumps
    assert f"<h1>{title}</h1>" in page


@pytest.mark.claim("C234")
async def test_the_introduction_leads_to_permissions_and_to_logging_out(sqlite_db: HeldDatabase) -> None:
    async with reader(sqlite_db) as visitor:
        page = (await visitor.get(ABOUT)).text
    first = page[page.index('<h2 id="about">') :].partition("</p>")[0]
    assert '<a href="#permissions">App permissions</a>' in first
    assert '<a href="#sessions">log out of your active Volary sessions</a>' in first
    assert re.search(r'<h3 id="permissions">App permissions', page)
    assert re.search(r'<h3 id="sessions">How to log out of your active Volary sessions', page)


@pytest.mark.claim("C235")
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.path)
async def test_an_article_gives_its_address(sqlite_db: HeldDatabase, topic: Topic) -> None:
    page = await text(sqlite_db, topic.path, SECURE)
    assert page.index("Share this article") < page.index(f"https://volary.example{topic.path}")


@pytest.mark.claim("C025")
@pytest.mark.parametrize("path", [ABOUT, "/help/security"])
@pytest.mark.parametrize(
    "settings,sentence",
    [
        (SECURE, "check that the page is secure by verifying the URL starts with https://volary.example."),
        (
            PLAIN,
            "This is a local server on a computer of your own: its pages start with http://localhost:8000, without https.",
        ),
        (NETWORK, "start with http://volary.lan:8000, without https: others on the network could read what you type."),
    ],
    ids=["https", "local", "network"],
)
async def test_people_are_told_the_address_to_check(
    sqlite_db: HeldDatabase, path: str, settings: Settings, sentence: str
) -> None:
    assert sentence in await text(sqlite_db, path, settings)


# The claims are those that ask for the help pages; the other sentences belong to claims that are shown where they come true.
SAID = [
    ("", ABOUT, "it may not delete data (such as Direct Messages) that was previously cached on the device"),
    ("C009", ABOUT, "built on the Volary platform by external developers, and are not owned or operated by Volary"),
    ("", ABOUT, "We do not share your Volary password with apps."),
    ("C086", ABOUT, "may use, store, and share your information in accordance with its own business practices"),
    ("", ABOUT, "we strongly recommend that you review an app’s terms and privacy policy"),
    ("C089", ABOUT, "rules and guidelines for third-party app developers in our Developer Policy."),
    ("C090", ABOUT, "You should be cautious before giving any third-party app access to your account."),
    ("C090", ABOUT, "regularly review third-party apps which have access to use your account"),
    ("C091", ABOUT, "we recommend that you only do so using Volary’s OAuth method"),
    ("", ABOUT, "doesn’t require you to give your Volary username and password to the third party"),
    ("C093", ABOUT, "You should be particularly cautious when you're asked to give your username and password"),
    ("C094", ABOUT, "can lock you out or take actions that cause your account to be suspended"),
    ("", ABOUT, "go directly to http://localhost:8000 and enter your credentials there"),
    ("C096", ABOUT, "check that you’re on the real site with our account security tips"),
    (
        "",
        ABOUT,
        "revoke its access on the Apps and sessions section of your account settings and change your password",
    ),
    ("C098", ABOUT, "“get more followers fast!” (see our following rules and best practices for more information)"),
    ("C098", ABOUT, "Apps which post affiliate ads to your timeline."),
    ("C099", ABOUT, "Immediately revoke its access on the Apps and sessions section of your account settings"),
    ("C100", ABOUT, "please read the compromised accounts article for more information"),
    ("", ABOUT, "we're not able to troubleshoot them. It’s best to reach out to the app developer"),
    ("C117", ABOUT, "We’re early in our effort to make third-party tools available and discoverable."),
    ("C096", "/help/security", "The address of this server http://localhost:8000"),
    ("C100", "/help/compromised-accounts", "End the other sessions."),
    ("C100", "/help/compromised-accounts", "Revoke apps."),
    ("C100", "/help/compromised-accounts", "Choose a new password."),
    ("C098", "/help/following-rules", "Do not buy, sell or trade followers"),
    ("C089", "/help/developer-policy", "Never ask for anybody's password of this site"),
]


@pytest.mark.parametrize(
    "path,sentence",
    [pytest.param(path, words, marks=[pytest.mark.claim(claim)] if claim else []) for claim, path, words in SAID],
)
async def test_people_are_told(sqlite_db: HeldDatabase, path: str, sentence: str) -> None:
    assert sentence in await text(sqlite_db, path)


LABELS = {
    "C001": ("Apps and sessions", "Apps en sessies", "Apps und Sitzungen"),
    "C005": ("“Log out”", "“Uitloggen”", "„Abmelden“"),
    "C006": ("Log out all other sessions", "Alle andere sessies uitloggen", "Alle anderen Sitzungen abmelden"),
    "C011": ("App permissions", "App-toestemmingen", "App-Berechtigungen"),
    "C017": ("Revoke access", "Toegang intrekken", "Zugriff widerrufen"),
    "C019": (
        "How to revoke access or remove an app",
        "Toegang voor een app intrekken of een app verwijderen",
        "So widerrufen Sie den Zugriff oder entfernen eine App",
    ),
    "C023": ("Authorize app", "App machtigen", "App autorisieren"),
    "C024": ("Sign In", "Inloggen", "Anmelden"),
    "C055": ("Read, Write, and Direct Messages", "Lezen, schrijven, en privéberichten", "Lesen, Schreiben und Direktnachrichten"),
    "C073": ("OAuth 2.0 User Context", "OAuth 2.0 Gebruikerscontext", "OAuth 2.0 User Context"),
    "C079": ("Things this App can view", "Dingen die deze app kan bekijken", "Was diese App ansehen kann"),
    "C084": ("Things this App can do", "Dingen die deze app kan doen", "Was diese App tun kann"),
    "C091": (
        "If an app asks for your password to access your account",
        "Als een app om je wachtwoord vraagt om toegang te krijgen tot je account",
        "Wenn eine App für den Zugriff auf Ihr Konto nach Ihrem Passwort fragt",
    ),
}  # fmt: skip


@pytest.mark.claim("C231")
@pytest.mark.parametrize("place,language", [(0, "en"), (1, "nl"), (2, "de")])
async def test_buttons_and_headings_are_named_as_they_are_written(
    sqlite_db: HeldDatabase, place: int, language: str
) -> None:
    page = await text(sqlite_db, ABOUT, language=language)
    assert not [labels[place] for labels in LABELS.values() if labels[place] not in page]


BUTTONS = [
    "Apps and sessions",
    "Settings and privacy",
    "Log out",
    "Log out all other sessions",
    "Revoke access",
    "Authorize app",
    "Connect",
    "Allow",
    "Cancel",
    "Things this App can view",
    "Things this App can do",
]


@pytest.mark.parametrize("language", ["en", "nl", "de"])
async def test_help_names_buttons_as_their_own_pages_do(sqlite_db: HeldDatabase, language: str) -> None:
    page = await text(sqlite_db, ABOUT, language=language)
    assert not [label for label in BUTTONS if translate(language, label) not in page]


@pytest.mark.claim("C089")
async def test_operators_put_their_own_rules_in_the_place_of_ours(sqlite_db: HeldDatabase) -> None:
    own = {"developer-policy": "https://volary.example/rules", "developer_terms": "https://volary.example/terms"}
    async with reader(sqlite_db, PLAIN.replaced(site_links=own)) as visitor:
        assert 'href="https://volary.example/rules">Developer Policy' in (await visitor.get(ABOUT)).text
        assert (
            'href="https://volary.example/terms">developer terms' in (await visitor.get("/help/developer-policy")).text
        )
        assert 'href="https://volary.example/terms">Developer terms' in (await visitor.get("/help")).text


async def test_a_page_that_does_not_exist_is_named_and_not_linked(sqlite_db: HeldDatabase) -> None:
    """“Settings and privacy” stays readable on a site without it."""
    async with reader(sqlite_db, others=False) as visitor:
        page = (await visitor.get(ABOUT)).text
    assert "Settings and privacy" in page
    assert 'href="/settings' not in page


async def test_the_welcome_page_offers_what_there_is(sqlite_db: HeldDatabase) -> None:
    async with reader(sqlite_db) as visitor:
        page = (await visitor.get("/")).text
    assert 'href="/login"' in page
    assert 'href="/signup"' not in page
    assert "Apps act for you. You stay in charge." in page
