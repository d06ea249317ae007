"""Appeals against suspensions: of an App for its team, and all that wait for the operator."""

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.db.paging import Bounds, Pages
from volary.developers.models import AppealRow, MessageRow, appeal_messages, appeals, apps

_APPEALS = (
    select(
        appeals.c.id,
        appeals.c.app_id,
        apps.c.name.label("app"),
        accounts.c.username.label("owner"),
        *(appeals.c[name] for name in ("state", "opened_at", "closed_at")),
    )
    .join_from(appeals, apps, apps.c.id == appeals.c.app_id)
    .join(accounts, accounts.c.id == apps.c.owner_id)
)
_BY_ID = statement(_APPEALS.where(appeals.c.id == bindparam("id")), AppealRow)
_LATEST = statement(
    _APPEALS.where(appeals.c.app_id == bindparam("app_id")).order_by(appeals.c.id.desc()).limit(1), AppealRow
)
_IN_STATE = Pages(_APPEALS.where(appeals.c.state == bindparam("state")), appeals.c.id, AppealRow)
_MESSAGES = statement(
    select(
        appeal_messages.c.id,
        accounts.c.username,
        appeal_messages.c.by_operator,
        appeal_messages.c.text,
        appeal_messages.c.at,
    )
    .outerjoin_from(appeal_messages, accounts, accounts.c.id == appeal_messages.c.account_id)
    .where(appeal_messages.c.appeal_id == bindparam("appeal_id"))
    .order_by(appeal_messages.c.id),
    MessageRow,
)


async def appeal_by_id(reader: Reader, appeal_id: int) -> AppealRow | None:
    """An appeal by its number, whoever asks: for the operator."""
    return await reader.one(_BY_ID, id=appeal_id)


async def latest_appeal(reader: Reader, app_id: int) -> AppealRow | None:
    """The newest appeal of an App, open or closed. Whether the asker may see the App is `app_of_member`'s to say."""
    return await reader.one(_LATEST, app_id=app_id)


async def appeals_in(reader: Reader, state: str, page: Bounds, count: int) -> list[AppealRow]:
    """Appeals in one state, the newest first: for the operator."""
    return await _IN_STATE.read(reader, page, count, state=state)


async def messages_of(reader: Reader, appeal_id: int) -> list[MessageRow]:
    """What both sides wrote, in order."""
    return await reader.all(_MESSAGES, appeal_id=appeal_id)
