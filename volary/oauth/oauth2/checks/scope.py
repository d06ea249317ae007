"""The scopes: known, each once, and allowed for this App (RFC 6749 §3.3, C073, C074)."""

from volary.access.scopes import EMAIL, OFFLINE, SCOPES
from volary.developers.models import AppRow
from volary.oauth.oauth2.errors import BackRefusal
from volary.oauth.oauth2.parameters import Query

_LONGEST = 2_000
"""More than every scope together needs (SR-112)."""


def check(query: Query, app: AppRow) -> tuple[str, ...]:
    """The scopes in the order in which they were asked for. Raises BackRefusal."""
    sent = query.once("scope")
    if sent is None:
        raise BackRefusal("invalid_scope", query.lack("scope"))
    if len(sent) > _LONGEST:
        raise BackRefusal("invalid_scope", f"scope is longer than {_LONGEST} characters.")
    asked = tuple(word for word in sent.split(" ") if word)
    unknown = [word for word in asked if word not in SCOPES]
    if unknown:
        raise BackRefusal("invalid_scope", "scope names one that does not exist.", f"unknown {unknown[:3]}")
    if not asked or len(set(asked)) != len(asked):
        raise BackRefusal("invalid_scope", "scope names none, or one of them twice.")
    if EMAIL in asked and not may_ask_for_email(app):
        raise BackRefusal("invalid_scope", f"scope names {EMAIL}, and the email permission of the App is off.")
    return asked


def check_optional(query: Query, scopes: tuple[str, ...]) -> frozenset[str]:
    """The scopes of `optional_scope`: those of `scope` that the app can do without, so that the person may untick them (decision 0055).

    X has no such parameter; without it, nothing is optional. Raises BackRefusal.
    """
    sent = query.once("optional_scope")
    if sent is None:
        if "optional_scope" in query.repeated:
            raise BackRefusal("invalid_scope", query.lack("optional_scope"))
        return frozenset()
    optional = frozenset(sent.split())
    if not optional <= set(scopes):
        raise BackRefusal("invalid_scope", "optional_scope names one that scope does not.")
    if not set(scopes) - optional - {OFFLINE}:
        raise BackRefusal("invalid_scope", "optional_scope names all that scope asks for.")
    return optional


def may_ask_for_email(app: AppRow) -> bool:
    """Whether the App's email permission is on, and the two URLs that it needs are there (C063, C064, contradiction 29)."""
    return bool(app.email_permission and app.terms_url and app.privacy_url)
