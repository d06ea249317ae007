"""The app's own way out: it ends the access token that it signs with (X facts 1.1). The person's other tokens are not touched."""

from volary.access.caller import Caller
from volary.api.machine import RawCall
from volary.oauth.oauth1.caller import caller_of, verified
from volary.oauth.oauth1.errors import DeadToken
from volary.oauth.revoking import end_family


async def invalidate_token(call: RawCall) -> tuple[str, Caller]:
    """End the token's family at once; the token as it was sent, and whose it was. A later authorization gives another one.

    The person's grant stays: what they allowed is theirs to take back, and other devices may use it (design: permissions; SR-068).
    """
    claim, found = await verified(call)
    caller = caller_of(found)
    if caller.family_id is None or not await call.db.write(
        end_family, caller.family_id, "invalidated by the app", actor_id=caller.app_id, address=call.address
    ):
        raise DeadToken("it ended a moment ago")
    return claim.token, caller
