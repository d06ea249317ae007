"""Finding people by the words of their usernames and names, and who belongs to an organization."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.cast import People
from tests.conftest import HeldDatabase
from volary.accounts.actions import affiliate, change_username, create_account, end_affiliation, update_profile
from volary.accounts.errors import Refused
from volary.accounts.models import SUSPENDED, accounts
from volary.accounts.queries import accounts_found, affiliates_of, organizations_of
from volary.accounts.rules.profiles import Profile
from volary.accounts.rules.words import asked_words, words_of
from volary.db import Tx, statement
from volary.db.paging import Bounds

_SUSPEND = statement(update(accounts).values(state=SUSPENDED).where(accounts.c.username_key == "anna"))


async def suspend_anna(tx: Tx) -> None:
    await tx.run(_SUSPEND)


async def found(db: HeldDatabase, query: str) -> list[str]:
    words = asked_words(query)
    assert words is not None, query
    return [row.username for row in await accounts_found(db, words, 50)]


@pytest.mark.parametrize(
    ("username", "name", "words"),
    [
        ("Carol_C", "Carol", "carol_c carol c"),
        ("x", "José Müller-Łukasz", "x jose muller ukasz"),
        ("x", "O'Brien 2nd", "x o brien 2nd"),
        ("___", "蜂 🐝", ""),
        ("x", "ＦＵＬＬ width", "x full width"),
    ],
)
def test_the_words_of_an_account(username: str, name: str, words: str) -> None:
    assert words_of(username, name) == frozenset(words.split())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Ann", ("ann",)),
        ("o'brien", ("brien", "o")),
        ("carol_c carol carol", ("carol_c", "carol")),
        ("' _", ()),
        ("", None),
        ("x" * 51, None),
        ("a-b", None),
        ("é", None),
        ("a\n", None),
        ("%", None),
    ],
)
def test_the_words_of_a_query(query: str, words: tuple[str, ...] | None) -> None:
    assert asked_words(query) == words


async def test_people_are_found_by_beginnings_of_words_and_whole_words_come_first(
    db: HeldDatabase, cast: People
) -> None:
    await db.write(create_account, "anna", name="Anna Ameland")
    await db.write(create_account, "joanna", name="Joanna Annan")
    assert await found(db, "ann") == ["ann", "anna", "joanna"]
    assert await found(db, "ANN AME") == ["ann", "anna"]
    assert await found(db, "ame ann") == ["ann", "anna"]
    assert await found(db, "carol_") == ["Carol_C"]
    assert await found(db, "nna") == []
    assert await found(db, "bakker") == ["bob"]  # what is protected are his posts
    assert await found(db, "' _") == []
    await db.write(suspend_anna)
    assert await found(db, "ann") == ["ann", "joanna"]


async def test_a_new_name_is_found_and_the_old_one_no_longer(db: HeldDatabase, cast: People) -> None:
    await db.write(update_profile, cast.dave.id, Profile(name="David Döring"))
    assert (await found(db, "doring"), await found(db, "dave")) == (["dave"], ["dave"])
    await db.write(change_username, cast.dave.id, "drummer")
    assert (await found(db, "dave"), await found(db, "drum"), await found(db, "david")) == (
        [],
        ["drummer"],
        ["drummer"],
    )


async def test_pages_of_people_meet_each_once(db: HeldDatabase) -> None:
    names = ["bee", "beekeeper", "beeline", "be", "hive"]
    for first, second in itertools.permutations(names, 2):
        await db.write(create_account, f"{first[:6]}_{second[:6]}", name=f"{second} {first}")
    everybody = [row.id for row in await accounts_found(db, ("be",), 99)]
    assert len(everybody) == len(set(everybody)) == 20
    met: list[int] = []
    after = (b"", 0)
    while rows := await accounts_found(db, ("be",), 3, after):
        met += [row.id for row in rows]
        after = (rows[-1].word, rows[-1].id)
    assert met == everybody


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text("abAB_ é'1", max_size=9), min_size=1, max_size=3), st.text("abAB_ '1", min_size=1, max_size=9))
def test_an_account_fits_a_query_that_asks_for_its_own_words(names: list[str], query: str) -> None:
    words = words_of("user_1", " ".join(names))
    assert all(0 < len(word) <= 50 and word.isascii() and word == word.lower() for word in words)
    asked = asked_words(query)
    assert asked is not None
    assert set(asked) <= words_of(query, "") | {word for word in asked if "_" in word}
    assert len(asked) <= 25


async def test_who_belongs_to_an_organization(db: HeldDatabase, cast: People) -> None:
    assert await db.write(affiliate, cast.dev.id, cast.ann.id)
    assert not await db.write(affiliate, cast.dev.id, cast.ann.id)
    assert await db.write(affiliate, cast.dev.id, cast.carol.id)
    assert await db.write(affiliate, cast.bob.id, cast.ann.id)
    listed = await affiliates_of(db, cast.dev.id, Bounds(), 9)
    assert [row.username for row in listed] == ["Carol_C", "ann"]
    owners = await organizations_of(db, [cast.ann.id, cast.carol.id, cast.dave.id])
    assert owners == {cast.ann.id: [cast.dev.id, cast.bob.id], cast.carol.id: [cast.dev.id]}
    assert [await db.write(end_affiliation, cast.dev.id, cast.ann.id) for _ in range(2)] == [True, False]
    assert await organizations_of(db, [cast.ann.id]) == {cast.ann.id: [cast.bob.id]}
    with pytest.raises(Refused):
        await db.write(affiliate, cast.dev.id, cast.dev.id)
