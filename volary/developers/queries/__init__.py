"""Reads: Apps by what names them, what their owners see, and what other rooms need of them."""

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
from volary.developers.queries.credentials import client_secret_matches, credentials_of_app
from volary.developers.queries.icons import icon_of_app, icon_versions
from volary.developers.queries.owners import (
    app_of_owner,
    apps_of_owner,
    apps_of_project,
    developer_account,
    project_of_owner,
    projects_of_owner,
)

__all__ = [
    "allows_callback",
    "app_by_api_key",
    "app_by_bearer",
    "app_by_client_id",
    "app_by_id",
    "app_by_name",
    "app_of_owner",
    "apps_of_owner",
    "apps_of_project",
    "callback_urls",
    "client_secret_matches",
    "credentials_of_app",
    "developer_account",
    "every_app",
    "icon_of_app",
    "icon_versions",
    "project_of_owner",
    "projects_of_owner",
    "siblings_with_callback",
    "source_of_apps",
]
