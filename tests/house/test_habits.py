"""Rules of the house that no linter knows: who commits, who reads the clock, whose words are whose."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.house import tree

PRODUCT = tree.python("volary")
TESTS = tree.python("tests")


def calls(path: Path) -> set[str]:
    """The dotted names that a file calls or passes on, like `time.time`."""
    return {ast.unparse(node) for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.parts[1] != "db"], ids=str)
def test_only_the_database_room_commits(path: Path) -> None:
    committed = {name for name in calls(path) if name.endswith((".commit", ".rollback"))}
    spoken = [line for line in tree.text(path).splitlines() if re.search(r"""["'](BEGIN|COMMIT|ROLLBACK)\b""", line)]
    assert not committed
    assert not spoken


CLOCKS = {
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.datetime.now",
    "datetime.date.today",
    "date.today",
}


@pytest.mark.parametrize("path", [path for path in PRODUCT if path != Path("volary/kit/clock.py")], ids=str)
def test_only_the_clock_tells_the_time(path: Path) -> None:
    """Everything else is handed a clock, so that tests can hold it still; durations use time.monotonic."""
    assert not CLOCKS & calls(path)


@pytest.mark.parametrize("path", [path for path in PRODUCT if path != Path("volary/kit/secrets.py")], ids=str)
def test_only_the_kit_makes_secrets(path: Path) -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree.parsed(path))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not {"secrets", "uuid"} & imported


# X's older words are spoken on the wire only: in what shapes answers, in what the doors of the API read, and in OAuth's scope names.
WIRE = re.compile(r"volary/(api|[a-z]+/(shapes|api))(/|\.py$)")
THEIR_WORDS = re.compile(r"tweet|twitter|favorite|favourite", re.IGNORECASE)


@pytest.mark.parametrize("path", [path for path in PRODUCT if not WIRE.match(str(path))], ids=str)
def test_names_are_our_own_words(path: Path) -> None:
    tokens = tokenize.generate_tokens(io.StringIO(tree.text(path)).readline)
    names = {token.string for token in tokens if token.type == tokenize.NAME}
    assert not {name for name in names if THEIR_WORDS.search(name)}


@pytest.mark.parametrize("path", TESTS, ids=str)
def test_no_test_replaces_our_own_functions(path: Path) -> None:
    """The outside world and the clock may be faked; a patched function of ours would pin the shape of the code."""
    spoken = tree.text(path)
    assert "unittest" + ".mock" not in spoken
    assert not re.search(r"monkeypatch\.setattr\(\s*[\"']?volary", spoken)


@pytest.mark.parametrize("path", PRODUCT + TESTS, ids=str)
def test_nothing_is_left_for_later(path: Path) -> None:
    left = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")))
    assert not [line for line in tree.text(path).splitlines() if left.search(line)]
