"""What the sign-in shows: the form for name and password, and the page of the second step."""

from volary.kit.errors import Refusal
from volary.person.pages.going import with_retry
from volary.sessions.actions.by_passkey import asked_to_sign_in, party_at
from volary.sessions.actions.stepping import asked
from volary.web import Form, Response, Visit


def show_sign_in(visit: Visit, form: Form, then: str, *, adding: bool, status: int = 200) -> Response:
    """The sign-in page. Where browsers have passkeys it offers to sign in with one."""
    party = party_at(visit)
    passkey = asked_to_sign_in(visit.db, party, visit.binding) if party else ""
    return visit.render("person/login.html", status, form=form, then=then, adding=adding, passkey=passkey)


def refused(visit: Visit, form: Form, then: str, refusal: Refusal) -> Response:
    """The sign-in page once more, with what was wrong."""
    form.add(refusal)
    answer = show_sign_in(visit, form, then, adding=form.checked("add"), status=refusal.status)
    return with_retry(answer, refusal)


async def show_step(visit: Visit, form: Form, sealed: str, then: str, *, status: int = 200) -> Response:
    """The page of the second step. Raises StepGone."""
    shown = await asked(visit.db, party_at(visit), sealed, visit.binding)
    return visit.render("person/step.html", status, form=form, asked=shown, then=then)
