"""What every page has around it: the skip link, the navigation, the language menu, the footer."""

import re
from html.parser import HTMLParser

import pytest

from tests.conftest import HeldDatabase
from tests.web.stage import PLAIN, Browser, site

PAGES = ["/", "/settings", "/nothing", "/components"]


class Reader(HTMLParser):
    """The elements of a page in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


@pytest.mark.claim("C236")
@pytest.mark.parametrize(
    "language,words",
    [("en", "Skip to main content"), ("nl", "Ga naar de hoofdinhoud"), ("de", "Zum Hauptinhalt springen")],
)
@pytest.mark.parametrize("path", PAGES)
async def test_the_first_stop_skips_to_the_main_part(ann: Browser, path: str, language: str, words: str) -> None:
    ann.cookies.set("language", language)
    page = Reader((await ann.get(path)).text)
    tag, attributes = next((tag, at) for tag, at in page.elements if tag in {"a", "button", "input", "summary"})
    assert (tag, attributes["href"]) == ("a", "#main")
    assert ("main", "main", "-1") in [(tag, at.get("id"), at.get("tabindex")) for tag, at in page.elements]
    assert words in (await ann.get(path)).text


@pytest.mark.claim("C232")
@pytest.mark.parametrize("path", PAGES)
async def test_each_page_lists_the_languages_by_their_own_names(ann: Browser, path: str) -> None:
    found = re.findall(r'name="language" value="(\w+)" lang="(\w+)"[^>]*>(\w+)', (await ann.get(path)).text)
    assert found == [("en", "en", "English"), ("de", "de", "Deutsch"), ("nl", "nl", "Nederlands")]


@pytest.mark.claim("C238")
async def test_the_footer_has_the_operators_links_and_our_own_pages_and_nothing_else(sqlite_db: HeldDatabase) -> None:
    links = {
        "status": "https://status.example",
        "privacy": "https://volary.example/privacy",
        "contact": "mailto:us@volary.example",
        "embed": "",
        "help": "",
    }
    async with Browser(site(sqlite_db, PLAIN.replaced(site_links=links))) as visitor:
        page = (await visitor.get("/")).text
    footer = page[page.index('<footer class="foot">') :]
    assert re.findall(r'<li><a href="([^"]+)">([^<]+)', footer) == [
        ("https://status.example", "Status"),
        ("https://volary.example/privacy", "Privacy"),
        ("mailto:us@volary.example", "Contact us"),
    ]


async def test_the_header_leads_only_to_pages_that_exist(ann: Browser, browser: Browser) -> None:
    signed_in, signed_out = (await ann.get("/settings/apps")).text, (await browser.get("/")).text
    assert 'href="/settings/apps" aria-current="page">Apps and sessions' in signed_in
    assert "Developer portal" not in signed_in
    assert "@ann" in signed_in
    assert 'href="/login">Sign in' in signed_out
    assert "Sign up" not in signed_out
    assert "Apps and sessions" not in signed_out


@pytest.mark.parametrize("path", PAGES)
async def test_ids_are_unique_and_names_that_point_at_them_are_right(ann: Browser, path: str) -> None:
    page = Reader((await ann.get(path)).text)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for pointer in ("for", "aria-describedby", "aria-labelledby", "data-copy"):
            assert set(attributes.get(pointer, "").split()) <= set(ids), attributes
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids


@pytest.mark.parametrize("path", PAGES)
async def test_every_form_is_ours_and_carries_its_token(ann: Browser, path: str) -> None:
    forms = re.findall(r"<form.*?</form>", (await ann.get(path)).text, re.DOTALL)
    assert forms
    for form in forms:
        assert re.search(r'method="post" action="/[a-z/]+"', form), form
        assert form.count('name="csrf"') == 1
