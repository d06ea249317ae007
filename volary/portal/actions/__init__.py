"""Writes that touch an App and what people granted it in one transaction."""

from volary.portal.actions.apps import (
    discard_outdated,
    make_own_token_of,
    register_app,
    register_project,
    remove_app,
    revoke_own_token_of,
)

__all__ = [
    "discard_outdated",
    "make_own_token_of",
    "register_app",
    "register_project",
    "remove_app",
    "revoke_own_token_of",
]
