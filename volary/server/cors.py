"""Which answers a browser may give to another site's script: only to Single page Apps, from the origins of their own callbacks.

Nothing else crosses origins, and never with cookies (design §6, SR-300). A preflight request carries no credentials, so it can only be
asked whether any live Single page App has that origin; the answer itself is then checked by its own caller.
"""

from collections.abc import Iterable

from volary.api.answer import Answer
from volary.api.machine import RawCall
from volary.developers.queries.origins import is_spa_origin

_METHODS = b"GET, POST, PUT, DELETE"
_ASKED = b"access-control-request-method"


class CrossOrigin:
    """Answers preflights and marks answers."""

    async def preflight(self, raw: RawCall, methods: Iterable[str]) -> Answer | None:
        """The answer to a preflight, or None when the request is none."""
        if raw.method != "OPTIONS" or raw.header(_ASKED) is None or "OPTIONS" in methods:
            return None
        return Answer(204, content_type=b"", headers=[(b"vary", b"Origin")])

    async def allow(self, raw: RawCall, answer: Answer) -> None:
        """Mark an answer as readable for the asking origin, where that is a Single page App's."""
        origin = raw.header(b"origin")
        if origin is None or not await is_spa_origin(raw.db, origin.decode("latin-1")):
            return
        answer.headers.append((b"access-control-allow-origin", origin))
        answer.headers.append((b"vary", b"Origin"))
        if raw.method == "OPTIONS":
            answer.headers.append((b"access-control-allow-methods", _METHODS))
            answer.headers.append((b"access-control-allow-headers", b"authorization, content-type"))
            answer.headers.append((b"access-control-max-age", b"600"))
        else:
            answer.headers.append(
                (
                    b"access-control-expose-headers",
                    b"x-access-level, x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset",
                )
            )
