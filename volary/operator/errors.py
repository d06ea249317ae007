"""Refusals of this room."""

from volary.kit.errors import Conflict, NotFound
from volary.language import mark as _


class NotAnOperator(NotFound):
    """Whoever acts governs nothing (any more); the console is not there for them."""

    def __init__(self, account_id: int) -> None:
        super().__init__(_("There is nothing here."), why=f"account {account_id} is no operator")


class NobodyHere(NotFound):
    """No such account or App."""

    def __init__(self) -> None:
        super().__init__(_("There is no such account or App."))


class Unlockable(Conflict):
    """An operator's account is not locked from the console, so that no operator shuts the others out."""

    def __init__(self) -> None:
        super().__init__(
            _("This account is an operator’s. Whoever runs the server removes an operator at the command line first.")
        )


class SameState(Conflict):
    """Somebody did it already."""

    def __init__(self) -> None:
        super().__init__(_("That is done already."))
