"""The pages of docs/ that say what the code says: `python -m tests.reference` writes them, tests/house/test_docs.py compares them."""

import ast
import importlib
import itertools
import re
from collections.abc import Callable
from pathlib import Path

from volary.access.scopes import SCOPES, Group
from volary.api.limits import Quota
from volary.api.machine import Machine, machines_of
from volary.api.operation import Operation, operations_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"

SETTINGS_HEAD = """# Settings

Each setting is an environment variable, or the key in the last column in `volary.toml` (in the folder where Volary is started, or
where `VOLARY_SETTINGS` says). The environment wins. Wrong values stop the program with a sentence that says what would be right.
Written by `python -m tests.reference` from `volary/settings/fields.py`; not by hand.

| variable | default | meaning | in volary.toml |
|---|---|---|---|
"""

SCOPES_HEAD = """# Scopes and permission levels

What an app can ask for over OAuth 2.0, the sentence that people read on the consent page, and the OAuth 1.0a level that holds the
same permission. Written by `python -m tests.reference` from `volary/access/scopes.py`; not by hand.

| scope | people read | consent page | OAuth 1.0a level |
|---|---|---|---|
"""

GROUPS = {Group.VIEW: "Things this App can view", Group.DO: "Things this App can do"}


def settings() -> str:
    """docs/settings.md: the fields of Settings, each with the sentence below it."""
    tree = ast.parse((ROOT / "volary" / "settings" / "fields.py").read_text(encoding="utf-8"))
    (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    rows = []
    for field, sentence in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            name = field.target.id
            rows.append(f"| `VOLARY_{name.upper()}` | {_default(field)} | {_sentence(name, sentence)} | `{name}` |\n")
    return SETTINGS_HEAD + "".join(rows)


def _default(field: ast.AnnAssign) -> str:
    value = ast.literal_eval(field.value) if field.value else None
    if isinstance(value, bool):
        return "`on`" if value else "`off`"
    return f"`{value}`" if value not in (None, "", (), {}) else "–"


def _sentence(name: str, node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split()).replace("|", r"\|")
    raise ValueError(f"the setting {name} has no sentence below it")


def scopes() -> str:
    """docs/api/scopes.md: every scope, in the consent page's order."""
    rows = [
        f"| `{scope.name}` | {f'{scope.sentence} {scope.more}'.strip()} | {GROUPS[scope.group]} "
        f"| {scope.level.wire if scope.level else '–'} |\n"
        for scope in SCOPES.values()
    ]
    return SCOPES_HEAD + "".join(rows)


OPERATIONS_HEAD = """# Operations

Every door for programs. Paths, parameters, bodies and errors are X's; what is not listed is not built and answers 404. Written by
`python -m tests.reference` from the declarations; not by hand.

The columns say what an operation takes: the lowest OAuth 1.0a level, the OAuth 2.0 scopes that a person's token needs, and whether an
app may call on its own behalf. Limits are for 15 minutes where nothing else is said; `VOLARY_RATE_LIMITS` scales them.

| operation | what | OAuth 1.0a | OAuth 2.0 | app-only | for each person | for each app |
|---|---|---|---|---|---|---|
"""

MACHINES_HEAD = """
Doors with formats of their own: tokens, metadata, and what operators watch.

| door | what |
|---|---|
"""


def operations() -> str:
    """docs/api/operations.md: every declared operation and machine door."""
    declared = [found for module in _modules() for found in operations_of(module)]
    machines = [found for module in _modules() for found in machines_of(module)]
    rows = [_operation(found) for found in sorted(declared, key=lambda found: (found.path, found.method))]
    doors = [
        f"| `{found.method} {found.path}` | {_first(found)} |\n"
        for found in sorted(machines, key=lambda found: (found.path, found.method))
    ]
    return OPERATIONS_HEAD + "".join(rows) + MACHINES_HEAD + "".join(doors)


def _modules() -> list[str]:
    """The modules that declare doors, imported."""
    declares = re.compile(r"^@(operation|machine)\(", re.MULTILINE)
    files = [file for file in (ROOT / "volary").rglob("*.py") if declares.search(file.read_text(encoding="utf-8"))]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in sorted(files)]
    return [importlib.import_module(name).__name__ for name in names]


def _operation(found: Operation) -> str:
    need = found.need
    cells = [
        f"`{found.name}`",
        _first(found),
        need.oauth1.wire if need.oauth1 else "–",
        "–" if need.scopes is None else " ".join(f"`{scope}`" for scope in sorted(need.scopes)) or "any",
        "yes" if need.app_only else "–",
        _quotas(found.limits.user),
        _quotas(found.limits.app),
    ]
    return f"| {' | '.join(cells)} |\n"


def _first(found: Operation | Machine) -> str:
    """The first paragraph of the handler's docstring, without its references."""
    said = " ".join((found.handler.__doc__ or "").split("\n\n")[0].split())
    if not said:
        raise ValueError(f"{found.method} {found.path} does not say what it does")
    return re.sub(r" \((?:[^()]*\b(?:C\d{3}|SR-\d{3}|X facts|RFC|contradiction)[^()]*)\)", "", said).replace("|", r"\|")


_WINDOWS = {1: " a second", 900: "", 10_800: " in 3 h", 86_400: " in 24 h"}


def _quotas(quotas: tuple[Quota, ...]) -> str:
    return ", ".join(f"{quota.calls:,}{_WINDOWS[quota.seconds]}" for quota in quotas) or "–"


PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "settings.md": settings,
    DOCS / "api" / "scopes.md": scopes,
    DOCS / "api" / "operations.md": operations,
}


def main() -> None:
    """Write every page."""
    for path, written in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
