"""Writes: developer accounts, Projects, Apps and their credentials. Each verb takes the transaction and the account that acts.

Whoever does not own what is named meets the same refusal as for something that does not exist (SR-172).
"""

from volary.developers.actions.accounts import ensure_developer, set_tier, sign_up
from volary.developers.actions.apps import attach_app, create_app, delete_app, restore_app, suspend_app
from volary.developers.actions.credentials import (
    bearer_of_app,
    invalidate_bearer,
    revoke_api_keys,
    revoke_bearer,
    revoke_client_secrets,
    rotate_api_key,
    rotate_bearer,
    rotate_client_secret,
)
from volary.developers.actions.icons import remove_icon, set_icon
from volary.developers.actions.projects import create_project, delete_project, edit_project
from volary.developers.actions.settings import add_callback, edit_authentication, edit_details
from volary.developers.actions.values import KeyPair, NewApp

__all__ = [
    "KeyPair",
    "NewApp",
    "add_callback",
    "attach_app",
    "bearer_of_app",
    "create_app",
    "create_project",
    "delete_app",
    "delete_project",
    "edit_authentication",
    "edit_details",
    "edit_project",
    "ensure_developer",
    "invalidate_bearer",
    "remove_icon",
    "restore_app",
    "revoke_api_keys",
    "revoke_bearer",
    "revoke_client_secrets",
    "rotate_api_key",
    "rotate_bearer",
    "rotate_client_secret",
    "set_icon",
    "set_tier",
    "sign_up",
    "suspend_app",
]
