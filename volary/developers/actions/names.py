"""Names of Apps: each is one App's, and some are nobody's."""

from sqlalchemy import bindparam, delete, select, update

from volary.db import Tx, statement, upsert
from volary.developers.errors import NameReserved, NameTaken
from volary.developers.models import apps, reserved_names
from volary.developers.rules import texts
from volary.kit.errors import Conflict, NotFound
from volary.language import mark as _

_NAMED = tuple(
    statement(select(apps.c.id).where(column == bindparam("like"), apps.c.id != bindparam("but")).limit(1), int)
    for column in (apps.c.name_key, apps.c.name_shape)
)
_RESERVED = tuple(
    statement(select(reserved_names.c.name).where(column == bindparam("like")).limit(1), str)
    for column in (reserved_names.c.name_key, reserved_names.c.name_shape)
)
_OWN_KEY = statement(select(apps.c.name_key).where(apps.c.id == bindparam("id")), str)
_RENAME = statement(
    update(apps)
    .where(apps.c.id == bindparam("id"))
    .values(name=bindparam("name"), name_key=bindparam("name_key"), name_shape=bindparam("name_shape"))
)
_RESERVE = statement(upsert(reserved_names, values=["name_key", "name_shape", "name", "added_at"], key=["name_key"]))
_RELEASE = statement(
    delete(reserved_names).where(reserved_names.c.name_key == bindparam("name_key")).returning(reserved_names.c.name),
    str,
)


async def ensure_name_free(tx: Tx, name: str, *, but: int = 0) -> None:
    """Refuse a name that another App has, or that reads or looks the same, and one that the operator reserved.

    An App keeps the name that it has, also when that is reserved later. Raises NameTaken, NameReserved.
    """
    likes = texts.name_key(name), texts.name_shape(name)
    for asked, like in zip(_NAMED, likes, strict=True):
        if await tx.one(asked, like=like, but=but) is not None:
            raise NameTaken
    if but and await tx.one(_OWN_KEY, id=but) == likes[0]:
        return
    for asked_name, like in zip(_RESERVED, likes, strict=True):
        if await tx.one(asked_name, like=like) is not None:
            raise NameReserved


async def rename_app(tx: Tx, app_id: int, name: str) -> str:
    """Give an App another name; the name as it is kept. Raises Invalid, NameTaken, NameReserved."""
    kept = texts.app_name(name)
    await ensure_name_free(tx, kept, but=app_id)
    await tx.run(_RENAME, id=app_id, name=kept, name_key=texts.name_key(kept), name_shape=texts.name_shape(kept))
    return kept


async def reserve_name(tx: Tx, name: str) -> str:
    """Keep a name from every App that does not have it yet; the name as it is kept. Raises Invalid, Conflict."""
    kept = texts.app_name(name)
    new = await tx.run(
        _RESERVE, name_key=texts.name_key(kept), name_shape=texts.name_shape(kept), name=kept, added_at=tx.now
    )
    if not new:
        raise Conflict(_("This name is reserved already."), field="name")
    return kept


async def release_name(tx: Tx, name: str) -> str:
    """Let Apps have a reserved name again; the name as it was kept. Raises NotFound."""
    kept = await tx.one(_RELEASE, name_key=texts.name_key(name))
    if kept is None:
        raise NotFound(_("This name is not reserved."))
    return kept
