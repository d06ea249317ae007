"""Change the password (C097, C099): the other sessions end, and the same page offers to disconnect apps."""

from volary.accounts.errors import PasswordChanged, Refused
from volary.accounts.queries import account_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.errors import Refusal
from volary.language import mark as _
from volary.person.actions import renew_password
from volary.person.forms import check_new_password
from volary.person.pages.account import WRONG_CURRENT
from volary.person.pages.going import with_retry
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.queries import held_sessions
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import keep_tokens
from volary.sessions.rules.guesses import network_of
from volary.web import Form, Response, Visit, page

CHANGED = _("Your password was changed. You are logged out everywhere else.")
SAME = _("The new password is the old one.")


@page("GET", "/settings/password", signed_in=True)
async def password(visit: Visit) -> Response:
    """The form; after a change, only the question about apps."""
    return _shown(visit, Form(visit), changed="changed" in visit.query)


@page("POST", "/settings/password", signed_in=True, always=True)
async def change(visit: Visit) -> Response:
    """Verify the old password, hash the new one, and put it in its place if the old one still holds (SR-161, SR-321)."""
    form = Form(visit)
    account = await account_by_id(visit.db, visit.me.account_id)
    personal = (account.username, account.name, account.email or "") if account else ()
    check_new_password(form, form["password"], *personal)
    if form["password"] == form["current_password"]:
        form.refuse("password", SAME)
    if not form.good:
        return _shown(visit, form, 400)
    hasher = visit.resources[PasswordHasher]
    try:
        proof = await check_password(visit.db, hasher, visit.me.username, form["current_password"], arrival_of(visit))
        new_hash = await hasher.hash(form["password"], network_of(visit.address))
        token = await visit.db.write(renew_password, proof, new_hash, visit.me.session_id, visit.address)
    except WrongPassword:
        form.refuse("current_password", WRONG_CURRENT)
        return _shown(visit, form, 400)
    except (TooManyGuesses, PasswordChanged, Refused) as refusal:
        return _refused(visit, form, refusal)
    held = await held_sessions(visit.db, visit.cookies)
    keep_tokens(visit, [token, *(one.token for one in held)])
    return visit.redirect("/settings/password?changed=1", notice=CHANGED)


def _refused(visit: Visit, form: Form, refusal: Refusal) -> Response:
    form.add(refusal)
    return with_retry(_shown(visit, form, refusal.status), refusal)


def _shown(visit: Visit, form: Form, status: int = 200, *, changed: bool = False) -> Response:
    return visit.render("person/password.html", status, form=form, changed=changed)
