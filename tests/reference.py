"""The pages of docs/ that say what the code says: `python -m tests.reference` writes them, tests/house/test_docs.py compares them."""

import ast
import itertools
from collections.abc import Callable
from pathlib import Path

from volary.access.scopes import SCOPES, Group

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"

SETTINGS_HEAD = """# Settings

Each setting is an environment variable, or the key in the last column in `volary.toml` (in the folder where Volary is started, or
where `VOLARY_SETTINGS` says). The environment wins. Wrong values stop the program with a sentence that says what would be right.
Written by `python -m tests.reference` from `volary/settings.py`; not by hand.

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
    tree = ast.parse((ROOT / "volary" / "settings.py").read_text(encoding="utf-8"))
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
        f"| `{scope.name}` | {scope.sentence} | {GROUPS[scope.group]} | {scope.level.wire if scope.level else '–'} |\n"
        for scope in SCOPES.values()
    ]
    return SCOPES_HEAD + "".join(rows)


PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "settings.md": settings,
    DOCS / "api" / "scopes.md": scopes,
}


def main() -> None:
    """Write every page."""
    for path, written in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
