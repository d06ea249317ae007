"""What is said of levels, scopes and grants."""

from itertools import combinations

import pytest

from volary.access.levels import Level
from volary.access.scopes import EMAIL, OFFLINE, SCOPES, Group, scopes_of
from volary.oauth.consent.sentences import ACT, MESSAGES, Line, in_short, of_grant, of_level, of_scopes

READ, WRITE, DM = Level.READ, Level.READ_WRITE, Level.DIRECT_MESSAGES


def words(lines: tuple[Line, ...]) -> str:
    return " ".join(line.sentence for line in lines).lower()


def writes(scope: str) -> bool:
    return scope.endswith(".write") and scope != "dm.write"


@pytest.mark.claim("C022")
def test_reading_is_told_by_what_is_read() -> None:
    able = words(of_level(READ, email=False).able)
    for power in (
        "your posts",
        "how often they were viewed",
        "others responded",
        "home timeline",
        "protected posts",
        "name, location, description and photos",
        "language and time zone",
        "follow, mute and block",
        "lists and collections",
    ):
        assert power in able


@pytest.mark.claim("C022")
def test_writing_is_told_by_what_is_done() -> None:
    able = words(of_level(WRITE, email=False).able)
    for power in (
        "post for you",
        "media",
        "delete your posts",
        "like, un-like, reply to and repost",
        "hide and unhide replies",
        "follow and unfollow",
        "mute, block and report",
        "update your profile",
        "manage your account settings",
        "create, manage and delete lists and collections",
    ):
        assert power in able


@pytest.mark.claim("C022")
def test_direct_messages_are_told_apart() -> None:
    lines = [line for line in of_level(DM, email=False).able if line.about == MESSAGES]
    assert "send" in words(tuple(lines))
    assert "read, manage and delete" in words(tuple(lines))


def test_each_level_can_do_all_of_the_one_below() -> None:
    read, write, messages = (of_level(level, email=False).able for level in Level)
    assert write[: len(read)] == read
    assert messages[: len(write)] == write
    assert len(read) < len(write) < len(messages)


@pytest.mark.parametrize("level,others", [(READ, {ACT, MESSAGES}), (WRITE, {MESSAGES}), (DM, set())])
def test_what_a_level_cannot_do_is_told_too(level: Level, others: set[str]) -> None:
    lists = of_level(level, email=True)
    assert {line.about for line in lists.unable} - {"secret"} == others
    assert not {line.about for line in lists.able} & others


@pytest.mark.claim("C061")
@pytest.mark.parametrize("level", Level)
def test_the_email_address_has_a_line_of_its_own(level: Level) -> None:
    with_it, without = of_level(level, email=True), of_level(level, email=False)
    assert "see your email address." in words(with_it.able)
    assert "email" not in words(with_it.unable)
    assert "see your email address." in words(without.unable)
    assert "email" not in words(without.able)


@pytest.mark.claim("C012")
def test_an_app_that_asks_for_everything_is_told_to_do_all_six() -> None:
    able = words(of_level(DM, email=True).able)
    for power in ("see your posts", "see who you follow", "update your profile", "post for you", "direct messages"):
        assert power in able
    assert "email address" in able


@pytest.mark.claim("C085")
def test_no_app_is_ever_told_to_see_the_password() -> None:
    every = [of_level(level, email=True) for level in Level] + [
        of_scopes(SCOPES),
        of_grant(DM, frozenset(SCOPES), email=True),
    ]
    for lists in every:
        assert "password" in words(lists.unable)
        assert "password" not in words((*lists.able, *lists.view, *lists.do))


@pytest.mark.claim("C074", "C079", "C084")
def test_each_scope_stands_in_exactly_one_list() -> None:
    lists = of_scopes(SCOPES)
    told = [line.sentence for line in (*lists.view, *lists.do)]
    assert sorted(told) == sorted(scope.sentence for scope in SCOPES.values())
    for scope in SCOPES.values():
        there = lists.view if scope.group is Group.VIEW else lists.do
        assert scope.sentence in [line.sentence for line in there]


@pytest.mark.claim("C081")
def test_posting_says_that_it_includes_deleting() -> None:
    (line,) = of_scopes(["tweet.write"]).do
    assert (line.sentence, line.more) == ("Post and repost for you.", "This includes deleting your posts.")


def test_staying_connected_is_told_in_its_own_words() -> None:
    (line,) = of_scopes([OFFLINE]).do
    assert line.sentence == "Stay connected to your account until you revoke access."
    assert line.about == "stay"


def test_nothing_is_denied_that_a_scope_allows() -> None:
    for pair in combinations(sorted(SCOPES), 2):
        denied = words(of_scopes(pair).unable)
        assert ("post, like or repost" in denied) == (not {"tweet.write", "like.write"} & set(pair))
        assert ("follow, mute or block" in denied) == (not {"follows.write", "mute.write", "block.write"} & set(pair))
        assert ("your lists" in denied) == ("list.write" not in pair)
        assert ("direct messages" in denied) == (not {"dm.read", "dm.write"} & set(pair))
        assert ("email address" in denied) == (EMAIL not in pair)


@pytest.mark.attack("SR-131")
def test_only_what_was_not_allowed_before_is_new() -> None:
    lists = of_scopes(["tweet.read", "users.read", "dm.write"], had=["tweet.read"])
    new = {line.sentence for line in (*lists.view, *lists.do) if line.new}
    assert new == {SCOPES["users.read"].sentence, SCOPES["dm.write"].sentence}
    assert not [line for line in of_scopes(["tweet.read"]).view if line.new]


@pytest.mark.attack("SR-131")
def test_a_higher_level_marks_what_it_adds() -> None:
    lists = of_level(DM, email=True, had=WRITE)
    assert {line.about for line in lists.able if line.new} == {MESSAGES, "mail"}
    assert not [line for line in of_level(DM, email=True, had=DM, had_email=True).able if line.new]
    assert not [line for line in of_level(DM, email=True).able if line.new]


@pytest.mark.parametrize("level", [None, *Level])
@pytest.mark.parametrize("scopes", [(), ("tweet.read",), ("tweet.write", OFFLINE), ("dm.read", EMAIL)])
def test_a_grant_denies_only_what_neither_protocol_allows(level: Level | None, scopes: tuple[str, ...]) -> None:
    lists = of_grant(level, frozenset(scopes), email=False)
    assert ("direct messages" in words(lists.unable)) == (level is not DM and "dm.read" not in scopes)
    can_write = (level or READ) >= WRITE or any(writes(name) for name in scopes)
    assert ("post, like or repost" in words(lists.unable)) != can_write
    assert ("email address" in words(lists.unable)) == (EMAIL not in scopes)
    assert bool(lists.able) == (level is not None)


def test_in_short_each_power_is_told_once() -> None:
    lines = in_short(WRITE, frozenset({"tweet.read", "tweet.write", "dm.read", OFFLINE}), email=False)
    told = [line.sentence for line in lines]
    assert told[: len(of_level(WRITE, email=False).able)] == [
        line.sentence for line in of_level(WRITE, email=False).able
    ]
    assert told[-2:] == [SCOPES["dm.read"].sentence, SCOPES[OFFLINE].sentence]
    assert SCOPES["tweet.read"].sentence not in told
    assert in_short(None, frozenset(scopes_of(READ)), email=False) == of_scopes(scopes_of(READ)).view
