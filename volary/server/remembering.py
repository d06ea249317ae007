"""Whether Valkey keeps what it is given. One that throws keys away when its memory is full forgets nonces that are still needed, and a
signed request that somebody recorded is let in a second time (SR-343).
"""

import logging
from typing import TYPE_CHECKING, Any

from volary.db.errors import CannotStart, first_line

if TYPE_CHECKING:
    from valkey.asyncio import Valkey

log = logging.getLogger("volary")

_KEEPS = "noeviction"
_PATIENCE = 2.0


async def require_memory(url: str) -> None:
    """Raise CannotStart for a Valkey that throws keys away. One that does not answer or does not tell is let be, with a warning: it may
    come in a moment, and what needs it is refused until then.
    """
    from valkey.asyncio import Valkey
    from valkey.exceptions import ValkeyError

    client: Valkey = Valkey.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    try:
        policy = await throws_away(client)
    except (ValkeyError, OSError, TimeoutError) as error:
        log.warning("Valkey does not tell whether it keeps what it is given: %s", first_line(error))
        return
    finally:
        await client.aclose()
    if policy:
        raise CannotStart(f"Valkey {what_is_wrong(policy)}")


async def throws_away(client: "Valkey") -> str:
    """The policy by which a Valkey throws keys away when its memory is full, or nothing when it keeps them or has no limit."""
    told: dict[str, Any] = await client.info("memory")
    policy = str(told.get("maxmemory_policy", _KEEPS))
    return policy if int(told.get("maxmemory", 0)) and policy != _KEEPS else ""


def what_is_wrong(policy: str) -> str:
    """The same words for the start and for the doctor."""
    return f"throws keys away when its memory is full (maxmemory-policy {policy}): set it to {_KEEPS}, or requests could be sent twice"
