"""One-time codes of an authenticator app (RFC 6238): six digits, a new one each half minute, and the picture that sets the app up."""

import hmac

import pyotp
import segno

SECONDS = 30
DRIFT = 1
"""Codes of one half minute before and after are taken: clocks differ, and people type slowly (RFC 6238 §5.2)."""


def new_secret() -> str:
    """160 random bits in the form that people can type."""
    return pyotp.random_base32()


def address_of(secret: str, username: str, site: str) -> str:
    """The `otpauth:` address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=site)


def picture_of(address: str) -> str:
    """The address as a QR code: a `data:` URL of black on white, also in the dark, with the quiet edge that readers need."""
    return segno.make(address, error="m", micro=False).svg_data_uri(light="#fff", border=4, scale=5)


def counter_of(secret: str, code: str, now: int) -> int | None:
    """The number of the half minute that a code belongs to; None for no code of now. Every candidate is compared, in constant time."""
    typed = "".join(code.split()).encode("utf-8", "surrogatepass")
    here, found = now // 1000 // SECONDS, None
    totp = pyotp.TOTP(secret)
    for counter in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(counter).encode(), typed):
            found = counter
    return found
