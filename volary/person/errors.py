"""Refusals of this room."""

from volary.kit.errors import Conflict, NotFound, TooMany
from volary.language import mark as _


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
