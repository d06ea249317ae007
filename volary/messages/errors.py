"""The refusals of Direct Messages."""

from volary.kit.errors import Forbidden, Invalid, NotFound
from volary.language import mark as _


class EmptyMessage(Invalid):
    """A message without text."""

    def __init__(self) -> None:
        super().__init__(_("A message needs a text."), field="text")


class MessageTooLong(Invalid):
    """A message over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("The text is too long: a message has at most %(limit)s characters."), field="text", limit=limit
        )


class NotReachable(Forbidden):
    """The person cannot be written to, is the sender, or one of the two blocks the other: the reason is not told."""

    def __init__(self) -> None:
        super().__init__(_("You cannot send messages to this user."))


class MessageNotFound(NotFound):
    """No such message, or none of which the caller holds a copy: the two are told alike (SR-189)."""

    def __init__(self) -> None:
        super().__init__(_("There is no such message."))


class ConversationNotFound(NotFound):
    """No such conversation, or one that the caller is not in: the two are told alike (SR-189)."""

    def __init__(self) -> None:
        super().__init__(_("There is no such conversation."))


class GroupTooSmall(Invalid):
    """A group is made of the one who makes it and at least two more."""

    def __init__(self) -> None:
        super().__init__(_("A group needs at least two other people."), field="participant_ids")


class GroupTooLarge(Invalid):
    """A group over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("A group has at most %(limit)s people."), field="participant_ids", limit=limit)


class NobodyToBlock(NotFound):
    """No such account, or one's own."""

    def __init__(self) -> None:
        super().__init__(_("There is no such account."))
