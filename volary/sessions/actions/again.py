"""Asking for the password again: before what cannot be taken back, a session whose password was entered long ago is asked for it (SR-163).

The page that asks keeps what was sent in hidden fields and sends it to the same address once more, so nothing that was typed is lost
and no script is needed. A right password makes the session fresh, under a new token, and what was wanted is done in the same request.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.clock import MINUTE
from volary.sessions.actions.renewing import prove_again
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.queries import held_sessions, password_entered_at
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import keep_tokens
from volary.web import Form, Response, Visit

FIELD = "password_again"

Handler = Callable[[Visit], Awaitable[Response]]


def proven_by(why: str, *, back: str) -> Callable[[Handler], Handler]:
    """A decorator that stands below `@page`: a form is carried out only for whoever entered the account's password lately.

    The page that asks says `why` (a catalogue sentence of the room); *Cancel* leads `back`.
    """

    def ask(visit: Visit, form: Form, status: int) -> Response:
        """The page that asks; it says what was sent only to the browser that sent it."""
        sent, path = visit.form, visit.request.scope["path"]
        return visit.render("sessions/proof.html", status, form=form, sent=sent, path=path, why=why, back=back)

    def proven(handler: Handler) -> Handler:
        @wraps(handler)
        async def asked(visit: Visit) -> Response:
            password = visit.form.pop(FIELD, None)
            if not await _is_due(visit):
                return await handler(visit)
            form = Form(visit)
            if password is None:
                return ask(visit, form, 403)
            try:
                await _prove(visit, password)
            except (WrongPassword, TooManyGuesses) as refusal:
                form.refuse(FIELD, refusal.message, **refusal.parameters)
                return ask(visit, form, refusal.status)
            return await handler(visit)

        return asked

    return proven


async def _is_due(visit: Visit) -> bool:
    entered = await password_entered_at(visit.db, visit.me.account_id, visit.me.session_id)
    return visit.db.now - entered >= visit.settings.confirm_after * MINUTE


async def _prove(visit: Visit, password: str) -> None:
    """Check the password and renew the session. Raises WrongPassword, TooManyGuesses; Busy when no hash can be computed now."""
    hasher = visit.resources[PasswordHasher]
    proof = await check_password(visit.db, hasher, visit.me.username, password, arrival_of(visit))
    token = await visit.db.write(prove_again, proof, visit.me.session_id)
    held = await held_sessions(visit.db, visit.cookies)
    keep_tokens(visit, [token, *(one.token for one in held)])
