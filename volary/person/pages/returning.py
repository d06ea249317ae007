"""Coming back to an account that one deactivated: who signs in to it is asked, and what they may do is sealed into the page."""

from volary.accounts.actions.leaving import come_back
from volary.accounts.models import DEACTIVATED
from volary.accounts.queries import account_by_id, own_by_id, secret_by_id
from volary.accounts.rules.leaving import gone_at
from volary.kit.clock import MINUTE
from volary.kit.ids import id_in
from volary.kit.secrets import same
from volary.language import mark as _
from volary.sessions.errors import Away
from volary.web import Response, Visit, page

HOLDS = 15 * MINUTE
"""How long one can think it over before the password is asked again."""

BACK = _("Welcome back. Your account is as it was: sign in to go on.")
TOO_LATE = _("This account cannot come back any more, or it is back already. Sign in to see.")
_PURPOSE = "coming back to an account"


async def ask_back(visit: Visit, away: Away) -> Response:
    """Ask whoever has just entered the right password whether to come back."""
    account, own = await account_by_id(visit.db, away.account_id), await own_by_id(visit.db, away.account_id)
    if account is None or own is None or own.deactivated_at is None:
        return visit.redirect("/login", notice=TOO_LATE)
    until = visit.db.now + HOLDS
    return visit.render(
        "person/come_back.html",
        username=account.username,
        gone=gone_at(own.deactivated_at),
        account=account.id,
        until=until,
        ticket=_ticket(visit, account.id, until, away.password_hash),
    )


@page("POST", "/login/return")
async def return_now(visit: Visit) -> Response:
    """Come back, for whoever entered the password in this browser just now; signing in follows, with all that it asks for."""
    account_id, until = id_in(visit.form.get("account", "")) or 0, id_in(visit.form.get("until", "")) or 0
    secret = await secret_by_id(visit.db, account_id)
    if secret is None or secret.state != DEACTIVATED or secret.password is None or until < visit.db.now:
        return visit.redirect("/login", notice=TOO_LATE)
    if not same(visit.form.get("ticket", ""), _ticket(visit, account_id, until, secret.password)):
        return visit.redirect("/login", notice=TOO_LATE)
    back = await visit.db.write(come_back, account_id, address=visit.address)
    return visit.redirect(f"/login?add=1&username={secret.username}", notice=BACK if back else TOO_LATE)


def _ticket(visit: Visit, account_id: int, until: int, password_hash: str) -> str:
    """That a password was right, for this browser and until then; a new password makes it worth nothing."""
    return visit.db.keys.mac(_PURPOSE, visit.binding, str(account_id), str(until), password_hash).hex()
