"""*Deactivate your account*: what happens then, and going away (SR-163: it takes the password)."""

from volary.accounts.errors import OperatorStays
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.leaving import RETURN_WITHIN
from volary.kit.clock import DAY
from volary.person.actions import leave_for_now
from volary.person.pages.account import WRONG_CURRENT
from volary.person.pages.going import with_retry
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.queries import held_sessions
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import keep_tokens
from volary.web import Form, Response, Visit, page

DEACTIVATE = "/settings/data/deactivate"
DAYS = RETURN_WITHIN // DAY


@page("GET", DEACTIVATE, signed_in=True)
async def deactivate(visit: Visit) -> Response:
    """What goes, what others keep, until when one can come back, and the form."""
    return _shown(visit, Form(visit))


@page("POST", DEACTIVATE, signed_in=True, always=True)
async def go(visit: Visit) -> Response:
    """Go away: whoever knows the password is logged out everywhere, and the account is seen by nobody."""
    form = Form(visit)
    try:
        hasher = visit.resources[PasswordHasher]
        proof = await check_password(visit.db, hasher, visit.me.username, form["current_password"], arrival_of(visit))
        await visit.db.write(leave_for_now, proof, visit.address)
    except WrongPassword:
        form.refuse("current_password", WRONG_CURRENT)
        return _shown(visit, form, 400)
    except (TooManyGuesses, OperatorStays) as refusal:
        form.add(refusal)
        return with_retry(_shown(visit, form, refusal.status), refusal)
    keep_tokens(visit, [one.token for one in await held_sessions(visit.db, visit.cookies)])
    return visit.redirect("/settings/deactivated")


@page("GET", "/settings/deactivated")
async def deactivated(visit: Visit) -> Response:
    """What somebody sees who has just gone away; it says nothing about anybody."""
    return visit.render("person/deactivated.html", days=DAYS)


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render("person/deactivate.html", status, form=form, days=DAYS)
