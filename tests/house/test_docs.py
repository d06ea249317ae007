"""The generated pages say what is true now."""

import re
from pathlib import Path

import pytest

from tests import claims, reference
from tests.house import tree


@pytest.mark.parametrize("page", [claims.CLAIMS, claims.ATTACKS], ids=["claims", "attacks"])
def test_the_list_of_proofs_is_up_to_date(page: claims.Page) -> None:
    assert page.path.read_text(encoding="utf-8") == claims.written(page), "run python -m tests.claims"


@pytest.mark.parametrize("page", [claims.CLAIMS, claims.ATTACKS], ids=["claims", "attacks"])
def test_every_marked_id_is_in_the_catalogue(page: claims.Page) -> None:
    if not page.reference.is_file():
        pytest.skip(f"the reference is not beside this checkout: {page.reference.name}")
    says = claims.sentences(page)
    assert not {ident for ident in claims.shown(page) if not says.get(ident)}


@pytest.mark.parametrize("path", reference.PAGES, ids=lambda path: path.name)
def test_the_reference_says_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == reference.PAGES[path](), "run bin/docs"


MARKDOWN = [path for path in tree.files() if path.suffix == ".md"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def dead_links(path: Path) -> list[str]:
    """The links of a page to files that are not there."""
    links = [link for link in LINK.findall(tree.text(path)) if "://" not in link and not link.startswith("mailto:")]
    return [f"{path}: {link}" for link in links if not (tree.ROOT / path.parent / link).exists()]


def test_every_link_between_pages_leads_somewhere() -> None:
    assert not [link for path in MARKDOWN for link in dead_links(path)]


def test_every_decision_that_is_named_is_written_down() -> None:
    written = {path.name[:4] for path in tree.files() if path.parts[:2] == ("docs", "decisions")}
    named = {
        path: set(re.findall(r"[Dd]ecisions?[ /](\d{4})", tree.text(path))) for path in tree.python("volary", "tests")
    }
    assert not {str(path): found - written for path, found in named.items() if found - written}
