"""Whether the installation takes changes at the moment: one switch of the operator's for every door of a process."""

from volary.kit.errors import Refusal
from volary.language import mark as _


class ReadOnly:
    """The switch as this process knows it. The room of operators turns it; the rings of pages and of the API look at it."""

    def __init__(self) -> None:
        self.reason: str | None = None
        """What people read while it is on; None while it is off."""

    def refuse(self) -> None:
        """Raise NoChanges while it is on."""
        if self.reason is not None:
            raise NoChanges(self.reason)


class NoChanges(Refusal):
    """The installation is read-only for now; nothing was changed."""

    status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(_("This service takes no changes for now: %(reason)s"), why="read-only mode", reason=reason)
