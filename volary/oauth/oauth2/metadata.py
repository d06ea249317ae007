"""Authorization server metadata (RFC 8414): what this installation really does, in either position of its switches (SR-306)."""

from volary.access.scopes import SCOPES
from volary.oauth.oauth2.checks.pkce import PLAIN, S256
from volary.settings import Settings

PATH = "/.well-known/oauth-authorization-server"


def issuer(settings: Settings) -> str:
    """The server's name in the protocol: its public address without a slash at the end."""
    return settings.public_url.rstrip("/")


def metadata(settings: Settings) -> dict[str, object]:
    """The document."""
    base = issuer(settings)
    client_authentication = ["client_secret_basic", "none"]
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/i/oauth2/authorize",
        "token_endpoint": f"{base}/2/oauth2/token",
        "revocation_endpoint": f"{base}/2/oauth2/revoke",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": client_authentication,
        "revocation_endpoint_auth_methods_supported": client_authentication,
        "code_challenge_methods_supported": [S256, PLAIN] if settings.pkce_plain else [S256],
        "authorization_response_iss_parameter_supported": settings.issuer_in_answers,
    }
