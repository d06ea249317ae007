"""Every scope, what it means in levels, and what `x-access-level` says of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.access.levels import Level
from volary.access.scopes import EMAIL, OFFLINE, SCOPES, Group, in_order, level_of, scopes_of

FACTS = Path(__file__).resolve().parents[3] / "shared" / "reference" / "x-behaviour.md"

READING = (
    "tweet.read users.read follows.read mute.read block.read like.read list.read bookmark.read space.read timeline.read "
    "broadcast.read"
)
WRITING = (
    "tweet.write tweet.moderate.write follows.write mute.write block.write like.write list.write bookmark.write "
    "media.write broadcast.write"
)
MESSAGING = "dm.read dm.write"
OF_NO_LEVEL = "users.email ads.read ads.write offline.access"


def words(*texts: str) -> set[str]:
    return {word for text in texts for word in text.split()}


@pytest.mark.claim("C042", "C055", "C199")
def test_each_level_holds_its_scopes_and_those_of_the_level_below() -> None:
    assert scopes_of(Level.READ) == words(READING)
    assert scopes_of(Level.READ_WRITE) == words(READING, WRITING)
    assert scopes_of(Level.DIRECT_MESSAGES) == words(READING, WRITING, MESSAGING)
    assert set(SCOPES) == words(READING, WRITING, MESSAGING, OF_NO_LEVEL)
    assert len(SCOPES) == 27


@pytest.mark.claim("C060", "C062")
def test_the_email_address_belongs_to_no_level_and_goes_with_each() -> None:
    for level in Level:
        assert EMAIL not in scopes_of(level)
        assert scopes_of(level, email=True) == scopes_of(level) | {EMAIL}


@pytest.mark.claim("C203", "C204")
def test_messages_are_for_the_highest_level_alone() -> None:
    assert not {scope for level in (Level.READ, Level.READ_WRITE) for scope in scopes_of(level) if "dm" in scope}


@pytest.mark.claim("C202")
def test_the_lowest_level_changes_nothing() -> None:
    assert not [scope for scope in scopes_of(Level.READ) if scope.endswith(".write")]


def test_every_scope_is_in_the_reference_and_the_reverse() -> None:
    if not FACTS.is_file():
        pytest.skip(f"there is no {FACTS.name} beside this checkout")
    table = FACTS.read_text(encoding="utf-8").partition("### 2.6")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    named: dict[str, str] = {}
    for row in rows:
        scopes = re.findall(r"`([a-z.]+)`", row[1])
        groups = [group.split()[0] for group in row[3].split("/")]
        named |= dict(zip(scopes, groups * len(scopes) if len(groups) == 1 else groups, strict=False))
    assert {name: scope.group.value for name, scope in SCOPES.items()} == named


def test_reading_is_to_view_and_writing_is_to_do() -> None:
    for name, scope in SCOPES.items():
        assert scope.name == name
        if name not in {EMAIL, OFFLINE}:
            assert (scope.group is Group.DO) == name.endswith(".write")


@given(st.frozensets(st.sampled_from(sorted(SCOPES))))
def test_the_header_says_the_highest_kind_of_scope(scopes: frozenset[str]) -> None:
    kinds = {name.rpartition(".")[2] for name in scopes - {EMAIL, OFFLINE}}
    expected = "read-write" if "write" in kinds else "read"
    if any(name.startswith("dm.") for name in scopes):
        expected = "read-write-directmessages"
    assert level_of(scopes).wire == expected


@given(st.lists(st.sampled_from([*SCOPES, "no.such", ""])))
def test_scopes_stand_in_the_pages_order_each_once(names: list[str]) -> None:
    listed = [scope.name for scope in in_order(names)]
    assert listed == [name for name in SCOPES if name in names]


@pytest.mark.claim("C199", "C209")
def test_a_level_has_one_name_on_the_wire() -> None:
    assert [level.wire for level in Level] == ["read", "read-write", "read-write-directmessages"]
    assert [Level.from_wire(level.wire) for level in Level] == list(Level)
    for other in ("none", "READ", "write", "read-write-dm"):
        with pytest.raises(ValueError, match=re.escape(other)):
            Level.from_wire(other)


def test_levels_nest() -> None:
    assert min(Level.READ_WRITE, Level.READ) is Level.READ
    assert scopes_of(Level.READ) < scopes_of(Level.READ_WRITE) < scopes_of(Level.DIRECT_MESSAGES)
