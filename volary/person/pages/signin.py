"""Sign in, sign out, and choosing among the accounts that are signed in in one browser."""

from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.errors import NotFound
from volary.person.pages.entrance import refused, show_sign_in, show_step
from volary.person.pages.going import home
from volary.person.pages.returning import ask_back
from volary.sessions.actions.ending import end_session
from volary.sessions.actions.sign_in import check_password, open_session
from volary.sessions.actions.stepping import begin_step
from volary.sessions.errors import Away, BrowserFull, SecondStepDue, TooManyGuesses, WrongPassword
from volary.sessions.queries import held_sessions
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import enter, keep_tokens
from volary.web import Form, Response, Visit, going_on_to, local_path, page


@page("GET", "/login")
async def ask(visit: Visit) -> Response:
    """The form. Whoever is signed in already goes on, unless another account is to be added (C095)."""
    then = local_path(visit.query.get("then"), home(visit))
    adding = "add" in visit.query
    if visit.current is not None and not adding:
        return visit.redirect(then)
    form = Form(visit, {"login": visit.query.get("username", "")[:100]})
    return show_sign_in(visit, form, then, adding=adding)


@page("POST", "/login", always=True)
async def sign_in(visit: Visit) -> Response:
    """Check name and password; open a session beside those of other accounts."""
    form = Form(visit)
    arrival, then = arrival_of(visit), local_path(form["then"], home(visit))
    try:
        hasher = visit.resources[PasswordHasher]
        proof = await check_password(visit.db, hasher, form.text("login"), form["password"], arrival)
        try:
            opened = await visit.db.write(open_session, proof, arrival)
        except SecondStepDue:
            step = await visit.db.write(begin_step, proof, visit.binding)
            return await show_step(visit, Form(visit, {}), step, then)
    except Away as away:
        return await ask_back(visit, away)
    except (WrongPassword, TooManyGuesses, BrowserFull) as refusal:
        return refused(visit, form, then, refusal)
    enter(visit, opened)
    return visit.redirect(then)


@page("POST", "/logout", always=True)
async def sign_out(visit: Visit) -> Response:
    """End the current account's session; with `all`, those of every account in this browser. Nobody being signed in is no error."""
    held = await held_sessions(visit.db, visit.cookies)
    ending = held if visit.form.get("all") else held[:1]
    for one in ending:
        try:
            await visit.db.write(end_session, one.session.account_id, one.session.session_id, address=visit.address)
        except NotFound:  # it ended between the two
            continue
    staying = [one.token for one in held if one not in ending]
    keep_tokens(visit, staying)
    return visit.redirect(home(visit) if staying else "/login")


@page("POST", "/account/switch", signed_in=True, always=True)
async def switch(visit: Visit) -> Response:
    """Make another of the accounts that are signed in in this browser the current one."""
    held = await held_sessions(visit.db, visit.cookies)
    wanted = visit.form.get("account", "")
    chosen = [one.token for one in held if str(one.session.account_id) == wanted]
    then = local_path(visit.form.get("then"), home(visit))
    if not chosen:
        return visit.redirect(going_on_to("/login?add=1", then))
    keep_tokens(visit, [*chosen, *(one.token for one in held if one.token not in chosen)])
    return visit.redirect(then)
