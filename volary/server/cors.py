"""Which answers a browser may give to another site's script: only to Single page Apps, from the origins of their own callbacks.

Nothing else crosses origins, and never with cookies (design §6, SR-300, decision 0025):

    the request names an App          that App's own origins, if it is a Single page App
    its credentials are nobody's      a refusal (400, 401, 429) may be read by any Single page App: it tells only that there is no access
    it carries none, or is a          the same; a preflight never carries any, and its answer only says which methods and headers
    preflight                         there are
    it is signed, or sent with Basic  nobody: no script in a browser has such credentials
    the door opens by an address      nobody: it is the visitor's own, whoever wrote the script that asks
"""

from volary.api.answer import Answer
from volary.api.machine import RawCall
from volary.developers.queries.origins import is_spa_origin
from volary.kit.errors import Refusal
from volary.oauth.named import By, app_named

_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"600"),
)
_SHOWN = (
    b"access-control-expose-headers",
    b"x-access-level, x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset, retry-after, www-authenticate",
)
_NO_ACCESS = {400, 401, 429}
_BY_ADDRESS = {"/metrics"}
"""Doors that let in whoever sits at the right place, without credentials."""


class CrossOrigin:
    """Marks answers."""

    async def allow(self, raw: RawCall, answer: Answer) -> None:
        """Mark an answer as readable for the asking origin, where that is the calling Single page App's own."""
        origins = raw.headers_of(b"origin")
        if not origins:
            return
        answer.headers.append((b"vary", b"Origin"))
        if len(origins) > 1 or raw.path.rstrip("/") in _BY_ADDRESS:
            return
        try:
            readable = await _is_readable(raw, answer, origins[0].decode("latin-1"))
        except Refusal:  # the database is busy: the answer goes out, and no script reads it
            return
        if readable:
            answer.headers.append((b"access-control-allow-origin", origins[0]))
            answer.headers += _PREFLIGHT if raw.method == "OPTIONS" else (_SHOWN,)


async def _is_readable(raw: RawCall, answer: Answer, origin: str) -> bool:
    if raw.method == "OPTIONS":
        return await is_spa_origin(raw.db, origin)
    named = await app_named(raw, answer)
    if named.by is By.ELSEHOW or (named.by is By.UNKNOWN and answer.status not in _NO_ACCESS):
        return False
    return await is_spa_origin(raw.db, origin, named.app_id)
