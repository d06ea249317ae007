"""The HMAC keys of signatures: unsealed once, then kept in memory for as long as they are in use."""

from volary.developers.rules.credentials import SECRET_PURPOSE
from volary.kit.secrets import Keyring, SealBroken, mint
from volary.oauth.oauth1.signature import signing_key

TOKEN_SECRET = "oauth1 token secret"
"""The purpose under which secrets of request and access tokens are sealed."""

NO_TOKEN = b""
"""Stands for the sealed secret where a request is signed with the consumer's secret alone (the first leg)."""

_MOST = 10_000


class SigningKeys:
    """Keys by the sealed secrets that they are made of. A rotated secret is another key, so nothing here can be out of date.

    Whoever has no key (an unknown consumer, an unknown token) gets one that fits nothing, and the same work is done with it: time
    does not tell which part was unknown (SR-120).
    """

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], bytes] = {}
        self._fits_nothing = signing_key(mint(), mint())

    def of(self, keys: Keyring, consumer: bytes | None, token: bytes | None) -> bytes:
        """The HMAC key for a consumer's and a token's sealed secrets."""
        if consumer is None or token is None:
            return self._fits_nothing
        found = self._known.get((consumer, token))
        if found is None:
            found = self._made(keys, consumer, token)
        return found

    def _made(self, keys: Keyring, consumer: bytes, token: bytes) -> bytes:
        try:
            token_secret = keys.unseal(TOKEN_SECRET, token) if token else ""
            made = signing_key(keys.unseal(SECRET_PURPOSE, consumer), token_secret)
        except SealBroken:  # it was sealed with another installation's key
            return self._fits_nothing
        if len(self._known) >= _MOST:
            self._known.pop(next(iter(self._known)))
        self._known[consumer, token] = made
        return made
