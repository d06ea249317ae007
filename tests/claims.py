"""Which test shows which claim, and which attack fails where or waits: `python -m tests.claims` writes docs/seed-claims.md and
docs/attacks.md.

A test says so itself with `@pytest.mark.claim("C001", …)` or `@pytest.mark.attack("SR-001", …)`, at a function, a class, a
parameter or a whole file. The sentences come from the reference folder beside the checkout where there is one, else they
stay as the page already has them.
"""

import contextlib
import io
import re
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.waiting import WAITING

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared" / "reference"


class Page(NamedTuple):
    """One of the two generated pages."""

    marker: str
    path: Path
    reference: Path
    row: re.Pattern[str]  # a row of the reference: id, sentence
    shows_all: bool
    head: str
    waiting: Mapping[str, str] = {}
    """What each id waits for that no test shows yet."""


CLAIMS = Page(
    marker="claim",
    path=ROOT / "docs" / "seed-claims.md",
    reference=REFERENCE / "seed-claims.md",
    row=re.compile(r"^\| (C\d{3}) \| (.+?) \|", re.MULTILINE),
    shows_all=True,
    head="""# What Volary promises, and the tests that show it

Every behaviour that the pages which Volary was drawn from describe, once, with its tests. Ids stay for ever. A row without a
test is not shown yet: it may work, or its part may not be built. Written by `python -m tests.claims`; not by hand.
""",
)
ATTACKS = Page(
    marker="attack",
    path=ROOT / "docs" / "attacks.md",
    reference=REFERENCE / "security.md",
    row=re.compile(r"^\| (SR-\d{3}) \| [^|]+ \| (.+?) \|", re.MULTILINE),
    shows_all=False,
    head="""# Attacks that fail, and the tests that show it

Each row is one attack from the project's catalogue that a test carries out and sees fail. Written by `python -m tests.claims`;
not by hand.
""",
    waiting={ident: part for part, idents in WAITING.items() for ident in idents},
)


class Marks:
    """A pytest plugin that notes which test is marked with which ids, by marker."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, list[str]]] = {CLAIMS.marker: {}, ATTACKS.marker: {}}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers():
                if mark.name in self.tests:
                    self._note(self.tests[mark.name], mark.args, item.nodeid.partition("[")[0])

    def _note(self, tests: dict[str, list[str]], idents: tuple[str, ...], name: str) -> None:
        for ident in idents:
            if name not in tests.setdefault(ident, []):
                tests[ident].append(name)


def collected() -> Marks:
    """The marks of every test; nothing runs. Raises SystemExit when a test cannot be collected."""
    marks, said = Marks(), io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", str(ROOT / "tests")], plugins=[marks])
    if status != pytest.ExitCode.OK:
        raise SystemExit(said.getvalue())
    return marks


def sentences(page: Page) -> dict[str, str]:
    """What each id says: from the reference where it is there, else from the page as it stands."""
    if page.reference.is_file():
        return dict(page.row.findall(page.reference.read_text(encoding="utf-8")))
    if page.path.is_file():
        return dict(re.findall(r"^\| ([A-Z]+-?\d{3}) \| (.+?) \|", page.path.read_text(encoding="utf-8"), re.MULTILINE))
    return {}


def written(page: Page, tests: dict[str, list[str]]) -> str:
    """The page as it should be."""
    says = sentences(page)
    idents = sorted({*tests, *says} if page.shows_all else tests)
    count = f"{len(tests)} of {len(idents)} are shown by a test." if page.shows_all else f"{len(tests)} attacks."
    rows = [
        f"| {ident} | {says.get(ident, '')} | {'<br>'.join(f'`{test}`' for test in sorted(tests.get(ident, [])))} |"
        for ident in idents
    ]
    return "\n".join(
        [page.head, count, "", "| id | what | shown by |", "|---|---|---|", *rows, *_waits(page, says), ""]
    )


def _waits(page: Page, says: Mapping[str, str]) -> list[str]:
    if not page.waiting:
        return []
    rows = [f"| {ident} | {says.get(ident, '')} | {part} |" for ident, part in sorted(page.waiting.items())]
    head = f"{len(rows)} more are shown by no test yet. Beside each stands what it waits for."
    return ["", "## What waits", "", head, "", "| id | what | waits for |", "|---|---|---|", *rows]


def misplaced(idents: Collection[str], shown: Collection[str], waiting: Collection[str]) -> list[str]:
    """What is wrong with who shows and who waits: each id of the catalogue does one of the two."""
    both = [f"{ident} is shown by a test: take it out of tests/waiting.py" for ident in sorted({*shown} & {*waiting})]
    neither = [
        f"{ident} is shown by no test and waits for nothing" for ident in sorted({*idents} - {*shown} - {*waiting})
    ]
    unknown = [f"{ident} is in no catalogue" for ident in sorted(({*shown} | {*waiting}) - {*idents})]
    return [*both, *neither, *unknown]


def main() -> None:
    """Write both pages; with --check, only say what is wrong with them. Nothing is written while a mark is wrong."""
    marks = collected()
    for page in (CLAIMS, ATTACKS):
        tests = marks.tests[page.marker]
        if page.reference.is_file() and (unknown := set(tests) - set(sentences(page))):
            raise SystemExit(f"these ids are not in {page.reference.name}: {sorted(unknown)}")
        if page.waiting and (wrong := misplaced(sentences(page), tests, page.waiting)):
            raise SystemExit("\n".join(wrong))
    for page in (CLAIMS, ATTACKS):
        text = written(page, marks.tests[page.marker])
        if "--check" not in sys.argv:
            page.path.write_text(text, encoding="utf-8")
        elif page.path.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{page.path.relative_to(ROOT)} is out of date: run bin/docs")


if __name__ == "__main__":
    main()
