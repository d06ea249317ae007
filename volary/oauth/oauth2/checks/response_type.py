"""The response type: `code`, the only one there is (RFC 6749 §3.1.1; the implicit flow is not offered, RFC 9700 §2.1.2)."""

from volary.oauth.oauth2.errors import BackRefusal
from volary.oauth.oauth2.parameters import Query


def check(query: Query) -> None:
    """Raises BackRefusal."""
    sent = query.once("response_type")
    if sent is None:
        raise BackRefusal("invalid_request", query.lack("response_type"))
    if sent != "code":
        raise BackRefusal("unsupported_response_type", "response_type must be code.", f"response_type {sent[:50]!r}")
