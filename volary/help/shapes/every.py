"""Every program of an operation."""

from volary.api.reference.entries import Entry
from volary.help.shapes import curl, node, tweepy, xdk
from volary.help.shapes.call import OAUTH1, OAUTH2, Program, Request

_CLIENTS = (curl.program, tweepy.program, xdk.program, node.program)


def ways(entry: Entry) -> list[str]:
    """How a call of it can be proven."""
    need = entry.need
    return [OAUTH2] * (need.scopes is not None or need.app_only) + [OAUTH1] * (need.oauth1 is not None)


def snippets(entry: Entry, base: str, target: str, sent: str) -> list[Program]:
    """The programs that make a call of an operation on the server at `base`, client by client."""
    calls = [Request(entry, base.rstrip("/"), target, sent, way) for way in ways(entry)]
    written = [make(call) for make in _CLIENTS for call in calls]
    return [one for one in written if one is not None]
