"""Appealing against a suspension, and answering (C179). Restoring or deleting the App closes its appeal."""

from sqlalchemy import bindparam, func, insert, select, update

from volary.accounts.actions import write_to
from volary.accounts.queries import account_by_id
from volary.db import Tx, statement
from volary.developers.actions.noting import note_app
from volary.developers.errors import AppealUnknown, AppUnknown
from volary.developers.models import SUSPENDED, AppealRow, AppRow, appeal_messages, appeals
from volary.developers.models.governing import CLOSED, OPEN
from volary.developers.queries.appeals import appeal_by_id, latest_appeal
from volary.developers.queries.apps import app_by_id
from volary.developers.queries.members import app_of_member
from volary.developers.rules import texts
from volary.developers.rules.roles import Act
from volary.kit.errors import Conflict, TooMany
from volary.kit.whence import COMMAND_LINE
from volary.language import mark as _
from volary.mail.actions import Parameters

MOST = 20
"""Messages that a team may write into one appeal before the operator answers."""

_OPEN = statement(
    insert(appeals).values(id=bindparam("id"), app_id=bindparam("app_id"), state=OPEN, opened_at=bindparam("now"))
)
_CLOSE = statement(
    update(appeals)
    .where(appeals.c.app_id == bindparam("app_id"), appeals.c.state == OPEN)
    .values(state=CLOSED, closed_at=bindparam("now"))
)
_SAY = statement(
    insert(appeal_messages).values(
        {name: bindparam(name) for name in ("id", "appeal_id", "account_id", "by_operator", "text", "at")}
    )
)
_UNANSWERED = statement(
    select(func.count()).where(
        appeal_messages.c.appeal_id == bindparam("appeal_id"),
        appeal_messages.c.id
        > func.coalesce(
            select(func.max(appeal_messages.c.id))
            .where(appeal_messages.c.appeal_id == bindparam("appeal_id"), appeal_messages.c.by_operator == 1)
            .scalar_subquery(),
            0,
        ),
    ),
    int,
)


async def appeal(tx: Tx, member_id: int, app_id: int, text: str) -> int:
    """Write to the operator about a suspended App: into the appeal that is open, else into a new one; its number.

    Raises AppUnknown, NotForThisRole, Invalid, Conflict when the App is not suspended, TooMany before the operator has answered.
    """
    app = await app_of_member(tx, member_id, app_id, Act.EDIT_APP)
    kept = texts.text(text, "text", texts.APPEAL)
    if app.state != SUSPENDED:
        raise Conflict(_("This App is not suspended."))
    found = await latest_appeal(tx, app_id)
    if found is None or found.state != OPEN:
        appeal_id = tx.new_id()
        await tx.run(_OPEN, id=appeal_id, app_id=app_id, now=tx.now)
        await note_app(tx, app, member_id, "appeal.made", subject_id=appeal_id)
    else:
        appeal_id = found.id
        if (await tx.one(_UNANSWERED, appeal_id=appeal_id) or 0) >= MOST:
            raise TooMany(_("Please wait for an answer before you write more."), retry_after=86_400)
        await note_app(tx, app, member_id, "appeal.continued", subject_id=appeal_id)
    await _say(tx, appeal_id, member_id, kept, by_operator=False)
    return appeal_id


async def answer_appeal(
    tx: Tx, appeal_id: int, text: str, *, actor_id: int = COMMAND_LINE, close: bool = False
) -> None:
    """Answer an appeal; the App's owner gets the answer as a letter too. `close` ends it, and the App stays suspended.

    Raises AppealUnknown, Invalid, Conflict when it is closed already.
    """
    found, app = await _appealed(tx, appeal_id)
    kept = texts.text(text, "text", texts.APPEAL)
    if found.state != OPEN:
        raise Conflict(_("This appeal is closed."))
    await _say(tx, appeal_id, actor_id, kept, by_operator=True)
    if close:
        await tx.run(_CLOSE, app_id=app.id, now=tx.now)
    await note_app(tx, app, actor_id, "appeal.answered", subject_id=appeal_id, detail={"closed": int(close)})
    owner = await account_by_id(tx, app.owner_id)
    told: Parameters = {
        "name": owner.name if owner else "",
        "app": app.name,
        "app_id": str(app.id),
        "answer": kept,
    }
    await write_to(tx, app.owner_id, "developers/letters/answered", told)


async def close_appeal(tx: Tx, app_id: int) -> None:
    """Close the appeal of an App that is restored or deleted, as part of that."""
    await tx.run(_CLOSE, app_id=app_id, now=tx.now)


async def _appealed(tx: Tx, appeal_id: int) -> tuple[AppealRow, AppRow]:
    found = await appeal_by_id(tx, appeal_id)
    if found is None:
        raise AppealUnknown
    app = await app_by_id(tx, found.app_id)
    if app is None:
        raise AppUnknown
    return found, app


async def _say(tx: Tx, appeal_id: int, account_id: int, text: str, *, by_operator: bool) -> None:
    await tx.run(
        _SAY,
        id=tx.new_id(),
        appeal_id=appeal_id,
        account_id=account_id,
        by_operator=int(by_operator),
        text=text,
        at=tx.now,
    )
