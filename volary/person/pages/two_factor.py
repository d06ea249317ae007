"""*Two-factor authentication*: an authenticator app or a passkey after the password, and the codes for when neither is at hand.

Switching it on or off ends the account's other sessions: they were opened under the other rule (decision 0048, ASVS 7.4.3).
"""

from volary.factors.actions.steps import opened_set_up, sealed_set_up
from volary.factors.errors import SetUpStale, WrongCode
from volary.factors.queries import authenticator_of, passkeys_of, recovery_codes_left, second_step_since
from volary.factors.rules.codes import address_of, new_secret, picture_of
from volary.kit.errors import Refusal
from volary.language import mark as _
from volary.person.pages.going import with_retry
from volary.person.pages.proof import proven
from volary.sessions.actions.proving import renew_recovery_codes, start_codes, start_passkeys, stop_second_step
from volary.sessions.errors import TooManyGuesses
from volary.sessions.queries import held_sessions
from volary.sessions.rules.arrivals import Arrival, arrival_of
from volary.sessions.rules.browsers import keep_tokens
from volary.web import Form, Response, Visit, page

PATH = "/settings/two-factor"
OFF = _("Two-factor authentication is off. You are logged out everywhere else.")


@page("GET", PATH, signed_in=True)
async def two_factor(visit: Visit) -> Response:
    """Whether it is on, and what to do about it."""
    return await _shown(visit, Form(visit))


@page("POST", PATH + "/set-up", signed_in=True, always=True)
@proven
async def set_up(visit: Visit) -> Response:
    """Show a new secret, as a picture and as text, and ask for the first code."""
    if await authenticator_of(visit.db, visit.me.account_id) is not None:
        return visit.redirect(PATH)
    return _being_set_up(visit, Form(visit), new_secret())


@page("POST", PATH + "/confirm", signed_in=True, always=True)
async def confirm(visit: Visit) -> Response:
    """Switch it on, if the code shows that the app has the secret."""
    form, me = Form(visit), visit.me
    try:
        secret = opened_set_up(visit.db.keys, me.account_id, me.session_id, form["set_up"], visit.db.now)
    except SetUpStale as stale:
        return visit.redirect(PATH, notice=stale.message)
    try:
        token, codes = await visit.db.write(
            start_codes, me.account_id, me.session_id, secret, form["code"], visit.address
        )
    except WrongCode as wrong:
        form.add(wrong)
        return _being_set_up(visit, form, secret, wrong.status)
    except SetUpStale as stale:
        return visit.redirect(PATH, notice=stale.message)
    return await _codes_once(visit, codes, token)


@page("POST", PATH + "/passkeys", signed_in=True, always=True)
@proven
async def ask_for_passkeys(visit: Visit) -> Response:
    """Ask for a passkey after the password from now on."""
    me = visit.me
    try:
        token, codes = await visit.db.write(start_passkeys, me.account_id, me.session_id, visit.address)
    except SetUpStale as stale:
        return visit.redirect(PATH, notice=stale.message)
    return await _codes_once(visit, codes, token)


@page("POST", PATH + "/codes", signed_in=True, always=True)
@proven
async def new_codes(visit: Visit) -> Response:
    """New recovery codes in the place of the old ones."""
    try:
        codes = await visit.db.write(renew_recovery_codes, visit.me.account_id)
    except SetUpStale as stale:
        return visit.redirect(PATH, notice=stale.message)
    return await _codes_once(visit, codes)


@page("POST", PATH + "/off", signed_in=True, always=True)
@proven
async def switch_off(visit: Visit) -> Response:
    """Switch it off, for whoever has a code or a recovery code: a session alone, somebody else's perhaps, does not."""
    form, me = Form(visit), visit.me
    try:
        done = await visit.db.write(stop_second_step, me.account_id, me.session_id, form["code"], _arrival(visit))
    except TooManyGuesses as refusal:
        done = refusal
    if isinstance(done, Refusal):
        form.add(done)
        return with_retry(await _shown(visit, form, done.status), done)
    await _hold(visit, done)
    return visit.redirect(PATH, notice=OFF)


def _arrival(visit: Visit) -> Arrival:
    arrival = arrival_of(visit)
    arrival.look()
    return arrival


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    db, account_id = visit.db, visit.me.account_id
    return visit.render(
        "person/two_factor.html",
        status,
        form=form,
        since=await second_step_since(db, account_id),
        authenticator=await authenticator_of(db, account_id),
        passkeys=await passkeys_of(db, account_id),
        codes_left=await recovery_codes_left(db, account_id),
    )


def _being_set_up(visit: Visit, form: Form, secret: str, status: int = 200) -> Response:
    address = address_of(secret, visit.me.username, visit.settings.site_name)
    sealed = sealed_set_up(visit.db.keys, visit.me.account_id, visit.me.session_id, secret, visit.db.now)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return visit.render(
        "person/two_factor_set_up.html",
        status,
        form=form,
        picture=picture_of(address),
        address=address,
        secret=" ".join(groups),
        sealed=sealed,
    )


async def _codes_once(visit: Visit, codes: list[str], token: str | None = None) -> Response:
    """New recovery codes, which no other page shows again; the session goes on under a new token where it has one."""
    if token is not None:
        await _hold(visit, token)
    return visit.render("person/recovery_codes.html", codes=codes, switched_on=token is not None)


async def _hold(visit: Visit, token: str) -> None:
    held = await held_sessions(visit.db, visit.cookies)
    keep_tokens(visit, [token, *(one.token for one in held)])
