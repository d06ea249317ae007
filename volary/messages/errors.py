"""The refusals of Direct Messages."""

from volary.kit.errors import Forbidden, Invalid, NotFound


class EmptyMessage(Invalid):
    """A message without text."""

    def __init__(self) -> None:
        super().__init__("A message needs a text.", field="text")


class MessageTooLong(Invalid):
    """A message over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__("The text is too long: a message has at most %(limit)s characters.", field="text", limit=limit)


class NotReachable(Forbidden):
    """The person cannot be written to, is the sender, or one of the two blocks the other: the reason is not told."""

    def __init__(self) -> None:
        super().__init__("You cannot send messages to this user.")


class MessageNotFound(NotFound):
    """No such message, or none of which the caller holds a copy: the two are told alike (SR-189)."""

    def __init__(self) -> None:
        super().__init__("There is no such message.")
