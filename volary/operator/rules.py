"""How events are written for other programs: JSON lines and CSV, with ids as text, since some readers lose their last digits."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from volary.kit import sheets

FORMATS = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
"""The formats of an export, with their media types."""

FIELDS = (
    *("id", "at", "kind", "actor_id", "actor", "account_id", "account", "app_id", "grant_id", "team_id", "subject_id"),
    *("address", "detail"),
)
"""What an exported event holds, in this order."""


def exported(facts: Mapping[str, object]) -> dict[str, object]:
    """An event as it is exported: times in ISO 8601, ids as text, `detail` as an object."""
    told = {name: _plain(name, facts[name]) for name in FIELDS}
    detail = facts["detail"]
    told["detail"] = json.loads(str(detail)) if detail else {}
    return told


def json_line(facts: Mapping[str, object]) -> str:
    """An event on a line of JSON."""
    return json.dumps(exported(facts), ensure_ascii=False, separators=(",", ":")) + "\n"


def csv_line(facts: Mapping[str, object] | None = None) -> str:
    """An event on a line of CSV; without one, the line of names.

    A text that a table program would take for a formula is quoted (CWE-1236).
    """
    if facts is None:
        return sheets.csv_line(FIELDS)
    told = exported(facts)
    told["detail"] = json.dumps(told["detail"], ensure_ascii=False) if told["detail"] else ""
    return sheets.csv_line(told[name] for name in FIELDS)


def _plain(name: str, value: object) -> object:
    if name == "at" and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value) if isinstance(value, int) else value
