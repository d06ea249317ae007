"""Reads: Apps by what names them, what their teams see, and what other rooms need of them."""

from volary.developers.queries.apps import (
    app_by_api_key,
    app_by_bearer,
    app_by_client_id,
    app_by_id,
    app_by_name,
    every_app,
    source_of_apps,
)
from volary.developers.queries.callbacks import allows_callback, callback_urls, siblings_with_callback
from volary.developers.queries.credentials import client_secret_matches, credentials_of_app, held_credentials
from volary.developers.queries.deleted import deleted_app_of_member, deleted_apps_of_team
from volary.developers.queries.governing import GovernedRow, every_developer, founded_team
from volary.developers.queries.icons import icon_of_app, icon_versions
from volary.developers.queries.members import (
    app_of_member,
    apps_of_member,
    apps_of_project,
    apps_of_team,
    project_by_id,
    project_of_member,
    projects_of_member,
    projects_of_team,
)
from volary.developers.queries.teams import (
    developer_account,
    invitation_to,
    invitations_from,
    invitations_to,
    member_of_team,
    members_of_team,
    other_administrator,
    seats_taken,
    team_by_id,
    team_is_approved,
    team_of_member,
    teams_of_member,
)

__all__ = [
    "GovernedRow",
    "allows_callback",
    "app_by_api_key",
    "app_by_bearer",
    "app_by_client_id",
    "app_by_id",
    "app_by_name",
    "app_of_member",
    "apps_of_member",
    "apps_of_project",
    "apps_of_team",
    "callback_urls",
    "client_secret_matches",
    "credentials_of_app",
    "deleted_app_of_member",
    "deleted_apps_of_team",
    "developer_account",
    "every_app",
    "every_developer",
    "founded_team",
    "held_credentials",
    "icon_of_app",
    "icon_versions",
    "invitation_to",
    "invitations_from",
    "invitations_to",
    "member_of_team",
    "members_of_team",
    "other_administrator",
    "project_by_id",
    "project_of_member",
    "projects_of_member",
    "projects_of_team",
    "seats_taken",
    "siblings_with_callback",
    "source_of_apps",
    "team_by_id",
    "team_is_approved",
    "team_of_member",
    "teams_of_member",
]
