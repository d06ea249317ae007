"""Signing what is sent, in the form of the Standard Webhooks specification (https://www.standardwebhooks.com), which has libraries.

webhook-id: 1234567890123456789
webhook-timestamp: 1763800000                    seconds; receivers refuse what is older than five minutes
webhook-signature: v1,BASE64(HMAC-SHA256(secret, id "." timestamp "." body))
"""

import base64
import hashlib
import hmac

from volary.kit.secrets import mint

PREFIX = "whsec_"
PURPOSE = "webhook secret"
"""For which the secret is sealed."""


def new_secret() -> str:
    """A secret of 256 random bits, as receivers' libraries take it."""
    return PREFIX + base64.b64encode(base64.urlsafe_b64decode(mint() + "=")).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of exactly these bytes (SR-241)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
