"""Taking an account back: locking it, by the link of a letter or signed in, the way back, and securing it (C094, C097, C101)."""

from volary.accounts.errors import PasswordChanged, Refused
from volary.accounts.queries import account_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.errors import Refusal
from volary.language import mark as _
from volary.person.actions.locking import lock_by_letter, lock_own, open_again, secure
from volary.person.errors import LockLinkGone, NoWayBack
from volary.person.forms import check_new_password
from volary.person.pages.account import WRONG_CURRENT
from volary.person.pages.going import with_retry
from volary.sessions.actions.locking import Link, lock_link, way_back
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.queries import held_sessions
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import keep_tokens
from volary.sessions.rules.guesses import network_of
from volary.web import Form, Response, Visit, page

PATH, LOCK, BACK, REVIEW = "/settings/compromised", "/account/lock", "/account/unlock", "/settings/review"
OPEN = _("Your account is open again. Sign in with your new password.")
SECURED = _("You have a new password. You are logged out everywhere else, and no app acts for you any more.")
_LONGEST = 100


@page("GET", PATH, signed_in=True)
async def compromised(visit: Visit) -> Response:
    """What to do: a new password that ends everything else, or the lock."""
    return await _shown(visit, Form(visit))


@page("POST", PATH, signed_in=True, always=True)
async def secure_now(visit: Visit) -> Response:
    """A new password; every other session and every app ends. Then what apps did is looked through."""
    form = Form(visit)
    me = await account_by_id(visit.db, visit.me.account_id)
    check_new_password(form, form["password"], *((me.username, me.name, me.email or "") if me else ()))
    if not form.good:
        return await _shown(visit, form, 400)
    hasher = visit.resources[PasswordHasher]
    try:
        proof = await check_password(visit.db, hasher, visit.me.username, form["current_password"], arrival_of(visit))
        new_hash = await hasher.hash(form["password"], network_of(visit.address))
        token, _apps = await visit.db.write(secure, proof, new_hash, visit.me.session_id, visit.address)
    except WrongPassword:
        form.refuse("current_password", WRONG_CURRENT)
        return await _shown(visit, form, 400)
    except (TooManyGuesses, PasswordChanged, Refused) as refusal:
        form.add(refusal)
        return with_retry(await _shown(visit, form, refusal.status), refusal)
    held = await held_sessions(visit.db, visit.cookies)
    keep_tokens(visit, [token, *(one.token for one in held)])
    return visit.redirect(REVIEW, notice=SECURED)


@page("POST", PATH + "/lock", signed_in=True, always=True)
async def lock_mine(visit: Visit) -> Response:
    """Lock the account of whoever is signed in. What protects asks for no password."""
    try:
        username = await visit.db.write(lock_own, visit.me.account_id, visit.address)
    except NoWayBack as refusal:
        form = Form(visit)
        form.add(refusal)
        return await _shown(visit, form, refusal.status)
    held = await held_sessions(visit.db, visit.cookies)
    keep_tokens(visit, [one.token for one in held])
    return _locked(visit, username)


@page("GET", LOCK)
async def ask_to_lock(visit: Visit) -> Response:
    """Where a letter's “This was not me” leads. It asks for a press: mail programs open links by themselves."""
    link = await lock_link(visit.db, _token(visit.query))
    return await _asked(visit, link, "person/lock.html", _token(visit.query))


@page("POST", LOCK, always=True)
async def lock(visit: Visit) -> Response:
    """Lock the account that the letter was about."""
    try:
        username = await visit.db.write(lock_by_letter, _token(visit.form), visit.address)
    except LockLinkGone as gone:
        return _gone(visit, gone)
    return _locked(visit, username)


@page("GET", BACK)
async def ask_for_password(visit: Visit) -> Response:
    """The way back: a new password."""
    link = await way_back(visit.db, _token(visit.query))
    return await _asked(visit, link, "person/unlock.html", _token(visit.query))


@page("POST", BACK, always=True)
async def unlock(visit: Visit) -> Response:
    """Open the account again, under a new password; its owner signs in anew, with all that it asks for."""
    form, token = Form(visit), _token(visit.form)
    link = await way_back(visit.db, token)
    account = None if link is None else await account_by_id(visit.db, link.account_id)
    if account is None:
        return _gone(visit, LockLinkGone())
    check_new_password(form, form["password"], account.username, account.name, account.email or "")
    try:
        if form.good:
            new_hash = await visit.resources[PasswordHasher].hash(form["password"], network_of(visit.address))
            username = await visit.db.write(open_again, token, new_hash, visit.address)
            return visit.redirect(f"/login?username={username}&then={REVIEW}", notice=OPEN)
    except Refused as refusal:
        form.add(refusal)
    except (LockLinkGone, PasswordChanged) as gone:
        return _gone(visit, gone)
    return visit.render("person/unlock.html", 400, username=account.username, token=token, form=form)


def _token(fields: dict[str, str]) -> str:
    return fields.get("token", "")[:_LONGEST]


async def _asked(visit: Visit, link: Link | None, template: str, token: str) -> Response:
    account = None if link is None else await account_by_id(visit.db, link.account_id)
    if account is None:
        return _gone(visit, LockLinkGone())
    return visit.render(template, username=account.username, token=token, form=Form(visit))


def _gone(visit: Visit, refusal: Refusal) -> Response:
    return visit.problem(refusal.status, visit.t(refusal.message), way=("/help/compromised-accounts", _WAY))


def _locked(visit: Visit, username: str) -> Response:
    return visit.render("person/locked.html", username=username)


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    me = await account_by_id(visit.db, visit.me.account_id)
    confirmed = me is not None and me.email is not None and me.email_confirmed_at is not None
    return visit.render("person/compromised.html", status, form=form, confirmed=confirmed)


_WAY = _("Compromised accounts")
