"""What the database refuses, in the product's own errors; drivers' errors stay in this room.

The sentences are ids of the catalogue `db`; the room of languages stands above this one, so they are marked here by hand.
"""

from volary.kit.errors import Busy, Conflict, Invalid, Refusal


def _(sentence: str) -> str:
    return sentence


class CannotStart(Exception):
    """The database cannot be used as it is (unsafe settings, another key, a newer schema). One line for the operator."""


class AnotherKey(CannotStart):
    """The database's current key, `key_id`, is not among those that are here."""

    def __init__(self, key_id: str, here: tuple[str, ...], advice: str) -> None:
        super().__init__(f"this database belongs to the key {key_id}, not to {', '.join(here)}: {advice}")
        self.key_id = key_id
        self.here = here


class Duplicate(Conflict):
    """A unique name or key is taken already."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Somebody else was faster. Please try again."), why=why)


class Unreferenced(Conflict):
    """What a row refers to is gone, or something still refers to the row that should go."""

    def __init__(self, why: str) -> None:
        super().__init__(_("What this belongs to is gone. Please reload the page."), why=why)


def busy(why: str, retry_after: int = 1) -> Busy:
    """The refusal for a database that cannot answer now."""
    return Busy(_("The server is busy. Please try again in a moment."), retry_after=retry_after, why=why)


def first_line(error: BaseException) -> str:
    """The first line of an error's text (of a refusal's private one), or what kind of error it is."""
    text = error.why if isinstance(error, Refusal) else str(error)
    return (text.splitlines() or [type(error).__name__])[0]


def without_tables(why: str) -> CannotStart:
    """The error for a database whose tables were never made, or are older than this program."""
    return CannotStart(f"the database's tables do not fit this program ({why}): run volary migrate")


def unstorable(why: str) -> Invalid:
    """The refusal for a value that no column holds: a lone surrogate, a NUL character, a number above 64 bits."""
    return Invalid(_("The request holds a character or number that cannot be kept."), why=why)


def unknown_page(why: str) -> Invalid:
    """The refusal for a page token that was not made for this list and viewer."""
    return Invalid(_("This page of the list cannot be found. Please start again at its beginning."), why=why)
