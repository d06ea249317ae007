"""What OAuth refuses with, apart from OAuth 1.0a's numbered errors.

Refusal
├── PageRefusal      400   at the browser, before the way back is trusted: a page, never a redirect (RFC 6749 §4.1.2.1)
└── TokenRefusal           at the token endpoint: JSON, in X's words or in the RFC's; see `oauth2/errors.py`
"""

from collections.abc import Mapping

from volary.kit.errors import Refusal
from volary.language import mark as _

NOT_CONNECTED = _("The app could not be given access. Go back to it and try again.")


class PageRefusal(Refusal):
    """An authorization request that cannot be shown and must not be answered by a redirect.

    The page shows the heading, the message and, below it, for the developer who sees it, the parameter that was wrong (`field`) and the
    hint, where there is one. It links to nothing that the request named (SR-001).
    """

    hint: str = ""
    hint_parameters: Mapping[str, str | int] = {}

    def __init__(
        self,
        message: str = NOT_CONNECTED,
        *,
        heading: str = _("Something went wrong"),
        status: int = 400,
        field: str | None = None,
        why: str = "",
        **parameters: str | int,
    ) -> None:
        super().__init__(message, field=field, why=why, **parameters)
        self.heading = heading
        self.status = status
