"""The stage of OAuth 2.0, for what both protocols share."""

from tests.oauth.oauth2.conftest import settings, stage

__all__ = ["settings", "stage"]
