"""Refusals of this room."""

from volary.kit.errors import Conflict, NotFound, TooMany, Unauthenticated
from volary.language import mark as _


class WrongPassword(Unauthenticated):
    """Not this name and this password, or not an account that may sign in: nobody is told which (SR-153)."""

    def __init__(self, why: str) -> None:
        super().__init__(
            _("The username or email and the password do not match. Please check both and try again."), why=why
        )


class Away(WrongPassword):
    """The right password of an account that its owner deactivated. Who is not asked whether to come back meets a wrong password."""

    def __init__(self, account_id: int, password_hash: str) -> None:
        super().__init__(f"account {account_id} is deactivated")
        self.account_id, self.password_hash = account_id, password_hash


class TooManyGuesses(TooMany):
    """The guesses allowed from here, or at this name, are used up for now; a right password gets the same answer (SR-149)."""

    def __init__(self, seconds: int, why: str) -> None:
        text = _("Too many attempts to sign in. Please wait %(minutes)s minutes and try again.")
        super().__init__(text, retry_after=seconds, minutes=max(1, -(-seconds // 60)), why=why)


class SecondStepDue(Unauthenticated):
    """The password was right, and this account asks for a second step, which has not been done."""

    def __init__(self) -> None:
        super().__init__(_("A second step is due."), why="the password alone does not open a session of this account")


class StepGone(Unauthenticated):
    """The second step waited too long, belongs to another browser, or the password was changed meanwhile."""

    def __init__(self, why: str) -> None:
        super().__init__(_("This sign-in took too long. Please enter your password again."), why=why)


class BrowserFull(Conflict):
    """As many accounts are signed in in this browser as fit."""

    def __init__(self, limit: int) -> None:
        text = _("At most %(limit)s accounts can be signed in in one browser. Log out of one of them first.")
        super().__init__(text, limit=limit)


class ResetUnknown(NotFound):
    """The link of a letter was used, is too old, or the account's password or address changed since it was sent."""

    def __init__(self) -> None:
        super().__init__(_("This link does not hold any more. Let us send you another one."))


class TooManyResets(TooMany):
    """Letters about forgotten passwords were asked for too often from one network, whoever they were for."""

    def __init__(self, seconds: int) -> None:
        text = _("You have asked for a new password too often. Please wait %(minutes)s minutes and try again.")
        super().__init__(text, retry_after=seconds, minutes=max(1, -(-seconds // 60)))


class TooManySignUps(TooMany):
    """More accounts were opened from one network than a school class would open in an hour."""

    def __init__(self, seconds: int) -> None:
        text = _("Too many accounts were opened from here. Please wait %(minutes)s minutes and try again.")
        super().__init__(text, retry_after=seconds, minutes=max(1, -(-seconds // 60)))
