"""The table of events, and the row that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import beside, id_column, moment, table, text, whole

ELSEWHERE = "actor_id <> coalesce(account_id, -1)"
"""What is true of an event that stands in somebody else's record than that of who acted, or in nobody's."""

SIGN_INS = ("session.started", "sign_in.failed", "second_step.failed")
"""The kinds of events that an account's sign-in history shows."""
_A_SIGN_IN = "kind IN ('session.started', 'sign_in.failed', 'second_step.failed')"

events = table(
    "events",
    id_column(),
    moment("at"),
    text("kind"),
    whole("account_id", optional=True),
    whole("actor_id", optional=True),
    whole("app_id", optional=True),
    whole("grant_id", optional=True),
    whole("subject_id", optional=True),
    text("address", default=""),
    text("detail", default=""),
    whole("team_id", optional=True),
    Index(None, "account_id", "id"),
    Index(None, "app_id", "id"),
    Index(None, "actor_id", "id", sqlite_where=sql(ELSEWHERE), postgresql_where=sql(ELSEWHERE)),
    Index("ix_events_sign_ins", "account_id", "id", sqlite_where=sql(_A_SIGN_IN), postgresql_where=sql(_A_SIGN_IN)),
    Index(None, "team_id", "id", sqlite_where=sql("team_id > 0"), postgresql_where=sql("team_id > 0")),
)
"""No foreign keys: an event outlives what it speaks of. `detail` is a JSON object of small public facts, never a secret.
`team_id` is the team of developers whose history it belongs to. What people and their apps do is found in their own record, so the index of
actors holds only acts of operators, developers and the command line upon others."""

app_reads = table(
    "app_reads",
    whole("account_id", key=True),
    whole("app_id", key=True),
    whole("day", key=True),
    text("kind", key=True),
    whole("count", default=0),
    moment("last_at"),
    Index(None, "day"),
    by_key=True,
)
"""How often an app read what people should know of (such as `messages.read`), on a day since 1970 (UTC). Kept for 90 days."""

event_purges = table("event_purges", id_column(), moment("at"), moment("before"), whole("actor_id"))
"""Each time that old events were thrown away: those from before a moment. The database deletes no others."""

_REFUSED = "RAISE(ABORT, 'the record of events is append-only')"
_PURGED = "coalesce((SELECT max(before) FROM event_purges), 0)"
_RAISE = "RAISE EXCEPTION 'the record of events is append-only'"
_UNLESS_PURGED = f"IF old.at >= {_PURGED} THEN {_RAISE}; END IF;"
_EACH = "FOR EACH ROW EXECUTE FUNCTION keep_events()"
APPEND_ONLY = {
    "sqlite": (
        f"CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT {_REFUSED}; END",
        f"CREATE TRIGGER events_last BEFORE DELETE ON events WHEN old.at >= {_PURGED} BEGIN SELECT {_REFUSED}; END",
        f"CREATE TRIGGER event_purges_stay BEFORE UPDATE ON event_purges BEGIN SELECT {_REFUSED}; END",
        f"CREATE TRIGGER event_purges_last BEFORE DELETE ON event_purges BEGIN SELECT {_REFUSED}; END",
    ),
    "postgresql": (
        f"CREATE FUNCTION keep_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_RAISE}; END $$",
        f"CREATE FUNCTION purge_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_UNLESS_PURGED} RETURN old; END $$",
        f"CREATE TRIGGER events_stay BEFORE UPDATE ON events {_EACH}",
        "CREATE TRIGGER events_last BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION purge_events()",
        "CREATE TRIGGER events_whole BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION keep_events()",
        f"CREATE TRIGGER event_purges_stay BEFORE UPDATE OR DELETE ON event_purges {_EACH}",
    ),
}
"""What makes the record append-only in the database itself, for each engine. Whoever may change the schema can take it away; nobody
else can, by mistake or by an injected statement. A migration that makes one of the two tables anew must say this again."""

for _engine, _rules in APPEND_ONLY.items():
    beside(event_purges, _engine, *_rules)


class EventRow(msgspec.Struct, frozen=True):
    """One event. `kind` has two parts, such as `grant.revoked`; `account_id` is whose record it stands in, `actor_id` who acted."""

    id: int
    at: int
    kind: str
    account_id: int | None
    actor_id: int | None
    app_id: int | None
    grant_id: int | None
    subject_id: int | None
    address: str
    detail: str
    team_id: int | None
