"""Writing down what members of a team do: in the record of whoever owns the App, and in the history of the team."""

from volary.activity.actions import record
from volary.db import Tx
from volary.developers.models import AppRow


async def note_app(
    tx: Tx,
    app: AppRow,
    actor_id: int | None,
    kind: str,
    *,
    subject_id: int | None = None,
    detail: dict[str, str | int] | None = None,
    address: str = "",
) -> None:
    """Something was done to an App. The record stands with its owner, whoever did it."""
    named: dict[str, str | int] = {"name": app.name}
    await record(
        tx,
        kind,
        account_id=app.owner_id,
        actor_id=actor_id,
        app_id=app.id,
        subject_id=subject_id,
        address=address,
        detail=named | (detail or {}),
        team_id=app.team_id,
    )


async def note_team(
    tx: Tx,
    team_id: int,
    actor_id: int,
    kind: str,
    *,
    subject_id: int | None = None,
    detail: dict[str, str | int] | None = None,
) -> None:
    """Something was done in a team; `subject_id` is whom or what it was done to."""
    await record(
        tx, kind, account_id=actor_id or None, actor_id=actor_id, subject_id=subject_id, detail=detail, team_id=team_id
    )
