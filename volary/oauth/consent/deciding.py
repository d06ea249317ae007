"""The answer to the page. It carries the request's token, the decision and the account; what the app asked for is read from the store,
never from the browser again (SR-123).
"""

from starlette.responses import Response

from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Tx
from volary.factors.errors import PasskeyRefused
from volary.factors.rules.passkeys import Party
from volary.kit.errors import Invalid, Refusal
from volary.kit.secrets import digest
from volary.language import mark as _
from volary.oauth import pending
from volary.oauth.asking import AS_ASKED, Choice, Outcome, Request
from volary.oauth.consent.answering import answered, gone
from volary.oauth.consent.kinds import FORM_EXPIRED
from volary.oauth.consent.limiting import choice_of
from volary.oauth.consent.protocols import finish_of
from volary.oauth.consent.showing import needs_password, show
from volary.sessions.actions.by_passkey import party_at
from volary.sessions.actions.sign_in import Proof, check_password, open_session
from volary.sessions.actions.stepping import Answer, asked, begin_step, prove_step
from volary.sessions.errors import BrowserFull, SecondStepDue, StepGone, TooManyGuesses, WrongPassword
from volary.sessions.rules.arrivals import Arrival, arrival_of
from volary.sessions.rules.browsers import Opened, enter
from volary.web import Form, SignedIn, Visit
from volary.web.problems import FormRefused

ALLOW, CANCEL = "allow", "cancel"

_UNDECIDED = _("Please choose one of the two buttons.")


class ConsentExpired(FormRefused):
    """The answer to a request that this browser cannot be shown anew."""

    kind = FORM_EXPIRED
    back = None


async def decide(visit: Visit) -> Response:
    """Carry out a decision. Raises PageRefusal when the App may not ask any more, Invalid for a form that decides nothing."""
    token = visit.form.get("request", "")
    request = await pending.look(visit.db, token, digest(visit.binding))
    if request is None:
        return await gone(visit, token)
    decision = visit.form.get("decision")
    if decision == CANCEL:
        return await _settled(visit, request, token, None, None)
    if decision != ALLOW:
        raise Invalid(_UNDECIDED)
    if "step" in visit.form:
        return await _stepped_and_settled(visit, request, token)
    if needs_password(visit, request):
        return await _entered_and_settled(visit, request, token)
    account = _chosen(visit)
    if account is None:
        return await show(visit, request, token, again=True, status=403)
    return await _settled(visit, request, token, account.account_id, choice_of(visit, request))


async def ask_again(visit: Visit) -> Response:
    """For an answer whose form belongs to another session: show the request anew to whoever is signed in now, and do nothing (SR-137).

    Only the browser that was shown the request gets it again: one that still holds the session in which it was shown. Raises FormRefused.
    """
    token = visit.form.get("request", "")
    here = digest(visit.binding)
    for binding in (visit.binding, *(visit.binding_of(account) for account in visit.accounts)):
        request = await pending.look(visit.db, token, digest(binding))
        if request is not None:
            if digest(binding) != here:
                await visit.db.write(pending.rebind, token, digest(binding), here)
            return await show(visit, request, token, again=True, status=403)
    raise ConsentExpired(FORM_EXPIRED.about, why="the form's token belongs to another session, and so does the request")


def _chosen(visit: Visit) -> SignedIn | None:
    """The account that the form names, if it is signed in in this browser."""
    named = visit.form.get("account")
    return next((account for account in visit.accounts if str(account.account_id) == named), None)


async def _settled(
    visit: Visit, request: Request, token: str, account_id: int | None, choice: Choice | None
) -> Response:
    """Carry out what was chosen; None declines."""
    outcome = await visit.db.write(
        settle, token, digest(visit.binding), account_id, choice=choice, address=visit.address
    )
    return await gone(visit, token) if outcome is None else await answered(visit, request.app_id, outcome)


async def settle(
    tx: Tx, token: str, bound_to: bytes, account_id: int | None, *, choice: Choice | None, address: str
) -> Outcome | None:
    """Take the stored request and finish it, in one action; without a choice it is declined. None when another press was first (SR-126)."""
    request = await pending.take(tx, token, bound_to)
    if request is None:
        return None
    finish = finish_of(request.protocol)
    return await finish(
        tx, request, account_id, approved=choice is not None, address=address, choice=choice or AS_ASKED
    )


