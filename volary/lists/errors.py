"""The refusals of Lists."""

from volary.kit.errors import Forbidden, Invalid, NotFound


class BadName(Invalid):
    """A List without a name, or with one that is too long."""

    def __init__(self, limit: int) -> None:
        super().__init__("A List needs a name of at most %(limit)s characters.", field="name", limit=limit)


class BadDescription(Invalid):
    """The description is too long."""

    def __init__(self, limit: int) -> None:
        super().__init__("A description has at most %(limit)s characters.", field="description", limit=limit)


class ListNotFound(NotFound):
    """No such List, or none that the caller may see: the two are told alike (SR-204)."""

    def __init__(self) -> None:
        super().__init__("There is no such List.")


class NotYours(Forbidden):
    """Only its owner may change a List or its members (SR-205)."""

    def __init__(self) -> None:
        super().__init__("You are not allowed to change this List.")


class TooManyLists(Forbidden):
    """An account owns as many Lists as one may."""

    def __init__(self, limit: int) -> None:
        super().__init__("You own %(limit)s Lists already, which is the most.", limit=limit)


class TooManyMembers(Forbidden):
    """The List is full."""

    def __init__(self, limit: int) -> None:
        super().__init__("A List has at most %(limit)s members.", limit=limit)


class TooManyPins(Forbidden):
    """As many Lists are pinned as one may pin."""

    def __init__(self, limit: int) -> None:
        super().__init__("You can pin at most %(limit)s Lists.", limit=limit)


class NobodyToAdd(NotFound):
    """No such account, or none that is active."""

    def __init__(self) -> None:
        super().__init__("There is no such account.")


class NotToBeAdded(Forbidden):
    """One of the two blocks the other, so the one is not on the other's Lists."""

    def __init__(self) -> None:
        super().__init__("You are not allowed to add this account to a List.")
