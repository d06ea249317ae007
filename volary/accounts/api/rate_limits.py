"""v1.1's call that tells what is left of every window (X facts 6.1)."""

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.windows import Windows


class FamiliesQuery(msgspec.Struct, frozen=True):
    """Which families of operations to tell of, such as `statuses,users`; all of them where none is named."""

    resources: tuple[str, ...] = ()


@operation(
    "GET",
    "/1.1/application/rate_limit_status.json",
    need=Need(oauth1=Level.READ, project=False),
    limits=limits(user=180),
    query=FamiliesQuery,
)
async def rate_limit_status(call: Call[FamiliesQuery, None]) -> Reply:
    """What is left to this person with this app, by family and operation."""
    families = {one for one in call.query.resources if one}
    left = await call.resources[Windows].left(call.caller, families, call.db.now)
    return Reply({"rate_limit_context": {"application": str(call.caller.app_id)}, "resources": left})
