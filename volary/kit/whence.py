"""From where, and by whom, what is being done was asked for: set once where requests, jobs and commands begin, read where acts are
written down.
"""

from contextvars import ContextVar

ADDRESS: ContextVar[str] = ContextVar("address", default="")
"""The client's IP address; empty for what no request asked for: jobs, the command line."""

COMMAND_LINE = 0
"""Who acted where that is whoever runs the server, at its command line."""
SYSTEM = 1
"""Who acted where that is the server itself: at a time, or because something was wrong."""

ACTOR: ContextVar[int | None] = ContextVar("actor", default=None)
"""COMMAND_LINE or SYSTEM where an act has no person behind it; None in requests, whose acts know who acts."""
