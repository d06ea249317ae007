"""Names of Apps: each is one App's."""

from sqlalchemy import bindparam, select

from volary.db import Tx, statement
from volary.developers.errors import NameTaken
from volary.developers.models import apps
from volary.developers.rules import texts

_NAMED = tuple(
    statement(select(apps.c.id).where(column == bindparam("like"), apps.c.id != bindparam("but")).limit(1), int)
    for column in (apps.c.name_key, apps.c.name_shape)
)


async def ensure_name_free(tx: Tx, name: str, *, but: int = 0) -> None:
    """Raise NameTaken when another App has a name that reads or looks the same."""
    for asked, like in zip(_NAMED, (texts.name_key(name), texts.name_shape(name)), strict=True):
        if await tx.one(asked, like=like, but=but) is not None:
            raise NameTaken
