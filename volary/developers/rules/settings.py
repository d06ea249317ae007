"""An App's details and its user authentication settings, as values that are checked as a whole (C169 to C172, C187 to C197)."""

import msgspec

from volary.access.levels import Level
from volary.developers.rules import texts
from volary.developers.rules.callbacks import check_callbacks
from volary.developers.rules.links import link
from volary.kit.errors import Invalid
from volary.language import mark as _

NATIVE, SINGLE_PAGE, WEB, BOT = "native", "spa", "web", "bot"

TYPES = {
    NATIVE: _("Native App"),
    SINGLE_PAGE: _("Single page App"),
    WEB: _("Web App"),
    BOT: _("Automated App or bot"),
}
"""The types of App for OAuth 2.0, with their labels (C194)."""

CONFIDENTIAL = frozenset({WEB, BOT})
"""The types that can keep a client secret (C195, C196)."""

LEVELS = {
    Level.READ: _("Read only"),
    Level.READ_WRITE: _("Read and write"),
    Level.DIRECT_MESSAGES: _("Read, write and access Direct Messages"),
}
"""The three permission levels with the developer side's labels (C199, contradiction 12)."""

_NO_TYPE = _("Choose the type of App for OAuth 2.0.")
_EMAIL_NEEDS = {
    "terms_url": _("To ask for email addresses, the App needs a Terms of Service URL."),
    "privacy_url": _("To ask for email addresses, the App needs a Privacy Policy URL."),
}


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What *App details* holds, but for the icon."""

    name: str
    description: str = ""
    website: str = ""
    callbacks: tuple[str, ...] = ()
    terms_url: str = ""
    privacy_url: str = ""
    organization: str = ""
    organization_url: str = ""
    use_case: str = ""


class Authentication(msgspec.Struct, frozen=True, kw_only=True):
    """What *User authentication settings* holds. The defaults are the narrowest that can do anything (C201)."""

    oauth1: bool = True
    level: Level = Level.READ
    email: bool = False
    sign_in: bool = True
    oauth2: bool = False
    type: str | None = None
    pkce_plain: bool = True
    any_port: bool = False
    one_family: bool = False


def checked_details(details: Details) -> Details:
    """The details as they will be kept. Raises Invalid, BadAddress or TooManyCallbacks, which name the field."""
    return Details(
        name=texts.app_name(details.name),
        description=texts.text(details.description, "description", texts.DESCRIPTION),
        website=link(details.website, "website"),
        callbacks=check_callbacks(details.callbacks),
        terms_url=link(details.terms_url, "terms_url"),
        privacy_url=link(details.privacy_url, "privacy_url"),
        organization=texts.text(details.organization, "organization", texts.ORGANIZATION),
        organization_url=link(details.organization_url, "organization_url"),
        use_case=texts.text(details.use_case, "use_case", texts.USE_CASE),
    )


def check_authentication(wanted: Authentication) -> None:
    """Refuse OAuth 2.0 without a known type of App (C194). Raises Invalid."""
    if wanted.type not in TYPES and (wanted.oauth2 or wanted.type is not None):
        raise Invalid(_NO_TYPE, field="oauth2_type")


def check_email_permission(terms_url: str, privacy_url: str) -> None:
    """Refuse the email permission while either link is missing, naming the one (C064, contradiction 29). Raises Invalid."""
    for field, url in (("terms_url", terms_url), ("privacy_url", privacy_url)):
        if not url:
            raise Invalid(_EMAIL_NEEDS[field], field=field)
