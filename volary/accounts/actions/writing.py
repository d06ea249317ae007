"""Changing accounts. Each action checks what it is given with the rules, so that a page and the command line mean the same."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import bindparam, case, delete, insert, update

from volary.access.caller import Caller
from volary.accounts.errors import (
    OWN_AFFILIATE,
    EmailTaken,
    NobodyThere,
    PasswordChanged,
    Refused,
    UsernameTaken,
)
from volary.accounts.models import ACTIVE, AccountRow, account_words, accounts, affiliations
from volary.accounts.queries import ACCOUNT_COLUMNS, account_by_id, account_by_username, owner_of_email
from volary.accounts.rules.names import checked_name, checked_username
from volary.accounts.rules.profiles import Profile, checked_email, checked_profile, kept_language
from volary.accounts.rules.words import words_of
from volary.activity.actions import note, record
from volary.db import Tx, in_list, statement, upsert

_CREATE = statement(
    upsert(
        accounts,
        values=[
            *("id", "username", "username_key", "name", "email", "email_confirmed_at", "language"),
            *("password", "password_changed_at", "state", "created_at"),
        ],
        key=["username_key"],
    ).returning(*ACCOUNT_COLUMNS),
    AccountRow,
)
_PROFILE_FIELDS = Profile.__struct_fields__
_UPDATE_PROFILE = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values({name: bindparam(f"new_{name}") for name in _PROFILE_FIELDS})
)
_SET_USERNAME = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(username=bindparam("new"), username_key=bindparam("key"))
)
_SET_PASSWORD = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"), accounts.c.password.is_not_distinct_from(bindparam("old")))
    .values(password=bindparam("new"), password_changed_at=bindparam("at"))
)
_REHASH = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"), accounts.c.password == bindparam("old"))
    .values(password=bindparam("new"))
)


async def create_account(
    tx: Tx,
    username: str,
    *,
    name: str = "",
    email: str | None = None,
    email_confirmed: bool = False,
    password_hash: str | None = None,
    language: str = "",
) -> AccountRow:
    """Open an account. The name defaults to the username; without a password hash nobody can sign in to it.

    The password itself was checked and hashed before (`rules.passwords.check`, `PasswordHasher.hash`). An address that its owner has
    not confirmed may be given by anyone, so only a confirmed one must be nobody else's. Without a language, pages come in the browser's.
    Raises Refused, UsernameTaken, EmailTaken.
    """
    kept_email = None if email is None else checked_email(email)
    if kept_email and email_confirmed and await owner_of_email(tx, kept_email) is not None:
        # Whoever makes the same account twice wants to hear of the name, which people see, and not of its address.
        raise EmailTaken if await account_by_username(tx, checked_username(username)) is None else UsernameTaken
    account = await tx.one(
        _CREATE,
        id=tx.new_id(),
        username=checked_username(username),
        username_key=username.lower(),
        name=checked_name(name or username),
        email=kept_email,
        email_confirmed_at=tx.now if kept_email and email_confirmed else None,
        language=kept_language(language),
        password=password_hash,
        password_changed_at=tx.now if password_hash else None,
        state=ACTIVE,
        created_at=tx.now,
    )
    if account is None:
        raise UsernameTaken
    await _keep_words(tx, account.id, account.username, account.name)
    await record(tx, "account.created", account_id=account.id)
    return account


_FORGET_WORDS = statement(delete(account_words).where(account_words.c.account_id == bindparam("account_id")))
_KEEP_WORD = statement(insert(account_words).values(word=bindparam("word"), account_id=bindparam("account_id")))


async def _keep_words(
    tx: Tx, account_id: int, username: str, name: str, *, before: frozenset[str] = frozenset()
) -> None:
    """Let an account be found by its username and name as they are now; `before` are the words by which it was found until now."""
    words = words_of(username, name)
    if words == before:
        return
    if before:
        await tx.run(_FORGET_WORDS, account_id=account_id)
    for word in sorted(words):
        await tx.run(_KEEP_WORD, word=word.encode(), account_id=account_id)


async def update_profile(tx: Tx, account_id: int, profile: Profile) -> None:
    """Change what an account shows of itself and how pages speak to it. Raises Refused."""
    checked = msgspec.structs.asdict(checked_profile(profile))
    account = await account_by_id(tx, account_id)
    if account is not None and account.name != checked["name"]:
        before = words_of(account.username, account.name)
        await _keep_words(tx, account_id, account.username, checked["name"], before=before)
    await tx.run(_UPDATE_PROFILE, account_id=account_id, **{f"new_{name}": value for name, value in checked.items()})


async def edit_profile(tx: Tx, caller: Caller, /, **changes: str | None) -> AccountRow:
    """Change the named fields of the caller's own profile and leave the others; None leaves one too. The account as it is now.

    Raises Refused.
    """
    account = await account_by_id(tx, caller.me)
    if account is None:
        raise NobodyThere
    kept = Profile(*(getattr(account, name) for name in _PROFILE_FIELDS))
    new = msgspec.structs.replace(kept, **{name: value for name, value in changes.items() if value is not None})
    if new != kept:
        await update_profile(tx, account.id, new)
        await note(tx, caller, "profile.changed", account.id)
    return await account_by_id(tx, account.id) or account


_SET_PICTURES = {
    name: statement(update(accounts).where(accounts.c.id == bindparam("account_id")).values({name: bindparam("new")}))
    for name in ("picture", "banner")
}


async def change_picture(tx: Tx, caller: Caller, which: Literal["picture", "banner"], name: str) -> str:
    """Keep another file as an account's picture or banner, or none where the name is empty; the name of the one before."""
    before = await account_by_id(tx, caller.me)
    await tx.run(_SET_PICTURES[which], account_id=caller.me, new=name)
    await note(tx, caller, f"{which}.changed", caller.me)
    return "" if before is None else before.picture if which == "picture" else before.banner


