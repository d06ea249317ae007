"""How much is held and kept."""

RING, RING_UNPROVEN = 65_536, 1_000
"""Calls that one process holds at most until they are written: of Apps, and of those who proved nothing (SR-367)."""

LATEST, LATEST_UNPROVEN = 1_000, 100
"""Calls of one App that are kept: its own, and those that only named it. Of those that named no App there are as many as of its own."""

TRIED = "try-"
"""How the request id of a call begins that a developer made from the portal."""

DAYS_SHOWN = (30, 90)
"""Over how many days the portal's pages look."""


def most_kept(app_id: int, *, proven: bool) -> int:
    """How many calls a bucket keeps."""
    return LATEST if proven or not app_id else LATEST_UNPROVEN
