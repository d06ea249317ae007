"""The page of error codes tells of every code that an error page can show."""

import re
from pathlib import Path

import pytest

import volary
from tests.conftest import HeldDatabase
from tests.help.stage import reader
from volary.help.pages.articles import ERROR_KINDS
from volary.language import translate
from volary.web.problems import CODES_PAGE

PRODUCT = Path(volary.__file__).parent
LISTED = [kind for _, kinds in ERROR_KINDS for kind in kinds]


def test_every_kind_in_the_code_is_listed_once() -> None:
    codes = []
    for path in PRODUCT.rglob("kinds.py"):
        codes += re.findall(r'Kind\(\s*\d+,\s*"([a-z-]+)"', path.read_text("utf-8"))
    assert codes, "the pattern finds the kinds"
    assert sorted(kind.code for kind in LISTED) == sorted(codes)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("language", ["nl", "de"])
def test_every_kind_speaks_the_language(language: str) -> None:
    for kind in LISTED:
        for sentence in filter(None, (kind.title, kind.about, kind.next, kind.rule)):
            assert translate(language, sentence) != sentence, sentence


async def test_each_code_is_a_place_to_jump_to(sqlite_db: HeldDatabase) -> None:
    async with reader(sqlite_db) as somebody:
        answer = await somebody.get(CODES_PAGE)
        missing = await somebody.get("/nothing")
    assert answer.status_code == 200
    assert re.findall(r'<section class="stack tight" id="([a-z-]+)"', answer.text) == [kind.code for kind in LISTED]
    assert 'href="/help/errors#not-found"' in missing.text
