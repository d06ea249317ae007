"""The refusals of Spaces."""

from volary.kit.errors import Conflict, Forbidden, Invalid, NotFound
from volary.language import mark as _


class SpaceNotFound(NotFound):
    """No such Space, or none that the caller may see."""

    def __init__(self) -> None:
        super().__init__(_("There is no such Space."))


class NotYourSpace(Forbidden):
    """Only who made a Space starts, ends or cancels it, and invites speakers."""

    def __init__(self) -> None:
        super().__init__(_("Only who made this Space can do that."))


class NotNow(Conflict):
    """The Space is not in a state for this: it has begun, it is over, or it was cancelled."""

    def __init__(self) -> None:
        super().__init__(_("This Space has begun, ended or been cancelled meanwhile."))


class NotThere(Forbidden):
    """Sharing takes somebody who hosts or speaks in the Space at the moment."""

    def __init__(self) -> None:
        super().__init__(_("Only hosts and speakers who are in the Space share posts there."))


class TitleNeeded(Invalid):
    """A Space without a title, or with one that is too long."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("A Space needs a title of at most %(limit)s characters."), field="title", limit=limit)


class StartOutOfRange(Invalid):
    """A Space is announced for a time to come, not too far away."""

    def __init__(self, days: int) -> None:
        super().__init__(
            _("The start must lie in the future, at most %(days)s days away."), field="scheduled_start", days=days
        )


class NobodyToInvite(NotFound):
    """No such account, one's own, or one that a block stands before."""

    def __init__(self) -> None:
        super().__init__(_("There is no such account."))


class PostNotShown(NotFound):
    """The post is not there, or not for the one who shares it."""

    def __init__(self) -> None:
        super().__init__(_("There is no such post."))
