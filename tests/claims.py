"""Which test shows which claim, and which attack fails where: `python -m tests.claims` writes docs/seed-claims.md and docs/attacks.md.

A test says so itself with `@pytest.mark.claim("C001", …)` or `@pytest.mark.attack("SR-001", …)`, at a function, a class, a
parameter or a whole file. The sentences come from the reference folder beside the checkout where there is one, else they
stay as the page already has them.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
)


def marked(file: Path, marker: str) -> Iterator[tuple[str, str]]:
    """The ids that the tests of a file are marked with, each with the test's name."""
    name = file.relative_to(ROOT).as_posix()
    owners: list[tuple[ast.AST, str]] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            owners += [(decorator, f"{name}::{node.name}") for decorator in node.decorator_list]
        elif isinstance(node, ast.Assign) and any(ast.unparse(target) == "pytestmark" for target in node.targets):
            owners.append((node.value, name))
    for owner, test in owners:
        for call in ast.walk(owner):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == f"pytest.mark.{marker}":
                yield from ((_written_out(argument), test) for argument in call.args)


def _written_out(argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError(f"an id must be written out, not computed: {ast.unparse(argument)}")


def shown(page: Page) -> dict[str, list[str]]:
    """The tests of each id."""
    tests: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for ident, test in marked(file, page.marker):
            if test not in tests.setdefault(ident, []):
                tests[ident].append(test)
    return tests


def sentences(page: Page) -> dict[str, str]:
    """What each id says: from the reference where it is there, else from the page as it stands."""
    if page.reference.is_file():
        return dict(page.row.findall(page.reference.read_text(encoding="utf-8")))
    if page.path.is_file():
        return dict(re.findall(r"^\| (\S+) \| (.+?) \|", page.path.read_text(encoding="utf-8"), re.MULTILINE))
    return {}


def written(page: Page) -> str:
    """The page as it should be."""
    tests, says = shown(page), sentences(page)
    idents = sorted({*tests, *says} if page.shows_all else tests)
    count = f"{len(tests)} of {len(idents)} are shown by a test." if page.shows_all else f"{len(tests)} attacks."
    rows = [
        f"| {ident} | {says.get(ident, '')} | {'<br>'.join(f'`{test}`' for test in tests.get(ident, []))} |"
        for ident in idents
    ]
    table = ["| id | what | shown by |", "|---|---|---|", *rows]
    return "\n".join([page.head, count, "", *table, ""])


def main() -> None:
    """Write both pages."""
    for page in (CLAIMS, ATTACKS):
        page.path.parent.mkdir(exist_ok=True)
        page.path.write_text(written(page), encoding="utf-8")


if __name__ == "__main__":
    main()
