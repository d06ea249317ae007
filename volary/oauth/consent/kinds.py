"""What can go wrong on the consent pages, kind by kind: told on the page itself and listed by the help pages.

The codes go by the parameter that is wrong. An unknown App, one that was deleted and one that is suspended are told alike (SR-005).
"""

from volary.language import mark as _
from volary.oauth.errors import NOT_CONNECTED
from volary.web.kinds import Kind

_HEADING = _("Something went wrong")
_TELL = _(
    "You did nothing wrong, and nothing was connected. Trying again will not help: please send the app’s makers the "
    "details below, under “For developers”."
)
_START_AGAIN = _("Nothing was connected. Go back to the app and start again there.")

INVALID = Kind(400, "invalid-authorization-request", _HEADING, NOT_CONNECTED, _TELL)
BY_PARAMETER = {
    "client_id": Kind(
        400,
        "client-not-known",
        _HEADING,
        NOT_CONNECTED,
        _TELL,
        _(
            "There has to be one client_id, of an App that is active and has OAuth 2.0 switched on (RFC 6749, section 2.2)."
        ),
    ),
    "redirect_uri": Kind(
        400,
        "callback-not-listed",
        _HEADING,
        _("The app gave us a return address that is not registered, so we do not send you there."),
        _TELL,
        _(
            "There has to be one redirect_uri, and it has to equal a callback URL of the App letter by letter "
            "(RFC 6749, section 3.1.2; RFC 9700, section 2.1)."
        ),
    ),
    "oauth_token": Kind(
        400,
        "request-token-not-valid",
        _HEADING,
        _("The request of the app is unknown to us, was answered already, or is too old."),
        _START_AGAIN,
        _(
            "There has to be one oauth_token, got from oauth/request_token a few minutes ago and not answered yet, of an App "
            "that is active and has OAuth 1.0a switched on (RFC 5849, section 2.2)."
        ),
    ),
}
"""The kinds of errors by the parameter that is wrong."""

MISTAKEN = Kind(
    400,
    "app-made-a-mistake",
    _HEADING,
    _("The app asked for access in a way that we cannot answer."),
    _("You did nothing wrong, and nothing was connected. Go back only if you came from there."),
    _("The callback URL gets an error with a description of what is wrong (RFC 6749, section 4.1.2.1)."),
)
ANSWERED = Kind(
    400,
    "request-answered",
    _("This request was already answered"),
    _("Each request of an app can be answered once, and this one was, perhaps by a second press of the button."),
    _("Look in the app: you may be connected already. If you are not, start again there."),
    way=("/settings/apps", _("Apps and sessions")),
)
EXPIRED = Kind(
    400,
    "request-expired",
    _("This request has expired"),
    _("A request of an app can be answered for ten minutes."),
    _START_AGAIN,
)
FORM_EXPIRED = Kind(
    403,
    "consent-form-expired",
    _("This page is out of date"),
    _("Since this page was shown, somebody signed in or out in this browser, or its cookies were deleted."),
    _START_AGAIN,
)
KINDS = (*BY_PARAMETER.values(), INVALID, MISTAKEN, ANSWERED, EXPIRED, FORM_EXPIRED)
"""Every kind of error of the consent pages."""
