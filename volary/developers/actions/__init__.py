"""Writes: developer accounts, teams, Projects, Apps and their credentials. Each verb takes the transaction and the account that acts.

What a role may do is in `rules.roles`. Whoever is not in the team of what is named meets the same refusal as for something that does not
exist (SR-172).
"""

from volary.developers.actions.accounts import approve_developer, ensure_developer, refuse_developer, sign_up
from volary.developers.actions.apps import create_app, delete_app, end_app, move_app, undelete_app
from volary.developers.actions.credentials import (
    bearer_of_app,
    invalidate_bearer,
    revoke_api_keys,
    revoke_bearer,
    revoke_client_secrets,
    revoke_one,
    rotate_api_key,
    rotate_bearer,
    rotate_client_secret,
)
from volary.developers.actions.icons import remove_icon, set_icon
from volary.developers.actions.invitations import (
    accept_invitation,
    decline_invitation,
    invite,
    sweep_invitations,
    withdraw_invitation,
)
from volary.developers.actions.permitting import permit_further
from volary.developers.actions.projects import create_project, delete_project, edit_project
from volary.developers.actions.purging import purge_apps
from volary.developers.actions.settings import add_callback, edit_authentication, edit_details
from volary.developers.actions.suspending import restore_app, suspend_app
from volary.developers.actions.teams import (
    appoint,
    give_app,
    leave_team,
    own_team,
    remove_member,
    rename_team,
    set_role,
)
from volary.developers.actions.tiers import ask_for_tier, set_tier
from volary.developers.actions.values import KeyPair, NewApp

__all__ = [
    "KeyPair",
    "NewApp",
    "accept_invitation",
    "add_callback",
    "appoint",
    "approve_developer",
    "ask_for_tier",
    "bearer_of_app",
    "create_app",
    "create_project",
    "decline_invitation",
    "delete_app",
    "delete_project",
    "edit_authentication",
    "edit_details",
    "edit_project",
    "end_app",
    "ensure_developer",
    "give_app",
    "invalidate_bearer",
    "invite",
    "leave_team",
    "move_app",
    "own_team",
    "permit_further",
    "purge_apps",
    "refuse_developer",
    "remove_icon",
    "remove_member",
    "rename_team",
    "restore_app",
    "revoke_api_keys",
    "revoke_bearer",
    "revoke_client_secrets",
    "revoke_one",
    "rotate_api_key",
    "rotate_bearer",
    "rotate_client_secret",
    "set_icon",
    "set_role",
    "set_tier",
    "sign_up",
    "suspend_app",
    "sweep_invitations",
    "undelete_app",
    "withdraw_invitation",
]
