"""The refusals of collections."""

from volary.kit.errors import Forbidden, Invalid, NotFound


class BadName(Invalid):
    """A collection without a name, or with one that is too long."""

    def __init__(self, limit: int) -> None:
        super().__init__("A collection needs a name of at most %(limit)s characters.", field="name", limit=limit)


class BadDescription(Invalid):
    """The description is too long."""

    def __init__(self, limit: int) -> None:
        super().__init__("A description has at most %(limit)s characters.", field="description", limit=limit)


class BadAddress(Invalid):
    """What was given as an address is none, or too long."""

    def __init__(self) -> None:
        super().__init__("The address must start with https:// or http:// and name a host.", field="url")


class BadOrder(Invalid):
    """No such order of entries."""

    def __init__(self) -> None:
        super().__init__("There is no such order of entries.", field="timeline_order")


class CollectionNotFound(NotFound):
    """No such collection, or none that the caller may see: the two are told alike."""

    def __init__(self) -> None:
        super().__init__("There is no such collection.")


class NotYours(Forbidden):
    """Only its owner may change a collection."""

    def __init__(self) -> None:
        super().__init__("You are not allowed to change this collection.")


class TooManyCollections(Forbidden):
    """An account owns as many collections as one may."""

    def __init__(self, limit: int) -> None:
        super().__init__("You own %(limit)s collections already, which is the most.", limit=limit)
