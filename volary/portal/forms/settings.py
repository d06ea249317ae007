"""What the portal's forms say, as the values that actions take. Fields that a form does not have cannot be set by sending them (SR-174)."""

from volary.access.levels import Level
from volary.developers.errors import (
    AppUnknown,
    BadAddress,
    InvitationUnknown,
    MemberUnknown,
    ProjectUnknown,
    TeamUnknown,
)
from volary.developers.models import AppRow
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Invalid, NotFound, Refusal
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.web import Form, Visit

DETAILS_LIMIT = 64 * 1024
"""How many bytes a form with ten callback URLs may have."""


def app_id_of(visit: Visit) -> int:
    """The App that the path names. Raises AppUnknown for what is no number."""
    return _number(visit.path["app_id"], AppUnknown)


def project_id_of(visit: Visit) -> int:
    """The Project that the path names. Raises ProjectUnknown for what is no number."""
    return _number(visit.path["project_id"], ProjectUnknown)


def team_id_of(visit: Visit) -> int:
    """The team that the path names. Raises TeamUnknown for what is no number."""
    return _number(visit.path["team_id"], TeamUnknown)


def chosen_team(text: str) -> int | None:
    """The team that a form or an address chooses; None for one's own. Raises TeamUnknown for what is no number."""
    return _number(text, TeamUnknown) if text else None


def invitation_id_of(visit: Visit) -> int:
    """The invitation that the path names. Raises InvitationUnknown for what is no number."""
    return _number(visit.path["invitation_id"], InvitationUnknown)


def account_id_of(visit: Visit) -> int:
    """The member that the path names. Raises MemberUnknown for what is no number."""
    return _number(visit.path["account_id"], MemberUnknown)


def chosen_project(form: Form) -> int | None:
    """The Project that a form chooses; None for a standalone App. Raises ProjectUnknown, and Invalid when nothing was chosen."""
    if form["project"] == "standalone":
        return None
    if not form["project"]:
        raise Invalid(_("Choose a Project, or a standalone App."), field="project")
    return _number(form["project"], ProjectUnknown)


def details_of(form: Form) -> Details:
    """*App details* as they were typed; one callback URL on each line."""
    return Details(
        name=form["name"],
        description=form["description"],
        website=form["website"],
        callbacks=tuple(line.strip(" ") for line in form["callbacks"].split("\n") if line.strip(" ")),
        terms_url=form["terms_url"],
        privacy_url=form["privacy_url"],
        organization=form["organization"],
        organization_url=form["organization_url"],
        use_case=form["use_case"],
    )


def values_of(app: AppRow, callbacks: list[str]) -> dict[str, str]:
    """*App details* as they are stored, for the form."""
    fields = (
        "name",
        "description",
        "website",
        "terms_url",
        "privacy_url",
        "organization",
        "organization_url",
        "use_case",
    )
    return {"callbacks": "\n".join(callbacks)} | {field: getattr(app, field) for field in fields}


def authentication_of(form: Form) -> Authentication:
    """*User authentication settings* as they were chosen. Raises Invalid for a level that is none."""
    try:
        level = Level.from_wire(form["level"])
    except ValueError:
        raise Invalid(_("Choose one of the three permission levels."), field="level") from None
    return Authentication(
        oauth1=form.checked("oauth1"),
        level=level,
        email=form.checked("email"),
        sign_in=form.checked("sign_in"),
        oauth2=form.checked("oauth2"),
        type=form["oauth2_type"] or None,
        pkce_plain=form.checked("pkce_plain"),
        any_port=form.checked("any_port"),
        one_family=form.checked("one_family"),
    )


def authentication_values(app: AppRow) -> dict[str, str]:
    """*User authentication settings* as they are stored, for the form."""
    flags = {
        "oauth1": app.oauth1_enabled,
        "email": app.email_permission,
        "sign_in": app.sign_in_enabled,
        "oauth2": app.oauth2_enabled,
        "pkce_plain": app.pkce_plain,
        "any_port": app.any_port,
        "one_family": app.one_family,
    }
    chosen = {"level": app.oauth1_level, "oauth2_type": app.oauth2_type or ""}
    return chosen | {name: "1" if on else "" for name, on in flags.items()}


def show(visit: Visit, form: Form, refusal: Refusal) -> int:
    """Put a refusal into its form, naming the callback URL that it is about; the status to answer with."""
    if isinstance(refusal, BadAddress) and refusal.field == "callbacks":
        form.errors.setdefault("callbacks", f"{refusal.url}: {visit.t(refusal.message, **refusal.parameters)}")
    else:
        form.add(refusal)
    return refusal.status


def _number(text: str, unknown: type[NotFound]) -> int:
    """A positive 64-bit number in its only spelling."""
    number = id_in(text)
    if not number or str(number) != text:
        raise unknown
    return number
