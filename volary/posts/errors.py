"""The refusals of posts."""

from volary.kit.errors import Forbidden, Invalid, NotFound


class EmptyText(Invalid):
    """A post without text."""

    def __init__(self) -> None:
        super().__init__("A post needs a text.", field="text")


class TextTooLong(Invalid):
    """The weighted length is over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__("The text is too long: a post has at most %(limit)s characters.", field="text", limit=limit)


class DuplicateText(Forbidden):
    """The same person posted the same text within a day."""

    def __init__(self) -> None:
        super().__init__("You posted this already.")


class NotAnswerable(Forbidden):
    """The post that is answered or quoted is gone, hidden from the caller, or its author chose who may answer."""

    def __init__(self) -> None:
        super().__init__("You cannot answer or quote this post.")


class PostNotFound(NotFound):
    """No such post, or none that the caller may see."""

    def __init__(self) -> None:
        super().__init__("There is no such post.")


class NotYours(Forbidden):
    """Only its author may delete a post."""

    def __init__(self) -> None:
        super().__init__("You are not authorized to delete this post.")


class NotRepostable(Forbidden):
    """What an author shows to followers alone nobody else may pass on (X facts 1.7)."""

    def __init__(self) -> None:
        super().__init__("You cannot repost this post.")


class FolderNotFound(NotFound):
    """No such folder of bookmarks, or another person's."""

    def __init__(self) -> None:
        super().__init__("There is no such folder.")


class TooManyFolders(Forbidden):
    """A person has only so many folders."""

    def __init__(self, limit: int) -> None:
        super().__init__("At most %(limit)s folders can be made.", limit=limit)
