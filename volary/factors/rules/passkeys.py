"""Passkeys as WebAuthn defines them: what a browser is asked, and whether its answer proves anything. Yubico's fido2 does the arithmetic.

The library is loaded where a passkey is used: it takes as long as a third of a start, and most requests need none of it.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from volary.factors.errors import PasskeyRefused
from volary.factors.rules.challenges import from_wire

if TYPE_CHECKING:
    from fido2.server import Fido2Server

LONGEST_NAME = 50
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
"""What fido2 raises for answers that are none, beside what is wrong with those that are."""


class Party(msgspec.Struct, frozen=True):
    """Who asks: the host to which passkeys belong, the site's name, and the origins at which they may be used."""

    id: str
    name: str
    origins: tuple[str, ...]


class Made(msgspec.Struct, frozen=True):
    """A new passkey."""

    credential_id: bytes
    credential: bytes
    sign_count: int


class Shown(msgspec.Struct, frozen=True):
    """What an answer claims before it is verified: which passkey, which account's, and which challenge it answers."""

    credential_id: bytes
    user_handle: bytes
    challenge: bytes


def party_of(public_url: str, origins: Sequence[str], site: str) -> Party | None:
    """Who asks for passkeys on this installation; None where browsers have none: at an IP address, and without https.

    A passkey belongs to the host of the public URL, and is offered at the origins that share it (WebAuthn §5.1.2).
    """
    host = urlsplit(public_url).hostname or ""
    fitting = tuple(origin for origin in origins if _has_passkeys(origin, host))
    return Party(host, site, fitting) if fitting else None


def _has_passkeys(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    named = (parts.hostname or "") == host and any(letter.isalpha() for letter in host) and ":" not in host
    return named and (parts.scheme == "https" or host == "localhost")


def asked_to_add(
    party: Party, challenge: bytes, account_id: int, username: str, name: str, held: Sequence[bytes]
) -> str:
    """What the browser is asked to make a passkey with, as JSON. It must verify the person, and be found without a username."""
    from fido2.webauthn import PublicKeyCredentialUserEntity as User

    options, _state = _server(party).register_begin(
        User(id=handle_of(account_id), name=username, display_name=name),
        _descriptors(held),
        challenge=challenge,
        resident_key_requirement=_required("ResidentKeyRequirement"),
        user_verification=_required("UserVerificationRequirement"),
    )
    return _json(options.public_key)


def asked_to_prove(party: Party, challenge: bytes, held: Sequence[bytes] = ()) -> str:
    """What the browser is asked to prove a passkey with, as JSON: one of those that are `held`, or any that it has for this host."""
    verification = _required("UserVerificationRequirement")
    options, _state = _server(party).authenticate_begin(
        _descriptors(held) or None, challenge=challenge, user_verification=verification
    )
    return _json(options.public_key)


def made(party: Party, challenge: bytes, answer: str) -> Made:
    """The passkey that a browser made for a challenge. Raises PasskeyRefused."""
    try:
        found = _server(party).register_complete(_state_of(challenge), _read(answer))
    except _UNREADABLE as error:
        raise PasskeyRefused(f"registration: {error}") from error
    credential = found.credential_data
    if credential is None:
        raise PasskeyRefused("registration without a credential")
    return Made(credential.credential_id, bytes(credential), found.counter)


def shown(answer: str) -> Shown:
    """What an answer says of itself. Raises PasskeyRefused for one that cannot be read."""
    from fido2.webauthn import AuthenticationResponse

    try:
        read = AuthenticationResponse.from_dict(_read(answer))
        client = read.response.client_data
        if client.cross_origin:
            raise PasskeyRefused("the answer was given inside another site's page")
        return Shown(read.raw_id, read.response.user_handle or b"", client.challenge)
    except _UNREADABLE as error:
        raise PasskeyRefused(f"assertion: {error}") from error


def challenge_in(answer: str) -> bytes:
    """Which challenge a registration answers; empty for what cannot be read."""
    try:
        client = json.loads(from_wire(_read(answer)["response"]["clientDataJSON"]))
        return from_wire(client["challenge"])
    except (PasskeyRefused, *_UNREADABLE):
        return b""


def proved(party: Party, challenge: bytes, credential: bytes, answer: str) -> int:
    """Verify that a passkey answered a challenge, with its person verified; its counter as it is now. Raises PasskeyRefused."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        _server(party).authenticate_complete(_state_of(challenge), [AttestedCredentialData(credential)], response)
    except _UNREADABLE as error:
        raise PasskeyRefused(f"assertion: {error}") from error
    return response.response.authenticator_data.counter


def moved_on(before: int, now: int) -> bool:
    """Whether a passkey's counter shows no copy of it: it grew, or the authenticator counts nothing (WebAuthn §7.2 step 22)."""
    return now > before or now == before == 0


def handle_of(account_id: int) -> bytes:
    """By what name authenticators know an account: its id, which is public and tells nothing of the person (WebAuthn §14.6.1)."""
    return account_id.to_bytes(8)


def _server(party: Party) -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    rp = PublicKeyCredentialRpEntity(id=party.id, name=party.name)
    return Fido2Server(rp, verify_origin=lambda origin: origin in party.origins)


def _state_of(challenge: bytes) -> dict[str, Any]:
    from fido2.utils import websafe_encode

    return {
        "challenge": websafe_encode(challenge),
        "user_verification": _required("UserVerificationRequirement"),
    }


def _required(kind: str) -> Any:
    from fido2 import webauthn

    return getattr(webauthn, kind).REQUIRED


def _descriptors(held: Sequence[bytes]) -> list[Any]:
    from fido2.webauthn import PublicKeyCredentialDescriptor, PublicKeyCredentialType

    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=one) for one in held]


def _json(options: Any) -> str:
    return json.dumps(_plain(options))


def _plain(value: Any) -> Any:
    """fido2's mappings as JSON has them."""
    if hasattr(value, "items"):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _read(answer: str) -> dict[str, Any]:
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise PasskeyRefused("the answer is no object")
    return read
