"""What is read from the form of a new Space; what is wrong stands beside its field."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from volary.language import mark as _
from volary.spaces.errors import StartOutOfRange, TitleNeeded
from volary.spaces.rules import checked_start, checked_title
from volary.web import Form, Visit


class Announcement(msgspec.Struct, frozen=True):
    """A Space to come, or one that begins at once."""

    title: str
    scheduled_start: int | None


def read_announcement(visit: Visit, form: Form) -> Announcement:
    """The title, and the start in the visitor's time zone; the form says everything that is wrong with them."""
    title, typed = form.text("title"), form.text("scheduled_start")
    try:
        title = checked_title(title)
    except TitleNeeded as refusal:
        form.add(refusal)
    start: int | None = None
    if typed:
        try:
            start = checked_start(_moment(typed, visit.zone), visit.db.now)
        except StartOutOfRange as refusal:
            form.add(refusal)
        except (ValueError, OverflowError):
            form.refuse("scheduled_start", _("This is not a date with a time."))
    return Announcement(title, start)


def _moment(text: str, zone: str) -> int:
    """A date and time as browsers send them, in milliseconds since 1970. Raises ValueError, OverflowError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is not None or len(text) < len("2000-01-01T00:00"):
        raise ValueError(text)
    return int(at.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
