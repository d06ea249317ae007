"""Who is calling the API: from a request's credentials to a Caller, once per request (design: one request).

The schemes are tried in a fixed order, and each stands alone: two Authorization headers, or a bearer token beside a signature, are
refused whatever they hold (SR-118). Cookies, and tokens in a query or a body, are no credentials here (SR-148).
"""

from volary.access.caller import Caller
from volary.api.errors import Numbered
from volary.api.machine import RawCall
from volary.kit.errors import Clue, Refusal, Unauthenticated
from volary.kit.secrets import digest
from volary.oauth.oauth1.caller import caller_from_oauth1
from volary.oauth.oauth1.verify import carries_signature
from volary.oauth.oauth2 import app_only, bearer
from volary.oauth.uses import Uses


async def identify(raw: RawCall) -> Caller:
    """The caller. Raises Unauthenticated on v2, and X's numbered errors on v1.1, when there is none or not a valid one."""
    headers = raw.headers_of(b"authorization")
    if len(headers) == 1 and headers[0][:7].lower() == b"bearer ":
        return await _by_bearer(raw, headers[0])
    if len(headers) <= 1 and signed(raw):
        return await caller_from_oauth1(raw)
    raise _nobody(raw, "no credentials, or too many").because("credentials_many" if headers else "credentials_none")


def signed(raw: RawCall) -> bool:
    """Whether a request means to carry an OAuth 1.0a signature: in its Authorization header, or without one in its query or form."""
    return carries_signature(raw.header(b"authorization"), raw.query_string, raw.form)


async def _by_bearer(raw: RawCall, header: bytes) -> Caller:
    if carries_signature(None, raw.query_string, raw.form) or b"access_token=" in raw.query_string:
        raise _nobody(raw, "credentials of two kinds").because("credentials_many")
    token = header[7:].strip(b" ").decode("latin-1")
    uses, now = raw.resources[Uses], raw.db.now
    if app_only.is_app_only(token):
        key = digest(token)
        caller = await app_only.caller_of(raw.db, key)
        if caller is not None:
            uses.credential(key, now)
    else:
        caller = await bearer.caller_of(raw.db, token)
        if caller is not None and caller.grant_id is not None and caller.family_id is not None:
            uses.family(caller.family_id, caller.grant_id, now, raw.address)
    if caller is None:
        raise _invalid(raw, token)
    return caller


def _nobody(raw: RawCall, why: str) -> Refusal:
    """No credentials that could be read: v1.1 has its own number for that (X facts 1.7, 4.3)."""
    if raw.path.startswith("/2/"):
        return Unauthenticated("Unauthorized", why=why)
    return Numbered(400, 215, "Bad Authentication data.", why)


def _invalid(raw: RawCall, token: str) -> Refusal:
    """A token that is unknown, expired or was ended: all told alike (SR-186)."""
    why = "the bearer token is unknown, expired or ended"
    if raw.path.startswith("/2/"):
        refusal: Refusal = Unauthenticated("Unauthorized", why=why)
    else:
        refusal = Numbered(401, 89, "Invalid or expired token.", why)
    refusal.clue = Clue("app_token" if app_only.is_app_only(token) else "token", token=digest(token))
    return refusal
