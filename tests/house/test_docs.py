"""The generated pages say what is true now."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import reference
from tests.house import tree


def test_the_lists_of_proofs_are_up_to_date() -> None:
    """In a process of its own, since it collects every test."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.claims", "--check"], cwd=tree.ROOT, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


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


PLACE = re.compile(r"`((?:tests|volary|docs|bin|requirements|changelog\.d)/[\w./-]*)`")


def test_every_decision_has_a_number_of_its_own() -> None:
    pages = [path for path in tree.files() if path.parts[:2] == ("docs", "decisions") and path.name != "README.md"]
    assert len({path.name[:4] for path in pages}) == len(pages)
    assert not [str(path) for path in pages if not tree.text(path).startswith(f"# {path.name[:4]} ")]


def test_every_place_that_is_named_exists() -> None:
    named = {path: PLACE.findall(tree.text(path)) for path in MARKDOWN}
    assert not [
        f"{path}: {place}" for path, places in named.items() for place in places if not (tree.ROOT / place).exists()
    ]


def test_every_fragment_of_the_changelog_says_what_kind_it_is() -> None:
    fragments = [path for path in tree.files() if path.parts[0] == "changelog.d" and path.name != "README.md"]
    kinds = re.compile(r"[a-z0-9-]+\.(added|changed|removed|fixed)\.md")
    assert not [str(path) for path in fragments if not kinds.fullmatch(path.name) or not tree.text(path).strip()]
