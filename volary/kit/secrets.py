"""Secrets: made, digested, sealed, compared. Decision 0007 says which kind is kept in which way.

- What only has to be recognised and has 256 random bits (tokens) is kept as its SHA-256 digest.
- What must be replayed (the HMAC keys of OAuth 1.0a) is sealed with AES-256-GCM under the installation's key.
- What is short enough to guess (PINs, mail codes) is kept as a keyed HMAC, useless to whoever reads the database alone.
- What must be given again is derived from the key instead of being kept (the app-only bearer token, a refresh token's successor).
"""

import base64
import contextlib
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
_MARK = 6
"""The first bytes of a seal, by which its key is found: in base64 they are eight characters, without a rest."""


class SealBroken(Exception):
    """A sealed value cannot be opened: another key, another purpose, or changed bytes."""


def mint() -> str:
    """256 random bits as 43 characters of base64url."""
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def mint_alphanumeric(length: int) -> str:
    """Random letters and digits: 5.95 bits a character."""
    return mint_from(_ALPHANUMERIC, length)


def mint_from(alphabet: str, length: int) -> str:
    """Random characters of an alphabet."""
    return "".join(_random.choice(alphabet) for _ in range(length))


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
    """The installation's keys: the current one, with which everything new is made, and others, which still open what they sealed.

    Each has an id, which tells nothing of it. `each` gives them one by one, the current one first, for what was not sealed but derived
    from a key: a form or a page token of a moment ago must still hold while the installation changes its key (decision 0031).
    """

    def __init__(self, *masters: bytes) -> None:
        self._hold(tuple(_Key(master) for master in masters))

    @property
    def key_id(self) -> str:
        """The id of the current key."""
        return self._keys[0].id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, the current one first."""
        return tuple(key.id for key in self._keys)

    def mark_of(self, key_id: str) -> bytes:
        """What everything begins with that a key sealed."""
        return bytes.fromhex(key_id)[:_MARK]

    def seal(self, purpose: str, plain: str) -> bytes:
        """Encrypt and authenticate a text; the purpose is needed again to open it."""
        return self._keys[0].mark + self._keys[0].seal(purpose, plain)

    def unseal(self, purpose: str, sealed: bytes) -> str:
        """Open what `seal` made for the same purpose under any of the keys. Raises SealBroken."""
        for key in self._keys:
            if sealed.startswith(key.mark):
                with contextlib.suppress(InvalidTag, ValueError):
                    return key.unseal(purpose, sealed[_MARK:])
        for key in self._keys:  # sealed before seals were marked
            with contextlib.suppress(InvalidTag, ValueError):
                return key.unseal(purpose, sealed)
        raise SealBroken(purpose)

    def mac(self, purpose: str, *parts: str) -> bytes:
        """HMAC-SHA256 over the parts, each with its length, so that no two lists of parts give the same bytes."""
        message = b"".join(len(part).to_bytes(8) + part for part in map(_bytes, parts))
        return hmac.digest(self._keys[0].sub("mac " + purpose), message, "sha256")

    def derived(self, purpose: str, *parts: str) -> str:
        """A token of 256 bits that can be made again from the key and the same parts."""
        return base64.urlsafe_b64encode(self.mac(purpose, *parts)).rstrip(b"=").decode()

    def turn_to(self, key_id: str) -> bool:
        """Make a key that is here the current one; False when it is not here."""
        found = tuple(key for key in self._keys if key.id == key_id)
        if found:
            self._hold(found + tuple(key for key in self._keys if key.id != key_id))
        return bool(found)

    def learn(self, others: "Keyring") -> None:
        """Take in the keys of another ring that are not here yet. The current key stays."""
        self._hold(self._keys + tuple(key for one in others.each for key in one._keys if key.id not in self.key_ids))  # noqa: SLF001 - of the same class

    def forget(self, key_id: str) -> bool:
        """Let go of a key, but never of the current one. Whether it was here."""
        kept = tuple(key for key in self._keys if key.id != key_id or key is self._keys[0])
        forgotten = len(kept) < len(self._keys)
        if forgotten:
            self._hold(kept)
        return forgotten

    def _hold(self, keys: tuple["_Key", ...]) -> None:
        if not keys:
            raise ValueError("an installation has a key")
        self._keys = tuple({key.id: key for key in keys}.values())
        self.each: tuple[Keyring, ...] = (self,) if len(self._keys) == 1 else tuple(map(self._alone, self._keys))

    @classmethod
    def _alone(cls, key: "_Key") -> "Keyring":
        ring = cls.__new__(cls)
        ring._hold((key,))  # noqa: SLF001 - of the same class
        return ring


class _Key:
    """One key of 32 bytes and what is derived from it. One subkey for each purpose, so that no value can stand in for another."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the installation's key has 32 bytes")
        self._master = master
        self.sub = lru_cache(maxsize=256)(self._derive)
        self.id = self._derive("key id").hex()[:16]
        self.mark = bytes.fromhex(self.id)[:_MARK]

    def seal(self, purpose: str, plain: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.sub("seal " + purpose)).encrypt(nonce, plain.encode(), None)

    def unseal(self, purpose: str, sealed: bytes) -> str:
        return AESGCM(self.sub("seal " + purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()

    def _derive(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"volary " + purpose.encode()).derive(self._master)


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
