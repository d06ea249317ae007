"""*Passkeys*: adding, naming and removing what signs somebody in without a password."""

from volary.factors.actions.passkeys import add_passkey, name_passkey
from volary.factors.errors import PasskeyRefused, PasskeyUnknown, TooManyPasskeys
from volary.factors.queries import authenticator_of, passkeys_of, second_step_since
from volary.factors.rules.challenges import ADD, new_challenge
from volary.factors.rules.passkeys import LONGEST_NAME, asked_to_add
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.person.pages.proof import proven
from volary.sessions.actions.by_passkey import party_at
from volary.sessions.actions.proving import drop_passkey
from volary.sessions.queries import held_sessions
from volary.sessions.rules.browsers import keep_tokens
from volary.sessions.rules.devices import device_of
from volary.web import Form, Response, Visit, page

PATH = "/settings/passkeys"
ADDED = _("The passkey was added. You can sign in with it from now on.")
NAMED = _("The passkey has another name now.")
REMOVED = _("The passkey was removed. You are logged out everywhere else.")
REMOVED_AND_OFF = _(
    "The passkey was removed, and two-factor authentication with it. You are logged out everywhere else."
)


@page("GET", PATH, signed_in=True)
async def passkeys(visit: Visit) -> Response:
    """The passkeys that there are; making another one begins with a press."""
    return await _shown(visit, Form(visit))


@page("POST", PATH + "/new", signed_in=True, always=True)
@proven
async def new(visit: Visit) -> Response:
    """Ask the browser to make one. Nothing is written down yet."""
    party, me = party_at(visit), visit.me
    if party is None:
        return visit.redirect(PATH)
    device = device_of(visit.user_agent)
    suggested = device.system or device.browser
    held = [row.credential_id for row in await passkeys_of(visit.db, me.account_id)]
    challenge = new_challenge(visit.db.keys, ADD, visit.binding, visit.db.now)
    options = asked_to_add(party, challenge, me.account_id, me.username, me.name, held)
    return visit.render("person/passkey_new.html", options=options, suggested=suggested, longest=LONGEST_NAME)


@page("POST", PATH + "/add", signed_in=True, always=True)
async def add(visit: Visit) -> Response:
    """Keep the passkey that the browser made; only a page that took the password could ask for it."""
    form, party = Form(visit), party_at(visit)
    try:
        if party is None:
            raise PasskeyRefused("no passkeys at this address")
        await visit.db.write(add_passkey, party, visit.me.account_id, form.text("name"), form["passkey"], visit.binding)
    except (PasskeyRefused, TooManyPasskeys) as refusal:
        form.add(refusal)
        return await _shown(visit, form, refusal.status)
    return visit.redirect(PATH, notice=ADDED)


@page("POST", PATH + "/{passkey_id}/name", signed_in=True)
async def name(visit: Visit) -> Response:
    """Call one something else. Raises PasskeyUnknown."""
    await visit.db.write(name_passkey, visit.me.account_id, _named(visit), visit.form.get("name", ""))
    return visit.redirect(PATH, notice=NAMED)


@page("GET", PATH + "/{passkey_id}/remove", signed_in=True)
async def ask_to_remove(visit: Visit) -> Response:
    """What removing it means, and the button. Raises PasskeyUnknown."""
    passkey_id, account_id = _named(visit), visit.me.account_id
    held = await passkeys_of(visit.db, account_id)
    found = next((row for row in held if row.id == passkey_id), None)
    if found is None:
        raise PasskeyUnknown
    asked_for = await second_step_since(visit.db, account_id) is not None
    last = asked_for and len(held) == 1 and await authenticator_of(visit.db, account_id) is None
    return visit.render("person/passkey_remove.html", passkey=found, last=last)


@page("POST", PATH + "/{passkey_id}/remove", signed_in=True, always=True)
async def remove(visit: Visit) -> Response:
    """Remove one, and end the account's other sessions: whoever has the device may be in one. What protects asks for no password."""
    token, off = await visit.db.write(
        drop_passkey, visit.me.account_id, visit.me.session_id, _named(visit), visit.address
    )
    held = await held_sessions(visit.db, visit.cookies)
    keep_tokens(visit, [token, *(one.token for one in held)])
    return visit.redirect(PATH, notice=REMOVED_AND_OFF if off else REMOVED)


def _named(visit: Visit) -> int:
    return id_in(visit.path["passkey_id"]) or 0


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    rows = await passkeys_of(visit.db, visit.me.account_id)
    return visit.render(
        "person/passkeys.html", status, form=form, passkeys=rows, here=party_at(visit) is not None, longest=LONGEST_NAME
    )
