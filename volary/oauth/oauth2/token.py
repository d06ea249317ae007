"""The token endpoint behind its door: which grant type, which parameters it needs, and the answer (RFC 6749 §3.2, §5.1)."""

from volary.db import Database
from volary.developers.models import AppRow
from volary.oauth.oauth2.errors import GrantTypeUnknown, Missing, TokenRefusal
from volary.oauth.oauth2.grant_types.authorization_code import exchange
from volary.oauth.oauth2.grant_types.refresh_token import refresh
from volary.oauth.tokens import Issued
from volary.oauth.turns import Turns


async def grant(db: Database, turns: Turns, app: AppRow, given: dict[str, str], address: str) -> dict[str, object]:
    """The answer's JSON. Raises TokenRefusal, after what the refusal leaves behind was committed."""
    kind = _needed(given, "grant_type")
    if kind == "authorization_code":
        code = _needed(given, "code")
        redirect_uri, verifier = _needed(given, "redirect_uri"), _needed(given, "code_verifier")
        async with turns.of(code):
            outcome = await db.write(exchange, app, code, redirect_uri, verifier, address=address)
    elif kind == "refresh_token":
        token = _needed(given, "refresh_token")
        async with turns.of(token):
            outcome = await db.write(refresh, app, token, given.get("scope"), address=address)
    else:
        raise GrantTypeUnknown(why=f"grant_type {kind[:50]!r}").because("grant_type")
    if isinstance(outcome, TokenRefusal):
        raise outcome
    return answer(outcome, db.now)


def answer(issued: Issued, now: int) -> dict[str, object]:
    """X's members in X's order (X facts 2.3)."""
    body: dict[str, object] = {
        "token_type": "bearer",
        "expires_in": max(0, issued.expires_at - now) // 1000,
        "access_token": issued.access,
        "scope": issued.scopes,
    }
    if issued.refresh is not None:
        body["refresh_token"] = issued.refresh
    return body


def _needed(given: dict[str, str], name: str) -> str:
    value = given.get(name)
    if value is None:
        raise Missing(name)
    return value
