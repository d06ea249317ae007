"""What OAuth 2.0 refuses with. Each refusal knows X's words (the default, X facts 2.4) and RFC 6749's (`standard_errors`).

    Refusal
    ├── BackRefusal                     the browser takes it back to the app (RFC 6749 §4.1.2.1)
    └── TokenRefusal               400  JSON at the token and revocation endpoints
        ├── Missing                400  a parameter is not there
        ├── Malformed              400  the body cannot be read, or holds a parameter twice
        ├── ClientRefused          401  the client did not prove who it is
        ├── CodeRefused            400  code unknown, expired, used, another app's: all told alike
        ├── RedirectDiffers        400  the redirect URI is not that of the authorization request
        ├── VerifierWrong          400  PKCE
        ├── RefreshRefused         400  refresh token unknown, rotated, revoked, another app's: all told alike
        ├── ScopeTooWide           400  a refresh asks for more than was granted
        └── GrantTypeUnknown       400

A refusal that must leave a trace (a try that counts, a family that ends) is returned by its action instead of being raised there:
raising would undo the trace.
"""

from volary.kit.errors import Refusal


class BackRefusal(Refusal):
    """An authorization request is wrong, and its way back is known to be right. `error` is RFC 6749 §4.1.2.1's name.

    `description` goes along to the app as `error_description`: it names the parameter, for its developer, and repeats nothing of what
    was sent, which may be a stranger's words. `why` is for the log alone.
    """

    def __init__(self, error: str, description: str, why: str = "") -> None:
        super().__init__(description, why=why or description)
        self.error = error


class TokenRefusal(Refusal):
    """A request at the token or revocation endpoint is refused. `error` is X's name for it, `standard` RFC 6749 §5.2's."""

    error = "invalid_request"
    standard = "invalid_request"
    description = ""

    def __init__(self, description: str = "", *, why: str = "") -> None:
        super().__init__(description or self.description, why=why)


class Missing(TokenRefusal):
    """A parameter that is needed is not there, or is empty."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Missing required parameter [{name}].")


class Malformed(TokenRefusal):
    """The request cannot be read in one way only (RFC 6749 §3.2)."""


class ClientRefused(TokenRefusal):
    """Nobody is known to be calling, or not with the right secret; unknown and suspended clients are told the same (SR-088)."""

    status = 401
    error = "unauthorized_client"
    standard = "invalid_client"
    description = "Missing valid authorization header"


class CodeRefused(TokenRefusal):
    """The code gives nothing. Why is for the log alone."""

    standard = "invalid_grant"
    description = "Value passed for the authorization code was invalid."


class RedirectDiffers(TokenRefusal):
    """The redirect URI is not the one for which the code was given (RFC 6749 §4.1.3)."""

    standard = "invalid_grant"
    description = "Value passed for the redirect uri did not match the uri of the authorization code."


class VerifierWrong(TokenRefusal):
    """The verifier does not belong to the challenge (RFC 7636 §4.6)."""

    standard = "invalid_grant"
    description = "Value passed for the code verifier did not match the code challenge."


class RefreshRefused(TokenRefusal):
    """The refresh token gives nothing. Why is for the log alone."""

    standard = "invalid_grant"
    description = "Value passed for the token was invalid."


class ScopeTooWide(TokenRefusal):
    """A refresh may ask for less than was granted, never for more (RFC 6749 §6)."""

    error = standard = "invalid_scope"
    description = "The requested scope was not granted by the account."


class GrantTypeUnknown(TokenRefusal):
    """A grant type that this endpoint does not have (RFC 9700 §2.4)."""

    error = standard = "unsupported_grant_type"
    description = "Value passed for the grant type was invalid."
