"""Which of a team's Projects have room for another App."""

from collections import Counter

from volary.db import Reader
from volary.developers.models import OwnTeamRow, ProjectRow
from volary.developers.queries import apps_of_team, projects_of_team
from volary.developers.rules.tiers import project_limit


async def projects_by_room(
    reader: Reader, member_id: int, team: OwnTeamRow
) -> tuple[list[ProjectRow], list[ProjectRow]]:
    """The Projects that have room by the team's tier, and those that are full (C146, C147), for a member of the team."""
    held = Counter(app.project_id for app in await apps_of_team(reader, member_id, team.id))
    room: list[ProjectRow] = []
    full: list[ProjectRow] = []
    for project in await projects_of_team(reader, member_id, team.id):
        (room if held[project.id] < project_limit(team.tier) else full).append(project)
    return room, full
