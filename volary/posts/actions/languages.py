"""Writing down in which language posts are."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, update

from volary.db import Tx, in_list, statement
from volary.posts.models import UNDETERMINED, posts

_TELL = statement(
    update(posts)
    .where(in_list(posts.c.id, "ids"), posts.c.language == UNDETERMINED)
    .values(language=bindparam("found"))
)


async def tell_languages(tx: Tx, found: Mapping[str, Sequence[int]]) -> None:
    """Write down languages, each with the ids of its posts. What is known already stays."""
    for language, ids in sorted(found.items()):
        await tx.run(_TELL, ids=sorted(ids), found=language)
