"""What the portal reads across rooms: how many people an App is connected to, what happened in a team, and where there is room."""

from volary.portal.queries.history import Happening, history_of_team
from volary.portal.queries.people import Connections, Outdated, outdated_families, outdated_people, people_of_apps
from volary.portal.queries.room import projects_by_room

__all__ = [
    "Connections",
    "Happening",
    "Outdated",
    "history_of_team",
    "outdated_families",
    "outdated_people",
    "people_of_apps",
    "projects_by_room",
]
