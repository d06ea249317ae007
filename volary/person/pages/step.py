"""The second step of a sign-in: a code or a passkey, after the right password; and signing in with a passkey alone."""

from volary.factors.errors import PasskeyRefused
from volary.kit.errors import Refusal
from volary.person.pages.entrance import refused, show_step
from volary.person.pages.going import home, with_retry
from volary.sessions.actions.by_passkey import party_at, sign_in_by_passkey
from volary.sessions.actions.stepping import Answer, finish_step
from volary.sessions.errors import BrowserFull, StepGone, TooManyGuesses
from volary.sessions.rules.arrivals import arrival_of
from volary.sessions.rules.browsers import enter
from volary.web import Form, Response, Visit, local_path, page


@page("POST", "/login/second-step", always=True)
async def step(visit: Visit) -> Response:
    """Check the code or the passkey, and open the session. What took too long begins anew with the password."""
    form, arrival = Form(visit), arrival_of(visit)
    arrival.look()
    answer = Answer(form["step"], form["code"], form["passkey"])
    then = local_path(form["then"], home(visit))
    try:
        done = await visit.db.write(finish_step, answer, visit.binding, arrival, party_at(visit))
    except StepGone as gone:
        return refused(visit, form, then, gone)
    except (TooManyGuesses, PasskeyRefused, BrowserFull) as refusal:
        done = refusal
    if isinstance(done, Refusal):
        form.add(done)
        return with_retry(await show_step(visit, form, answer.step, then, status=done.status), done)
    enter(visit, done)
    return visit.redirect(then)


@page("POST", "/login/passkey", always=True)
async def by_passkey(visit: Visit) -> Response:
    """Open a session for whoever proved a passkey."""
    form, party = Form(visit), party_at(visit)
    then = local_path(form["then"], home(visit))
    try:
        if party is None:
            raise PasskeyRefused("no passkeys at this address")
        opened = await sign_in_by_passkey(visit.db, party, form["passkey"], visit.binding, arrival_of(visit))
    except (PasskeyRefused, BrowserFull) as refusal:
        return refused(visit, form, then, refusal)
    enter(visit, opened)
    return visit.redirect(then)
