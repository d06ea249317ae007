"""What an account keeps for its owner alone: phone, country, and whether people find it by its address."""

from sqlalchemy import bindparam, update

from volary.accounts.models import accounts
from volary.accounts.queries import own_by_id
from volary.accounts.rules.profiles import checked_country, checked_phone
from volary.activity.actions import record
from volary.db import Tx, statement

_THIS = accounts.c.id == bindparam("account_id")
_SET_CONTACT = statement(update(accounts).where(_THIS).values(phone=bindparam("number"), country=bindparam("where")))
_SET_DISCOVERABLE = statement(
    update(accounts)
    .where(_THIS, accounts.c.discoverable_by_email != bindparam("new"))
    .values(discoverable_by_email=bindparam("new"))
)


async def change_contact(tx: Tx, account_id: int, phone: str, country: str) -> None:
    """Keep another phone number and country, or none where they are empty. Raises Refused."""
    number, where = checked_phone(phone) or None, checked_country(country)
    before = await own_by_id(tx, account_id)
    await tx.run(_SET_CONTACT, account_id=account_id, number=number, where=where)
    if before is not None and before.phone != number:
        await record(tx, "phone.changed", account_id=account_id)


async def be_discoverable(tx: Tx, account_id: int, new: bool) -> None:
    """Say whether people who know the account's confirmed address may find it by that."""
    if await tx.run(_SET_DISCOVERABLE, account_id=account_id, new=int(new)):
        await record(tx, "discoverable.changed", account_id=account_id, detail={"by_email": int(new)})
