"""Who uses an old session proves once more that they know the password, before keys change hands (SR-163)."""

from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.clock import DAY
from volary.kit.errors import Refusal
from volary.language import mark as _
from volary.sessions.actions.sign_in import check_password
from volary.sessions.queries import sessions_of
from volary.sessions.rules.arrivals import arrival_of
from volary.web import Form, Visit

FRESH = DAY
"""How long a sign-in counts as proof."""

FIELD = "password"


async def password_due(visit: Visit) -> bool:
    """Whether this session's sign-in is so long ago that the password must be asked for."""
    mine = [row for row in await sessions_of(visit.db, visit.me.account_id) if row.id == visit.me.session_id]
    return not mine or visit.db.now - mine[0].created_at > FRESH


async def prove(visit: Visit, form: Form) -> bool:
    """Whether the visitor is sure enough: a fresh sign-in, or the right password in the form; else the form says what is wrong."""
    if not await password_due(visit):
        return True
    if not form[FIELD]:
        form.refuse(FIELD, _("Enter your password to go on: you signed in more than a day ago."))
        return False
    try:
        await check_password(
            visit.db, visit.resources[PasswordHasher], visit.me.username, form[FIELD], arrival_of(visit)
        )
    except Refusal as refusal:
        if refusal.status == 503:
            raise
        form.refuse(FIELD, refusal.message, **refusal.parameters)
        return False
    return True
