"""What OAuth refuses with, apart from OAuth 1.0a's numbered errors.

Refusal
├── NothingLeft      400   an app would be left without any permission; that is what revoking is for
├── EndPassed        400   the end of a grant lies in the past
├── PageRefusal      400   at the browser, before the way back is trusted: a page, never a redirect (RFC 6749 §4.1.2.1)
└── TokenRefusal           at the token endpoint: JSON, in X's words or in the RFC's; see `oauth2/errors.py`
"""

from collections.abc import Mapping

from volary.kit.errors import Invalid, Refusal
from volary.language import mark as _

NOT_CONNECTED = _("The app that sent you here could not be given access to your account.")


class NothingLeft(Invalid):
    """The person took back every permission of an app, and not its access."""

    def __init__(self) -> None:
        super().__init__(_("Leave the app at least one permission, or revoke its access."), field="scopes")


class EndPassed(Invalid):
    """The person set an end that is over already."""

    def __init__(self) -> None:
        super().__init__(_("Choose a day that is still to come."), field="until")


class PageRefusal(Refusal):
    """An authorization request that cannot be shown and must not be answered by a redirect.

    The page tells a person in plain words what kind of error it is (`consent/kinds.py`). Folded away, for the developer who sees it, stand
    the message, the parameter that was wrong (`field`), its rule, and the hint where there is one. It links to nothing that the request
    named (SR-001).
    """

    hint: str = ""
    hint_parameters: Mapping[str, str | int] = {}

    def __init__(
        self,
        message: str = NOT_CONNECTED,
        *,
        status: int = 400,
        field: str | None = None,
        why: str = "",
        **parameters: str | int,
    ) -> None:
        super().__init__(message, field=field, why=why, **parameters)
        self.status = status
