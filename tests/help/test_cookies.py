"""The cookie page tells of every cookie, and no other is ever set."""

import re
from pathlib import Path

import pytest

import volary
from tests.conftest import HeldDatabase
from tests.help.stage import PLAIN, SECURE, reader
from volary.help.pages.articles import COOKIES
from volary.language.catalogues import catalogue

PRODUCT = Path(volary.__file__).parent
NAMES = {cookie.name for cookie in COOKIES}


def cookies_in_the_code() -> set[str]:
    """The names of the cookies that the product's code sets: written out, or a constant of the same file or of `notices`."""
    found = set()
    for path in PRODUCT.rglob("*.py"):
        text = path.read_text("utf-8")
        constants = dict(re.findall(r'^([A-Z_]+) = "([a-z_]+)"', text, re.MULTILINE))
        for name in re.findall(r"\.set_cookie\(\s*([\w.\"]+)", text):
            if name.startswith('"'):
                found.add(name.strip('"'))
            elif name.split(".")[-1] in constants:
                found.add(constants[name.split(".")[-1]])
            elif name == "notices.COOKIE":
                found.add("notice")
            else:
                assert name == "name", f"{path}: which cookie is {name}?"
    return found


@pytest.mark.claim("C237")
def test_every_cookie_is_listed() -> None:
    assert cookies_in_the_code() == NAMES


@pytest.mark.claim("C237")
@pytest.mark.parametrize("language", ["en", "nl", "de"])
async def test_the_page_tells_name_purpose_and_time(sqlite_db: HeldDatabase, language: str) -> None:
    words = catalogue(language)
    async with reader(sqlite_db, PLAIN, language) as visitor:
        page = (await visitor.get("/help/cookies")).text
    rows = re.findall(r"<tr><th scope=\"row\"><code>([^<]+)</code></th><td>([^<]+)</td><td>([^<]+)</td></tr>", page)
    assert rows == [(one.name, words.text(one.purpose), words.text(one.stays)) for one in COOKIES]


@pytest.mark.claim("C237")
async def test_the_names_are_those_that_the_browser_shows(sqlite_db: HeldDatabase) -> None:
    async with reader(sqlite_db, SECURE) as visitor:
        page = (await visitor.get("/help/cookies")).text
        assert set(visitor.cookies) <= {f"__Host-{name}" for name in NAMES}
    assert all(f"<code>__Host-{name}</code>" in page for name in NAMES)


@pytest.mark.claim("C237")
async def test_a_first_visit_sets_what_is_necessary_and_asks_nothing(sqlite_db: HeldDatabase) -> None:
    async with reader(sqlite_db) as visitor:
        page = (await visitor.get("/help")).text
        assert set(visitor.cookies) == {"visit"}
    assert "Accept all" not in page
