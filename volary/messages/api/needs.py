"""What the operations on messages need of their caller: the Direct Messages level, nothing less (C204–C206, SR-187)."""

from typing import Any

from volary.access.levels import Level
from volary.access.needs import Need
from volary.activity.actions import Reads
from volary.api.call import Call

_SCOPES = frozenset({"tweet.read", "users.read"})

READ = Need(oauth1=Level.DIRECT_MESSAGES, scopes=_SCOPES | {"dm.read"})
WRITE = Need(oauth1=Level.DIRECT_MESSAGES, scopes=_SCOPES | {"dm.write"})
DOWNLOAD = Need(scopes=frozenset({"dm.read"}))
DELETE = Need(oauth1=Level.DIRECT_MESSAGES, scopes=frozenset({"dm.read", "dm.write"}))
V1 = Need(oauth1=Level.DIRECT_MESSAGES, project=False)


def note_reading(call: Call[Any, Any]) -> None:
    """Count that an app read messages in a person's name, whom *Apps and sessions* tells so; nothing is written now."""
    call.resources[Reads].note(call.caller, "messages.read", call.db.now)
