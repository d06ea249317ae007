"""Rules of the house that no linter knows: who commits, who reads the clock, whose words are whose."""

import ast
import io
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

from tests.house import tree

PRODUCT = tree.python("volary")
TESTS = tree.python("tests")
# The demo's sample app is written as a third party would write it.
THIRD_PARTY = Path("volary/server/demo")


def breaches(paths: list[Path], found: Callable[[Path], set[str]]) -> list[str]:
    """What a rule finds in these files, each with its file."""
    return [f"{path}: {what}" for path in paths for what in sorted(found(path))]


def attributes(path: Path) -> set[str]:
    """The dotted names that a file uses, like `time.time`."""
    return {ast.unparse(node) for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.Attribute)}


def lines(path: Path, pattern: str) -> set[str]:
    """The lines of a file that hold a pattern."""
    return {line.strip() for line in tree.text(path).splitlines() if re.search(pattern, line)}


def test_only_the_database_room_commits() -> None:
    others = [path for path in PRODUCT if path.parts[1] != "db"]
    assert not breaches(
        others, lambda path: {name for name in attributes(path) if name.endswith((".commit", ".rollback"))}
    )
    assert not breaches(others, lambda path: lines(path, r"""["'](BEGIN|COMMIT|ROLLBACK)\b"""))


CLOCKS = {
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.datetime.now",
    "datetime.date.today",
    "date.today",
}


def test_only_the_clock_tells_the_time() -> None:
    """Everything else is handed a clock, so that tests can hold it still; durations use time.monotonic."""
    others = [path for path in PRODUCT if path != Path("volary/kit/clock.py") and THIRD_PARTY not in path.parents]
    assert not breaches(others, lambda path: CLOCKS & attributes(path))


def test_only_the_kit_makes_secrets() -> None:
    others = [path for path in PRODUCT if path != Path("volary/kit/secrets.py") and THIRD_PARTY not in path.parents]
    assert not breaches(others, lambda path: {"secrets", "uuid"} & set(tree.imported(path)))


# X's older words are spoken on the wire only: in what shapes answers, in what the doors of the API read, and in OAuth's scope names.
WIRE = re.compile(r"volary/(api|[a-z]+/(shapes|api))(/|\.py$)")
THEIR_WORDS = re.compile(r"tweet|twitter|favorite|favourite", re.IGNORECASE)


def names(path: Path) -> set[str]:
    """The names that a file gives to things."""
    tokens = tokenize.generate_tokens(io.StringIO(tree.text(path)).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def test_names_are_our_own_words() -> None:
    ours = [path for path in PRODUCT if not WIRE.match(str(path)) and THIRD_PARTY not in path.parents]
    assert not breaches(ours, lambda path: {name for name in names(path) if THEIR_WORDS.search(name)})


def test_no_test_replaces_our_own_functions() -> None:
    """The outside world and the clock may be faked; a patched function of ours would pin the shape of the code."""
    pattern = "unittest" + r"\.mock|from unittest " + r"import mock|monkeypatch\.setattr\(\s*[\"']?volary"
    assert not breaches([path for path in TESTS if path.name != "test_habits.py"], lambda path: lines(path, pattern))


def test_nothing_is_left_for_later() -> None:
    later = "|".join(("TO" + "DO", "FIX" + "ME", r"\bXX" + r"X\b", "NotImplemented" + "Error"))
    assert not breaches(PRODUCT + TESTS, lambda path: lines(path, later))


def test_a_finding_that_is_silenced_says_why() -> None:
    """`# noqa: RULE - because…`; mypy's ignores name their rule, which mypy sees to."""
    assert not breaches(PRODUCT + TESTS, lambda path: lines(path, r"#\s*noq" + r"a(?!: [A-Z0-9, ]+ - \w)"))
