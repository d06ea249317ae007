"""What OAuth 1.0a refuses with: X's codes, statuses and sentences (X facts 1.7).

    Numbered
    ├── BadData                  400  215  no credentials that could be read
    ├── NotAuthenticated         401   32  unknown key, wrong signature, used nonce: all told alike
    ├── WrongTime                401  135  the timestamp is too far from the server's clock
    ├── DeadToken                401   89  the token is unknown, expired, revoked, invalidated, used
    ├── AppRefused               401  416  the app is suspended or has OAuth 1.0a switched off
    ├── OnlyOutOfBand            401  417  a callback was asked for, the app has none configured
    ├── CallbackNotApproved      403  415  the callback is not on the app's allowlist
    ├── MissingParameter         403   38  a parameter of the endpoint is not there
    └── NotPermitted             403   87  something that no app may do here (xAuth)

Each takes a private `why`, which is for the log alone: a caller never learns which part of its proof was wrong.
"""

from volary.api.errors import Numbered


class BadData(Numbered):
    """The request carries no OAuth parameters that could be read, or one of them twice (RFC 5849 §3.1, §3.2)."""

    def __init__(self, why: str = "", message: str = "Bad Authentication data.") -> None:
        super().__init__(400, 215, message, why)


class NotAuthenticated(Numbered):
    """The signature does not prove who is calling (RFC 5849 §3.2)."""

    def __init__(self, why: str = "", message: str = "Could not authenticate you.") -> None:
        super().__init__(401, 32, message, why)


class WrongTime(Numbered):
    """The timestamp is no number, or more than five minutes away from the server's clock (RFC 5849 §3.3)."""

    def __init__(self, why: str = "") -> None:
        super().__init__(401, 135, "Could not authenticate you (timestamp out of bounds)", why)


class DeadToken(Numbered):
    """The token is not valid, or not any more."""

    def __init__(self, why: str = "", message: str = "Invalid or expired token.") -> None:
        super().__init__(401, 89, message, why)


class AppRefused(Numbered):
    """The app is suspended, or its OAuth 1.0a is switched off (C176, C187)."""

    def __init__(self, app_id: int, *, suspended: bool) -> None:
        why = f"App {app_id} is suspended, or its OAuth 1.0a is off"
        super().__init__(401, 416, "Invalid / suspended application", why)
        self.because("app_suspended" if suspended else "oauth1_off").named(app_id, proven=True)


class OnlyOutOfBand(Numbered):
    """The app has no callback URL configured. The PIN flow needs a configured one as well (X facts 1.4, 8.4)."""

    def __init__(self, why: str = "") -> None:
        super().__init__(401, 417, "Desktop applications only support the oauth_callback value 'oob'", why)


class CallbackNotApproved(Numbered):
    """The callback is not, letter by letter, on the app's allowlist (C217, C227). `advice` says what to look at (C229, C230)."""

    def __init__(self, advice: str = "") -> None:
        message = "Callback URL not approved for this client application. "
        message += "Approved callback URLs can be adjusted in your application settings"
        super().__init__(403, 415, f"{message}. {advice}" if advice else message)


class MissingParameter(Numbered):
    """A parameter that the endpoint needs is not there, or is empty."""

    def __init__(self, name: str) -> None:
        super().__init__(403, 38, f"{name} parameter is missing.", f"{name} is missing")


class NotPermitted(Numbered):
    """What was asked for is closed to every app."""

    def __init__(self, why: str = "") -> None:
        super().__init__(403, 87, "Client is not permitted to perform this action.", why)
