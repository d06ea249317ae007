"""When an app was last used, as exactly as it is known."""

from volary.kit.clock import DAY, HOUR
from volary.language import mark as _

NEVER = _("Never used")
_WITHIN = (
    (HOUR, _("Last used within the last hour")),
    (DAY, _("Last used within the last day")),
    (7 * DAY, _("Last used within the last week")),
    (30 * DAY, _("Last used within the last month")),
)
LONG_AGO = _("Last used on %(day)s")


def last_used(at: int | None, now: int) -> str:
    """When a grant was last used, as exactly as it is known: uses are noted once a minute, and a crash may lose some (ecosystem A7)."""
    if at is None:
        return NEVER
    return next((words for span, words in _WITHIN if now - at < span), LONG_AGO)


UNUSED_AFTER = 90 * DAY
"""When an app counts as one that is not used."""


def unused(last_used_at: int | None, connected_at: int, now: int) -> bool:
    """Whether an app was not used for 90 days, nor connected in that time."""
    return now - (last_used_at or connected_at) >= UNUSED_AFTER
