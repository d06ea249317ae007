"""Forgotten passwords: asking for a letter, and choosing a new password by its link."""

from volary.accounts.errors import PasswordChanged, Refused
from volary.accounts.rules.hashing import PasswordHasher
from volary.language import mark as _
from volary.person.actions import choose_password
from volary.person.forms import check_new_password
from volary.person.pages.going import with_retry
from volary.sessions.actions.resetting import ask_for_reset, reset_of
from volary.sessions.errors import ResetUnknown, TooManyResets
from volary.sessions.rules.guesses import network_of
from volary.web import Form, Response, Visit, page

FORGOT, RESET = "/login/forgot", "/login/reset"
_LONGEST = 100


@page("GET", FORGOT)
async def ask(visit: Visit) -> Response:
    """Which account it is about."""
    return _asked(visit, Form(visit, {"login": visit.query.get("username", "")[:_LONGEST]}))


@page("POST", FORGOT, always=True)
async def send(visit: Visit) -> Response:
    """Have a letter sent. The answer is the same whoever was named, and is there before anybody looked (SR-153)."""
    form = Form(visit)
    login = form.text("login")
    if not login:
        form.refuse("login", _("Enter your username or your email address."))
        return _asked(visit, form, 400)
    try:
        await visit.db.write(ask_for_reset, login[:320], visit.address, visit.language)
    except TooManyResets as refusal:
        form.add(refusal)
        return with_retry(_asked(visit, form, refusal.status), refusal)
    return visit.redirect(f"{FORGOT}?sent=1")


@page("GET", RESET)
async def choose(visit: Visit) -> Response:
    """What the link leads to. It is only looked at: mail programs open links by themselves."""
    token = visit.query.get("token", "")[:_LONGEST]
    try:
        whose = await reset_of(visit.db, token)
    except ResetUnknown as refusal:
        return _gone(visit, refusal)
    return visit.render("person/reset.html", form=Form(visit), token=token, username=whose.username)


@page("POST", RESET, always=True)
async def set_it(visit: Visit) -> Response:
    """Take the link and set the password. Nobody is signed in by it: a second step may be due (SR-161)."""
    form = Form(visit)
    token = form["token"][:_LONGEST]
    try:
        whose = await reset_of(visit.db, token)
        check_new_password(form, form["password"], whose.username, whose.name, whose.email)
        if not form.good:
            return visit.render("person/reset.html", 400, form=form, token=token, username=whose.username)
        try:
            new_hash = await visit.resources[PasswordHasher].hash(form["password"], network_of(visit.address))
        except Refused as refusal:
            form.add(refusal)
            return visit.render("person/reset.html", 400, form=form, token=token, username=whose.username)
        await visit.db.write(choose_password, token, new_hash, visit.address)
    except (ResetUnknown, PasswordChanged) as refusal:
        return _gone(visit, refusal)
    return visit.redirect(
        f"/login?username={whose.username}", notice=_("Your password was changed. Sign in with the new one.")
    )


def _asked(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render("person/forgot.html", status, form=form, sent="sent" in visit.query)


def _gone(visit: Visit, refusal: ResetUnknown | PasswordChanged) -> Response:
    form = Form(visit)
    form.add(refusal)
    return visit.render("person/forgot.html", refusal.status, form=form, sent=False)
