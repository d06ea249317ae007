"""PKCE (RFC 7636): every request carries a challenge, whatever the type of App (RFC 9700 §2.1.1, C211).

X's documents ask for it too, though some of X's clients leave it out: such a client is refused, since a code without a challenge can be
used by whoever sees it (SR-077). Likewise a challenge has the length that the RFC asks for, though X's own examples use shorter ones.

`plain` is taken unless the installation or the App says no (decision 0014, D1). A missing method means `plain` and nothing else, so a
request is never judged by a weaker or another method than it named (SR-078).
"""

import base64
import hashlib
import re

from volary.developers.models import AppRow
from volary.oauth.oauth2.errors import BackRefusal
from volary.oauth.oauth2.parameters import Query
from volary.oauth.tokens import Challenge
from volary.settings import Settings

S256, PLAIN = "S256", "plain"
_METHODS = {"s256": S256, "plain": PLAIN}
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def check(query: Query, app: AppRow, settings: Settings) -> Challenge:
    """The challenge. Raises BackRefusal."""
    if "code_challenge_method" in query.repeated:
        raise BackRefusal("invalid_request", query.lack("code_challenge_method"))
    # twitter-api-v2 writes the method in lower case (X facts 12.2).
    method = _METHODS.get((query.once("code_challenge_method") or PLAIN).lower())
    challenge = query.once("code_challenge")
    if method is None:
        raise BackRefusal("invalid_request", "code_challenge_method must be S256 or plain.")
    if challenge is None:
        raise BackRefusal("invalid_request", query.lack("code_challenge"))
    if method == PLAIN and not (settings.pkce_plain and app.pkce_plain):
        raise BackRefusal(
            "invalid_request", "code_challenge_method must be S256: plain, which a missing one means, is switched off."
        )
    if not (_S256_CHALLENGE if method == S256 else _VERIFIER).fullmatch(challenge):
        raise BackRefusal("invalid_request", f"code_challenge has not the form that RFC 7636 gives it for {method}.")
    return Challenge(challenge if method == S256 else hashed(challenge), method)


def is_verifier(text: str) -> bool:
    """Whether a text has the form of a verifier (RFC 7636 §4.1)."""
    return _VERIFIER.fullmatch(text) is not None


def hashed(verifier: str) -> str:
    """RFC 7636 §4.2's BASE64URL(SHA256(verifier))."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
