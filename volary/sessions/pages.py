"""Who is visiting: the cookie's tokens become the accounts that are signed in. The server puts `Visitors` among the resources."""

from collections.abc import Mapping

from volary.db import Database
from volary.kit.secrets import digest
from volary.sessions.actions.seen import Seen
from volary.sessions.queries import live_sessions
from volary.sessions.rules.browsers import held_tokens
from volary.web import SignedIn, VisitorResolver


class Visitors(VisitorResolver):
    """Finds who is signed in in a browser, by the sessions in its cookie."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    async def resolve(self, db: Database, cookies: Mapping[str, str]) -> tuple[SignedIn, ...]:
        """The accounts whose sessions are live, the current one first. Only that one counts as seen."""
        tokens = held_tokens(cookies)
        rows = await live_sessions(db, [digest(token) for token in tokens]) if tokens else []
        if rows:
            self._seen.note(rows[0].session_id, rows[0].last_seen_at, db.now)
        return tuple(
            SignedIn(
                row.account_id,
                row.username,
                row.name,
                row.session_id,
                row.language,
                row.time_zone,
                operator=bool(row.operator),
            )
            for row in rows
        )
