"""The state: the app's own text, at most 500 characters, given back unchanged (C221).

It may be missing or empty, as one of X's clients sends it (X facts 12.2): PKCE protects the answer without it.
"""

from volary.oauth.oauth2.errors import BackRefusal
from volary.oauth.oauth2.parameters import Query

LONGEST = 500


def check(query: Query) -> None:
    """Raises BackRefusal for a state that cannot be given back as it was sent."""
    if "state" in query.values and echoed(query) is None:
        long = f"state is longer than {LONGEST} characters."
        raise BackRefusal("invalid_request", query.lack("state") if "state" in query.repeated else long)


def echoed(query: Query) -> str | None:
    """What every answer carries back, also one that refuses; None where there is nothing that could be."""
    if "state" in query.repeated:
        return None
    sent = query.values.get("state")
    return None if sent is None or len(sent) > LONGEST else sent
