"""Signed requests by the thousand, made before the measurement, so that making them does not count."""

import base64
import hashlib
import hmac
import time
from urllib.parse import quote


def authorizations(url: str, key: str, key_secret: str, token: str, token_secret: str, count: int) -> list[str]:
    """Authorization headers for GET requests of one URL without a query, each with an own nonce (RFC 5849 §3.5.1)."""
    secret = f"{key_secret}&{token_secret}".encode()
    second = str(int(time.time()))
    made = []
    for number in range(count):
        values = {
            "oauth_consumer_key": key,
            "oauth_nonce": f"bench{number:09}",
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": second,
            "oauth_token": token,
            "oauth_version": "1.0",
        }
        normalized = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
        base = f"GET&{quote(url, safe='')}&{quote(normalized, safe='')}".encode()
        values["oauth_signature"] = base64.b64encode(hmac.digest(secret, base, hashlib.sha1)).decode()
        made.append("OAuth " + ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in values.items()))
    return made
