"""Logs: one record an event, escaped, as text for people or JSON for machines. Secrets are not logged, so none need hiding (SR-302).

Rooms log through the standard library; only here it is decided how a record looks. What a client can write (paths, agents) appears
only as escaped and clipped values (SR-284).
"""

import json
import logging
import sys
from typing import ClassVar

import structlog
from structlog.typing import EventDict, WrappedLogger

_LONGEST = 2_000
_EXTRA = ("request_id", "method", "path", "status", "milliseconds", "address", "why")
"""What rooms may add to a record; nothing else of it is shown."""


def set_up(form: str) -> None:
    """Send every record of this process to standard error, in the form that the settings name."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(allow=_EXTRA),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _clipped,
    ]
    shown = structlog.processors.JSONRenderer(serializer=json.dumps) if form == "json" else _Line()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown]
        )
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)  # what it did is told by the command that asked for it
    # It warns of each broken form that somebody sends, before anybody is asked who they are.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def _clipped(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """No value may fill the log; a traceback may be longer than the rest."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception" and len(value) > _LONGEST:
            event[key] = value[:_LONGEST] + "…"
    return event


class _Line:
    """A record as one line of text: control characters are escaped, so that no value can start a line of its own."""

    _plain: ClassVar[dict[int, str]] = {
        code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)
    }

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> str:
        exception = event.pop("exception", "")
        stamp, level = event.pop("timestamp", ""), event.pop("level", "")
        text = str(event.pop("event", "")).translate(self._plain)
        rest = " ".join(f"{key}={str(value).translate(self._plain)}" for key, value in event.items())
        line = " ".join(part for part in (stamp, level, text, rest) if part)
        return f"{line}\n{exception}" if exception else line
