"""The refusals of following, blocking and muting."""

from volary.kit.errors import Forbidden, NotFound
from volary.language import mark as _


class NobodyThere(NotFound):
    """No such account, or none that is active."""

    def __init__(self) -> None:
        super().__init__(_("There is no such account."))


class NotYourself(Forbidden):
    """Following, blocking and muting take two."""

    def __init__(self) -> None:
        super().__init__(_("You cannot do this with your own account."))


class BlockedYou(Forbidden):
    """The other account blocked this one."""

    def __init__(self) -> None:
        super().__init__(_("You have been blocked from following this account at the request of the user."))


class YouBlock(Forbidden):
    """Whom one blocks one cannot follow."""

    def __init__(self) -> None:
        super().__init__(_("You block this account. Unblock it before you follow it."))


class RequestNotFound(NotFound):
    """The follow request was taken back, answered already, or never made."""

    def __init__(self) -> None:
        super().__init__(_("There is no such follow request any more."))