async def _entered_and_settled(visit: Visit, request: Request, token: str) -> Response:
    """*Sign in and authorize app* is one press (C024): a right password opens a session and grants; a wrong one consumes nothing."""
    form = Form(visit)
    arrival = arrival_of(visit)
    login, password = form.text("login"), form["password"]
    try:
        proof = await check_password(visit.db, visit.resources[PasswordHasher], login, password, arrival)
        choice = choice_of(visit, request)
        try:
            done = await visit.db.write(enter_and_settle, token, digest(visit.binding), proof, arrival, choice)
        except SecondStepDue:
            sealed = await visit.db.write(begin_step, proof, visit.binding)
            return await _asked_for_step(visit, request, token, Form(visit, {}), sealed)
    except (WrongPassword, TooManyGuesses, BrowserFull) as refusal:
        return await _asked_for_password_again(visit, request, token, form, refusal)
    return await _entered(visit, request, token, done)


async def _entered(visit: Visit, request: Request, token: str, done: tuple[Opened, Outcome] | None) -> Response:
    if done is None:
        return await gone(visit, token)
    opened, outcome = done
    enter(visit, opened)
    return await answered(visit, request.app_id, outcome)


async def enter_and_settle(
    tx: Tx, token: str, bound_to: bytes, proof: Proof, arrival: Arrival, choice: Choice
) -> tuple[Opened, Outcome] | None:
    """Open a session for whoever proved the password, and finish the request as that account, in one action."""
    request = await pending.take(tx, token, bound_to)
    if request is None:
        return None
    opened = await open_session(tx, proof, arrival)
    finish = finish_of(request.protocol)
    outcome = await finish(tx, request, opened.account_id, approved=True, address=arrival.address, choice=choice)
    return opened, outcome


async def _stepped_and_settled(visit: Visit, request: Request, token: str) -> Response:
    """The second step, on the page of the request that still waits (C024): a wrong code consumes nothing."""
    form, arrival = Form(visit), arrival_of(visit)
    arrival.look()
    answer = Answer(form["step"], form["code"], form["passkey"])
    try:
        choice, party = choice_of(visit, request), party_at(visit)
        done = await visit.db.write(step_and_settle, token, visit.binding, answer, arrival, party, choice)
    except StepGone as gone_step:
        form.refuse(None, gone_step.message)
        return await show(visit, request, token, form=form, status=gone_step.status)
    except (TooManyGuesses, PasskeyRefused, BrowserFull) as refusal:
        done = refusal
    if isinstance(done, Refusal):
        form.add(done)
        return await _asked_for_step(visit, request, token, form, answer.step, done)
    return await _entered(visit, request, token, done)


async def step_and_settle(
    tx: Tx, token: str, bound_to: str, answer: Answer, arrival: Arrival, party: Party | None, choice: Choice
) -> tuple[Opened, Outcome] | Refusal | None:
    """Finish the sign-in that its first step began, and the request with it, in one action; the refusal of a wrong code is returned."""
    proof = await prove_step(tx, answer, bound_to, arrival, party)
    if isinstance(proof, Refusal):
        return proof
    return await enter_and_settle(tx, token, digest(bound_to), proof, arrival, choice)


async def _asked_for_step(
    visit: Visit, request: Request, token: str, form: Form, sealed: str, refusal: Refusal | None = None
) -> Response:
    step = await asked(visit.db, party_at(visit), sealed, visit.binding)
    answer = await show(visit, request, token, form=form, step=step, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooManyGuesses):
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer


async def _asked_for_password_again(
    visit: Visit, request: Request, token: str, form: Form, refusal: Refusal
) -> Response:
    field = "password" if isinstance(refusal, WrongPassword) else refusal.field
    form.refuse(field, refusal.message, **refusal.parameters)
    answer = await show(visit, request, token, form=form, status=refusal.status)
    if isinstance(refusal, TooManyGuesses):
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer
