"""What OAuth 1.0a refuses with: X's codes, statuses and sentences (X facts 1.7).

    OAuth1Refusal
    ├── BadData                  400  215  no credentials that could be read
    ├── NotAuthenticated         401   32  unknown key, wrong signature, used nonce: all told alike
    │   └── WrongTime            401  135  the timestamp is too far from the server's clock
    ├── DeadToken                401   89  the access token is unknown, revoked or invalidated
    ├── AppRefused               401  416  the app is suspended or has OAuth 1.0a switched off
    ├── CallbackNotApproved      403  415  the callback is not on the app's allowlist
    └── OnlyOutOfBand            401  417  a URL was asked for, the app has none

`DeadToken` is told only to whoever signed with the right secrets of a token that lived once; a stranger gets `NotAuthenticated`.
"""

from volary.kit.errors import Refusal


class OAuth1Refusal(Refusal):
    """A refusal with one of X's numbers. `message` is the sentence that is printed, `why` is for the log alone."""

    status = 401
    code = 32
    sentence = "Could not authenticate you."

    def __init__(self, why: str = "", message: str = "") -> None:
        super().__init__(message or self.sentence, why=why)


class BadData(OAuth1Refusal):
    """The request carries no OAuth parameters that could be read, or one of them twice (RFC 5849 §3.1, §3.2)."""

    status = 400
    code = 215
    sentence = "Bad Authentication data."


class NotAuthenticated(OAuth1Refusal):
    """The signature does not prove who is calling. Which part was wrong is told to the log only (RFC 5849 §3.2)."""


class WrongTime(NotAuthenticated):
    """The timestamp is no number, or more than five minutes away from the server's clock (RFC 5849 §3.3)."""

    code = 135
    sentence = "Could not authenticate you (timestamp out of bounds)"


class DeadToken(OAuth1Refusal):
    """The access token is not valid, or not any more."""

    code = 89
    sentence = "Invalid or expired token."


class AppRefused(OAuth1Refusal):
    """The app is suspended, or its OAuth 1.0a is switched off (C187)."""

    code = 416
    sentence = "Invalid / suspended application"


class CallbackNotApproved(OAuth1Refusal):
    """The callback is not, letter by letter, on the app's allowlist (C217, C227)."""

    status = 403
    code = 415
    sentence = (
        "Callback URL not approved for this client application. "
        "Approved callback URLs can be adjusted in your application settings"
    )


class OnlyOutOfBand(OAuth1Refusal):
    """The app has no callback URL configured, so it cannot ask for one; the PIN flow needs a configured one too (X facts 1.4)."""

    code = 417
    sentence = "Desktop applications only support the oauth_callback value 'oob'"
