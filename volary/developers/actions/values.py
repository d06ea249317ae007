"""What actions give back that is shown once and never again (C185)."""

import msgspec

from volary.developers.models import AppRow


class KeyPair(msgspec.Struct, frozen=True):
    """A new API key (consumer key) and its secret."""

    key: str
    secret: str


class NewApp(msgspec.Struct, frozen=True):
    """A new App with its first credentials in plain text. Never kept, never logged."""

    app: AppRow
    api_key: str
    api_key_secret: str
    bearer_token: str
    client_secret: str | None
    """Only for a confidential client (C197)."""
