"""Refusals of this room."""

from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _

MOST_PASSKEYS = 20


class WrongCode(Invalid):
    """The code is not one of this account's, was used before, or is too old."""

    def __init__(self) -> None:
        super().__init__(
            _("This code is not right, or it was used already. Wait for the next one, and try again."), field="code"
        )


class SetUpStale(Conflict):
    """What was being set up is not this account's, waited too long, or was set up meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This page is out of date. Please begin again."))


class PasskeyRefused(Invalid):
    """What a browser answered proves nothing: another site's, an old one's, or nobody's passkey."""

    def __init__(self, why: str) -> None:
        super().__init__(_("This passkey was not accepted. Please try again, or use another way."), why=why)


class TooManyPasskeys(Conflict):
    """As many as one account may have."""

    def __init__(self) -> None:
        super().__init__(_("An account has at most %(limit)s passkeys. Remove one of them first."), limit=MOST_PASSKEYS)


class PasskeyUnknown(NotFound):
    """No passkey of this account, or not any more."""

    def __init__(self) -> None:
        super().__init__(_("There is no such passkey, or not any more."))
