"""The media of a post: attached to it with the act that makes it, taken off with the act that deletes it."""

from collections.abc import Sequence

from volary.accounts.actions import count_media
from volary.accounts.queries import accounts_by_ids
from volary.db import Tx
from volary.media.actions.attaching import attach_to_post, detach_from_post
from volary.media.rules.keys import key_of
from volary.posts.errors import WronglyTagged
from volary.posts.rules.media import ids_in


async def attached(tx: Tx, author: int, ids: Sequence[int]) -> str:
    """Attach an author's media to a post that is being made, and give what the post keeps of them. Raises the refusals of media."""
    rows = await attach_to_post(tx, author, ids)
    return " ".join(key_of(row.kind, row.category, row.id) for row in rows)


async def check_tagged(tx: Tx, ids: Sequence[int]) -> None:
    """See that there is everybody who is to be tagged in a picture. Raises WronglyTagged."""
    if len(await accounts_by_ids(tx, list(ids))) != len(set(ids)):
        raise WronglyTagged


async def count_attached(tx: Tx, author: int, kept: str, change: int) -> None:
    """Add the media of a post to an account's number of them, or take them away."""
    if kept:
        await count_media(tx, author, change * len(kept.split()))


async def detached(tx: Tx, kept: str) -> None:
    """Take the media of a version off, which is deleted."""
    if kept:
        await detach_from_post(tx, ids_in(kept))
