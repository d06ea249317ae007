"""Secrets: made, digested, sealed, compared. Decision 0007 says which kind is kept in which way.

- What only has to be recognised and has 256 random bits (tokens) is kept as its SHA-256 digest.
- What must be replayed (the HMAC keys of OAuth 1.0a) is sealed with AES-256-GCM under the installation's key.
- What is short enough to guess (PINs, mail codes) is kept as a keyed HMAC, useless to whoever reads the database alone.
- What must be given again is derived from the key instead of being kept (the app-only bearer token, a refresh token's successor).
"""

import base64
import hashlib
import hmac
import os
import secrets as _random
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_NONCE = 12


class SealBroken(Exception):
    """A sealed value cannot be opened: another key, another purpose, or changed bytes."""


def mint() -> str:
    """256 random bits as 43 characters of base64url."""
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def mint_alphanumeric(length: int) -> str:
    """Random letters and digits: 5.95 bits a character."""
    return "".join(_random.choice(_ALPHANUMERIC) for _ in range(length))


def mint_pin() -> str:
    """Seven random digits, the first not zero, for a person to type (X facts 1.4)."""
    return str(1_000_000 + _random.randbelow(9_000_000))


def digest(token: str) -> bytes:
    """SHA-256 of a random token: the form in which it is kept and looked up."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def same(left: str | bytes, right: str | bytes) -> bool:
    """Compare in constant time. Text is compared as UTF-8."""
    return hmac.compare_digest(_bytes(left), _bytes(right))


class Keyring:
    """The installation's key and what is derived from it. One subkey for each purpose, so that no value can stand in for another."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the installation's key has 32 bytes")
        self._master = master
        self._sub = lru_cache(maxsize=256)(self._derive)
        self.key_id = self._derive("key id").hex()[:16]

    def seal(self, purpose: str, plain: str) -> bytes:
        """Encrypt and authenticate a text; the purpose is needed again to open it."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._sub("seal " + purpose)).encrypt(nonce, plain.encode(), None)

    def unseal(self, purpose: str, sealed: bytes) -> str:
        """Open what `seal` made for the same purpose. Raises SealBroken."""
        try:
            return AESGCM(self._sub("seal " + purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken(purpose) from error

    def mac(self, purpose: str, *parts: str) -> bytes:
        """HMAC-SHA256 over the parts, each with its length, so that no two lists of parts give the same bytes."""
        message = b"".join(len(part).to_bytes(8) + part for part in map(_bytes, parts))
        return hmac.digest(self._sub("mac " + purpose), message, "sha256")

    def derived(self, purpose: str, *parts: str) -> str:
        """A token of 256 bits that can be made again from the key and the same parts."""
        return base64.urlsafe_b64encode(self.mac(purpose, *parts)).rstrip(b"=").decode()

    def _derive(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"volary " + purpose.encode()).derive(self._master)


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
