"""Which App is calling the token and revocation endpoints (RFC 6749 §2.3, §3.2.1, C195, C196).

A confidential client proves itself by HTTP Basic and in no other way; a public one only names itself by `client_id`. Some clients repeat
in the body what stands in the header (X facts 12.2): that is fine as long as it is the same, and refused when it is not (SR-089).
"""

import base64
import binascii
from urllib.parse import unquote_plus

import msgspec

from volary.db import Reader
from volary.developers.models import AppRow
from volary.developers.queries import app_by_client_id, client_secret_matches
from volary.kit.secrets import digest
from volary.oauth.oauth2.checks.client import is_client_id, may_ask
from volary.oauth.oauth2.errors import ClientRefused, Malformed, Missing

_LONGEST = 1_000


class Basic(msgspec.Struct, frozen=True):
    """What an Authorization header of the Basic scheme says."""

    user: str
    password: str


class Client(msgspec.Struct, frozen=True):
    """The App that calls, and the digest of the secret by which it proved so; None for a public client."""

    app: AppRow
    secret: bytes | None


async def authenticate(reader: Reader, headers: list[bytes], given: dict[str, str]) -> Client:
    """The client of a request with these Authorization headers and this body. Raises ClientRefused, Missing, Malformed."""
    basic = _basic_of(headers)
    client_id = basic.user if basic else given.get("client_id")
    if client_id is None:
        raise Missing("client_id")
    if given.get("client_id", client_id) != client_id:
        raise Malformed("Value passed for the client id did not match the authorization header.")
    if basic and given.get("client_secret", basic.password) != basic.password:
        raise Malformed("Value passed for the client secret did not match the authorization header.")
    app = await app_by_client_id(reader, client_id) if is_client_id(client_id) else None
    # A secret is looked up for an unknown client too, so that the two take the same time (SR-120).
    secret = digest(basic.password) if basic and basic.password else None
    proved = secret is not None and await client_secret_matches(reader, app.id if app else 0, secret)
    if app is None or not may_ask(app):
        why = "unknown client, or one that may not use OAuth 2.0"
        raise ClientRefused(why=why).because("client" if app is None else "client_off").named(app.id if app else 0)
    if app.confidential != proved or (secret is not None and not proved):
        reason = "client_secret" if secret is not None else "client_basic"
        why = f"app {app.id} did not send its secret by Basic, or sent a wrong one"
        raise ClientRefused(why=why).because(reason).named(app.id)
    return Client(app, secret)


def _basic_of(headers: list[bytes]) -> Basic | None:
    """The Basic credentials of a request; None where it has no Authorization header. Raises ClientRefused for any other header."""
    if not headers:
        return None
    basic = basic_of(headers)
    if basic is None:
        raise ClientRefused(why="the Authorization header is not one of Basic").because("client_basic")
    return basic


def basic_of(headers: list[bytes]) -> Basic | None:
    """User and password of the one Authorization header, form-decoded as RFC 6749 §2.3.1 has them encoded; None for anything else.

    Of the credentials that this server gives out, none changes by being decoded, so clients that do not encode are understood too.
    """
    if len(headers) != 1 or len(headers[0]) > _LONGEST:
        return None
    scheme, _, encoded = headers[0].partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        basic = Basic(unquote_plus(user, errors="strict"), unquote_plus(password, errors="strict"))
    except (binascii.Error, UnicodeDecodeError):
        return None
    return basic if colon and basic.user and "\0" not in basic.user + basic.password else None
