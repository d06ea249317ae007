"""Opening accounts, finding them, changing them."""

import asyncio

import pytest

from tests.cast import ANN, BOB, People
from tests.conftest import HeldDatabase
from volary.accounts.actions import (
    change_email,
    change_username,
    create_account,
    rehash_password,
    set_password,
    update_profile,
)
from volary.accounts.errors import EmailTaken, PasswordChanged, Refused, UsernameTaken
from volary.accounts.queries import (
    account_by_id,
    account_by_username,
    accounts_by_ids,
    owner_of_email,
    secret_by_id,
    secrets_by_login,
)
from volary.accounts.rules.profiles import Profile

pytestmark = pytest.mark.anyio


@pytest.mark.attack("SR-167")
async def test_a_new_installation_has_no_account(db: HeldDatabase) -> None:
    for name in ("admin", "root", "volary", "demo", "test"):
        assert await secrets_by_login(db, name) == []


async def test_an_account_opens_with_what_it_was_given(db: HeldDatabase) -> None:
    account = await db.write(
        create_account, "New_One", name=" New  One ", email="New@Example.org", password_hash="x", language="de"
    )
    assert (account.username, account.name, account.email, account.language) == (
        "New_One",
        "New One",
        "new@example.org",
        "de",
    )
    assert (account.email_confirmed_at, account.created_at, account.state) == (None, db.now, "active")
    assert await account_by_id(db, account.id) == account


async def test_a_name_and_a_password_need_not_be_given(db: HeldDatabase) -> None:
    account = await db.write(create_account, "robot")
    assert (account.name, account.language) == ("robot", "")
    [secret] = await secrets_by_login(db, "robot")
    assert secret is not None
    assert secret.password is None


@pytest.mark.attack("SR-157")
async def test_a_username_is_unique_without_case(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(UsernameTaken):
        await db.write(create_account, "ANN", password_hash="x")
    for spelling in ("ann", "ANN", "@Ann", " ann "):
        [secret] = await secrets_by_login(db, spelling)
        assert secret is not None
        assert secret.id == cast.ann.id
    for stranger in ("\uff41nn", "ann\u200d", "a\u0578n", "ann.", ""):
        assert await account_by_username(db, stranger) is None
        assert await secrets_by_login(db, stranger) == []


async def test_two_who_want_one_name_at_once_do_not_both_get_it(db: HeldDatabase) -> None:
    attempts = [db.write(create_account, name, password_hash="x") for name in ("eve", "Eve", "EVE", "eVe")]
    done = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in done) == 1


async def test_accounts_are_found_together(db: HeldDatabase, cast: People) -> None:
    found = await accounts_by_ids(db, [cast.ann.id, 5, cast.bob.id])
    assert {account.username for account in found} == {"ann", "bob"}
    assert await accounts_by_ids(db, []) == []


async def test_an_address_that_was_confirmed_comes_before_one_that_was_only_claimed(db: HeldDatabase) -> None:
    mallory = await db.write(create_account, "mallory", email="eve@example.org", password_hash="m")
    assert [secret.id for secret in await secrets_by_login(db, "EVE@example.org")] == [mallory.id]
    eve = await db.write(create_account, "eve", email="eve@example.org", email_confirmed=True, password_hash="e")
    assert [secret.id for secret in await secrets_by_login(db, "EVE@example.org")] == [eve.id]
    assert await owner_of_email(db, "eve@example.org") == eve.id
    with pytest.raises(EmailTaken):
        await db.write(create_account, "eve2", email="eve@example.org", email_confirmed=True)


@pytest.mark.parametrize(
    "given, field",
    [({"name": "x" * 51}, "name"), ({"email": "nowhere"}, "email"), ({"language": "xx"}, "language")],
)
async def test_what_the_rules_refuse_opens_nothing(db: HeldDatabase, given: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        await db.write(create_account, "somebody", **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert await account_by_username(db, "somebody") is None


async def test_a_profile_changes_as_a_whole(db: HeldDatabase, cast: People) -> None:
    profile = Profile("Ann A.", "Bees.", "Ameland", "https://ann.example", "nl", "Europe/Amsterdam", 1)
    await db.write(update_profile, cast.ann.id, profile)
    ann = await account_by_id(db, cast.ann.id)
    assert ann is not None
    assert [getattr(ann, field) for field in Profile.__struct_fields__] == [
        getattr(profile, field) for field in Profile.__struct_fields__
    ]
    bob = await account_by_id(db, cast.bob.id)
    assert bob == cast.bob


async def test_a_username_changes_and_the_old_one_is_free(db: HeldDatabase, cast: People) -> None:
    with pytest.raises(UsernameTaken):
        await db.write(change_username, cast.ann.id, "BOB")
    with pytest.raises(Refused):
        await db.write(change_username, cast.ann.id, "admin")
    await db.write(change_username, cast.ann.id, "Ann")
    await db.write(change_username, cast.ann.id, "annie")
    assert await account_by_username(db, "ann") is None
    assert (await account_by_username(db, "Annie")).id == cast.ann.id  # type: ignore[union-attr]


async def test_a_changed_address_is_not_confirmed(db: HeldDatabase, cast: People) -> None:
    await db.write(change_email, cast.ann.id, ANN.email.upper())
    assert (await account_by_id(db, cast.ann.id)).email_confirmed_at is not None  # type: ignore[union-attr]
    await db.write(change_email, cast.ann.id, BOB.email)
    ann = await account_by_id(db, cast.ann.id)
    assert ann is not None
    assert (ann.email, ann.email_confirmed_at) == (BOB.email, None)
    assert [secret.id for secret in await secrets_by_login(db, BOB.email)] == [cast.bob.id]
    await db.write(change_email, cast.ann.id, " ")
    assert (await account_by_id(db, cast.ann.id)).email is None  # type: ignore[union-attr]


async def test_a_password_changes_only_from_the_one_that_was_checked(db: HeldDatabase, cast: People) -> None:
    await db.write(set_password, cast.ann.id, ANN.password_hash, "second")
    with pytest.raises(PasswordChanged):
        await db.write(set_password, cast.ann.id, ANN.password_hash, "third")
    await db.write(rehash_password, cast.ann.id, ANN.password_hash, "stale")
    secret = await secret_by_id(db, cast.ann.id)
    assert secret is not None
    assert (secret.password, secret.epoch) == ("second", 0)
    robot = await db.write(create_account, "robot")
    await db.write(set_password, robot.id, None, "first")
    assert (await secret_by_id(db, robot.id)).password == "first"  # type: ignore[union-attr]
