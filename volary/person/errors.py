"""Refusals of this room."""

from volary.kit.errors import Conflict, NotFound, TooMany, Unauthenticated
from volary.language import mark as _


class CodeDue(Unauthenticated):
    """Signing in to that account takes more than its password, and so does answering for another one."""

    def __init__(self) -> None:
        super().__init__(_("Signing in to that account takes a code as well. Enter one."), field="code")


class ArchiveUnderWay(Conflict):
    """One archive is made at a time."""

    def __init__(self) -> None:
        super().__init__(_("Your archive is being made already."))


class ArchiveTooSoon(TooMany):
    """There is a new one already: making one takes much work."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("You can have a new archive once a day. Download the one that is there, or try again later."),
            retry_after=seconds,
        )


class NoArchive(NotFound):
    """There is none to download, or not any more."""

    def __init__(self) -> None:
        super().__init__(_("There is no archive to download. Ask for a new one."))


class LockLinkGone(NotFound):
    """The link of a letter was used, is too old, or its account was locked or unlocked already."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link does not hold any more. It was used already, or it is too old; or the account was unlocked meanwhile."
            )
        )


class NoWayBack(Conflict):
    """There is no confirmed address to which the way back could be sent."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Confirm your email address first: the way back into a locked account is sent there, and there is no other."
            )
        )
