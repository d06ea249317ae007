"""Refusals of this room."""

from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _

OWN_AFFILIATE = "An account cannot be its own affiliate."


class Refused(Invalid):
    """A value of an account is wrong; `field` names it."""


class UsernameTaken(Conflict):
    """Somebody has this username already, in this or another case."""

    def __init__(self) -> None:
        super().__init__(_("This username is taken. Please choose another one."), field="username")


class EmailTaken(Conflict):
    """Another account has confirmed this address. Told to operators and to whoever reads the address's mail: to others it would say who
    has an account.
    """

    def __init__(self) -> None:
        super().__init__(_("Another account has confirmed this email address."), field="email")


class LinkUnknown(NotFound):
    """The link of a letter is used, too old, of another account, or of an address that is not the account's any more."""

    def __init__(self) -> None:
        super().__init__(_("This link does not hold any more, or it was sent for another account."))


class PasswordChanged(Conflict):
    """The password is not any more the one that was just checked (SR-321)."""

    def __init__(self) -> None:
        super().__init__(_("The password was changed meanwhile. Please sign in again."))


class NobodyThere(NotFound):
    """The account is gone."""

    def __init__(self) -> None:
        super().__init__(_("There is no such account."))


class OperatorStays(Conflict):
    """Whoever governs the installation does not go away with their account."""

    def __init__(self) -> None:
        super().__init__(
            _("An operator's account cannot be deactivated. Another operator has to take that role away first.")
        )
