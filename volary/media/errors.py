"""The refusals of media."""

from volary.kit.errors import Busy, Invalid, NotFound, Refusal


class MediaNotFound(NotFound):
    """No such media, none of the caller's, or one that expired."""

    def __init__(self) -> None:
        super().__init__("There is no such media, or it is not yours.")


class NotReady(Invalid):
    """The media is still being sent or read, or could not be read."""

    def __init__(self) -> None:
        super().__init__("This media cannot be used: it is not complete.", field="media_ids")


class Mixed(Invalid):
    """More than four pictures, or a GIF or a video beside something else."""

    def __init__(self) -> None:
        super().__init__("A post has up to four pictures, or one GIF, or one video.", field="media_ids")


class Unreadable(Invalid):
    """The bytes are no picture, GIF or video that can be used; `why` says what the library said."""

    def __init__(self, why: str = "", message: str = "This file is not a picture or video that can be used.") -> None:
        super().__init__(message, field="media", why=why)


class TooLargeToKeep(Refusal):
    """More bytes than this kind of media may have."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__("The file is too large: at most %(limit)s bytes.", limit=limit)


class WrongSegments(Invalid):
    """The segments that were sent do not make the file that was announced."""

    def __init__(self, why: str = "") -> None:
        super().__init__("Segments do not add up to provided total file size.", why=why)


class TooMuchWaiting(Invalid):
    """The account has sent more than it has used."""

    def __init__(self) -> None:
        super().__init__("You have too many uploads that are not used yet.")


class TooManyLanguages(Invalid):
    """The video has subtitles in as many languages as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__("A video has subtitles in at most %(limit)s languages.", field="subtitles", limit=limit)


class ReadersBusy(Busy):
    """Too many files wait to be read."""

    def __init__(self) -> None:
        super().__init__("Too many files are being read at this moment. Please try again.", retry_after=3)


class NoFolder(Refusal):
    """No folder for media is set."""

    status = 501

    def __init__(self) -> None:
        super().__init__("This server keeps no media: its operator has not set a folder for them.")