async def change_username(tx: Tx, account_id: int, username: str) -> None:
    """Take another username, or the same in another case; the old one is free from then on. Raises Refused, UsernameTaken."""
    new = checked_username(username)
    holder = await account_by_username(tx, new)
    if holder is not None and holder.id != account_id:
        raise UsernameTaken
    if holder is not None and holder.username == new:
        return
    account = await account_by_id(tx, account_id)
    if account is not None:
        before = words_of(account.username, account.name)
        await _keep_words(tx, account_id, new, account.name, before=before)
    await tx.run(_SET_USERNAME, account_id=account_id, new=new, key=new.lower())
    await record(tx, "username.changed", account_id=account_id)


async def set_password(tx: Tx, account_id: int, old: str | None, new: str) -> None:
    """Put a new password's hash in the place of the one that was just verified. Raises PasswordChanged (SR-321).

    Ending sessions is for the room above. The epoch stays: what people allowed apps outlives a new password, which is asked about on
    the same page (decision 0021, C097).
    """
    if not await tx.run(_SET_PASSWORD, account_id=account_id, old=old, new=new, at=tx.now):
        raise PasswordChanged
    await record(tx, "password.changed", account_id=account_id)


async def rehash_password(tx: Tx, account_id: int, old: str, new: str) -> None:
    """Keep the same password under today's parameters; when it was changed meanwhile, that change stays."""
    await tx.run(_REHASH, account_id=account_id, old=old, new=new)


_AFFILIATE = statement(
    upsert(affiliations, values=["organization_id", "account_id", "place"], key=["organization_id", "account_id"])
)
_SEPARATE = statement(
    delete(affiliations).where(
        affiliations.c.organization_id == bindparam("organization"), affiliations.c.account_id == bindparam("account")
    )
)


async def affiliate(tx: Tx, organization: int, account_id: int) -> bool:
    """Say that an account belongs to an organization's. Whether that is new. An account is not its own affiliate (Refused)."""
    if organization == account_id:
        raise Refused(OWN_AFFILIATE, field="organization")
    new = bool(await tx.run(_AFFILIATE, organization_id=organization, account_id=account_id, place=tx.new_id()))
    if new:
        await record(tx, "affiliation.started", account_id=account_id, subject_id=organization)
    return new


async def end_affiliation(tx: Tx, organization: int, account_id: int) -> bool:
    """Say no longer that an account belongs to an organization's. Whether that was said before."""
    ended = bool(await tx.run(_SEPARATE, organization=organization, account=account_id))
    if ended:
        await record(tx, "affiliation.ended", account_id=account_id, subject_id=organization)
    return ended


_COUNT_POST = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(
        post_count=accounts.c.post_count + bindparam("change"),
        newest_post_id=case(
            (accounts.c.newest_post_id < bindparam("newest"), bindparam("newest")), else_=accounts.c.newest_post_id
        ),
    )
)


async def count_post(tx: Tx, account_id: int, change: int, newest: int = 0) -> None:
    """Add to (1) or take from (-1) an account's number of posts; the room of posts calls it as part of its own act.

    `newest` is the id of a post that is new, whether it counts or is another version of one: home timelines begin there.
    """
    await tx.run(_COUNT_POST, account_id=account_id, change=change, newest=newest)


_COUNT_MEDIA = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(media_count=accounts.c.media_count + bindparam("change"))
)


async def count_media(tx: Tx, account_id: int, change: int) -> None:
    """Change an account's number of pictures and videos in posts; the room of posts calls it as part of its own act."""
    await tx.run(_COUNT_MEDIA, account_id=account_id, change=change)


_COUNT_LIKE = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(like_count=accounts.c.like_count + bindparam("change"))
)
_LESS_POSTS = statement(
    update(accounts).where(in_list(accounts.c.id, "ids")).values(post_count=accounts.c.post_count - 1)
)
_LESS_LIKES = statement(
    update(accounts).where(in_list(accounts.c.id, "ids")).values(like_count=accounts.c.like_count - 1)
)


async def count_like(tx: Tx, account_id: int, change: int) -> None:
    """Add to (1) or take from (-1) the number of likes that an account has given."""
    await tx.run(_COUNT_LIKE, account_id=account_id, change=change)


async def uncount_posts(tx: Tx, account_ids: Sequence[int]) -> None:
    """Take one post from the number of each account: what they reposted is gone."""
    if account_ids:
        await tx.run(_LESS_POSTS, ids=list(account_ids))


async def uncount_likes(tx: Tx, account_ids: Sequence[int]) -> None:
    """Take one like from the number of each account: what they liked is gone."""
    if account_ids:
        await tx.run(_LESS_LIKES, ids=list(account_ids))


_COUNT_FOLLOWING = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(following_count=accounts.c.following_count + bindparam("change"))
)
_COUNT_FOLLOWER = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(follower_count=accounts.c.follower_count + bindparam("change"))
)


async def count_follow(tx: Tx, follower: int, followed: int, change: int) -> None:
    """Add one follow (1) to both accounts' numbers, or take it away (-1); the room of follows calls it as part of its own act.

    The smaller id comes first, so that two acts between the same two accounts wait for each other instead of crossing.
    """
    for account_id in sorted((follower, followed)):
        asked = _COUNT_FOLLOWING if account_id == follower else _COUNT_FOLLOWER
        await tx.run(asked, account_id=account_id, change=change)
