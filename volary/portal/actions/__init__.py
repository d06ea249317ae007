"""Writes that touch an App and what people granted it in one transaction."""

from volary.portal.actions.apps import (
    discard_outdated,
    make_own_token_of,
    register_app,
    register_project,
    remove,
    remove_app,
    revoke_own_token_of,
)
from volary.portal.actions.teams import give_app, leave_team, remove_member

__all__ = [
    "discard_outdated",
    "give_app",
    "leave_team",
    "make_own_token_of",
    "register_app",
    "register_project",
    "remove",
    "remove_app",
    "remove_member",
    "revoke_own_token_of",
]
