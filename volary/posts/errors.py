"""The refusals of posts."""

from volary.kit.errors import Forbidden, Invalid, NotFound
from volary.language import mark as _


class EmptyText(Invalid):
    """A post without text."""

    def __init__(self) -> None:
        super().__init__(_("A post needs a text."), field="text")


class TextTooLong(Invalid):
    """The weighted length is over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("The text is too long: a post has at most %(limit)s characters."), field="text", limit=limit)


class DuplicateText(Forbidden):
    """The same person posted the same text within a day."""

    def __init__(self) -> None:
        super().__init__(_("You posted this already."))


class NotAnswerable(Forbidden):
    """The post that is answered or quoted is gone, hidden from the caller, or its author chose who may answer."""

    def __init__(self) -> None:
        super().__init__(_("You cannot answer or quote this post."))


class NotEditable(Forbidden):
    """The post is not the newest version, or of a kind, an age or a number of edits that lets it be edited no more."""

    def __init__(self) -> None:
        super().__init__(_("This post cannot be edited, or not any more."))


class NoSuchPoll(Invalid):
    """The options or the duration are not what a poll can have."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A poll has two to four different options of at most 25 characters, and lasts from five minutes to seven days."
            ),
            field="poll",
        )


class PollNotFound(NotFound):
    """The post has no poll, or is none that the caller may see."""

    def __init__(self) -> None:
        super().__init__(_("There is no such poll."))


class PollEnded(Forbidden):
    """The time for voting is over."""

    def __init__(self) -> None:
        super().__init__(_("This poll has ended."))


class VotedAlready(Forbidden):
    """An account votes once."""

    def __init__(self) -> None:
        super().__init__(_("You have voted in this poll already."))


class NoSuchOption(Invalid):
    """The poll has no such option."""

    def __init__(self) -> None:
        super().__init__(_("Choose one of the options."), field="option")


class NotModerated(Forbidden):
    """Only whoever began a conversation hides and shows the answers in it."""

    def __init__(self) -> None:
        super().__init__(_("You can hide answers in your own conversations only."))


class WronglyTagged(Invalid):
    """Somebody who is to be tagged in a picture is not there."""

    def __init__(self) -> None:
        super().__init__(_("Somebody who is tagged is not there."), field="tagged_user_ids")


class TooManyAttachments(Invalid):
    """A post has media, or a poll, or a quoted post."""

    def __init__(self) -> None:
        super().__init__(_("A post has media, or a poll, or a quoted post: one of them."), field="media")


class PostNotFound(NotFound):
    """No such post, or none that the caller may see."""

    def __init__(self) -> None:
        super().__init__(_("There is no such post."))


class NotYours(Forbidden):
    """Only its author may delete a post."""

    def __init__(self) -> None:
        super().__init__(_("You are not authorized to delete this post."))


class NotRepostable(Forbidden):
    """What an author shows to followers alone nobody else may pass on (X facts 1.7)."""

    def __init__(self) -> None:
        super().__init__(_("You cannot repost this post."))


class FolderNotFound(NotFound):
    """No such folder of bookmarks, or another person's."""

    def __init__(self) -> None:
        super().__init__(_("There is no such folder."))


class TooManyFolders(Forbidden):
    """A person has only so many folders."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("At most %(limit)s folders can be made."), limit=limit)
