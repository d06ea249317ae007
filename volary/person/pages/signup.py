"""Sign up: an account and its first session, in one action."""

from volary.accounts.errors import Refused, UsernameTaken
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.errors import Refusal
from volary.person.actions import sign_up
from volary.person.forms import read_sign_up
from volary.person.pages.going import home, with_retry
from volary.sessions.actions.guesses import refuse_sign_up_if_used_up
from volary.sessions.errors import BrowserFull, TooManySignUps
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import enter
from volary.sessions.rules.guesses import network_of
from volary.web import Form, Response, Visit, local_path, page


@page("GET", "/signup")
async def ask(visit: Visit) -> Response:
    """The form."""
    return _shown(visit, Form(visit), local_path(visit.query.get("then"), home(visit)))


@page("POST", "/signup")
async def open_account(visit: Visit) -> Response:
    """Open the account, unless something is wrong; nothing is hashed before everything else is right."""
    form = Form(visit)
    then = local_path(form["then"], home(visit))
    new = await read_sign_up(visit, form)
    if not form.good:
        return _shown(visit, form, then, 400)
    try:
        await refuse_sign_up_if_used_up(visit.db, visit.address)
        password_hash = await visit.resources[PasswordHasher].hash(form["password"], network_of(visit.address))
        opened = await visit.db.write(sign_up, new, password_hash, arrival_of(visit))
    except (Refused, UsernameTaken, TooManySignUps, BrowserFull) as refusal:
        form.add(refusal)
        return _with_retry(visit, form, then, refusal)
    enter(visit, opened)
    return visit.redirect(then)


def _with_retry(visit: Visit, form: Form, then: str, refusal: Refusal) -> Response:
    return with_retry(_shown(visit, form, then, refusal.status), refusal)


def _shown(visit: Visit, form: Form, then: str, status: int = 200) -> Response:
    return visit.render("person/signup.html", status, form=form, then=then)
