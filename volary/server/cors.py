"""Which answers a browser may give to another site's script: only to Single page Apps, from the origins of their own callbacks.

Nothing else crosses origins, and never with cookies (design §6, SR-300). Whoever asks needs credentials of its own, which a browser
adds to no request by itself; so it is enough that some live Single page App has the origin, and a preflight, which carries no
credentials, can be answered alike.
"""

from volary.api.answer import Answer
from volary.api.machine import RawCall
from volary.developers.queries.origins import is_spa_origin

_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"600"),
)
_SHOWN = (
    b"access-control-expose-headers",
    b"x-access-level, x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset, retry-after, www-authenticate",
)


class CrossOrigin:
    """Marks answers."""

    async def allow(self, raw: RawCall, answer: Answer) -> None:
        """Mark an answer as readable for the asking origin, where that is a Single page App's."""
        origins = raw.headers_of(b"origin")
        if not origins:
            return
        answer.headers.append((b"vary", b"Origin"))
        if len(origins) > 1 or not await is_spa_origin(raw.db, origins[0].decode("latin-1")):
            return
        answer.headers.append((b"access-control-allow-origin", origins[0]))
        answer.headers += _PREFLIGHT if raw.method == "OPTIONS" else (_SHOWN,)
