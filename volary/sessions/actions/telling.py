"""Telling people of a sign-in that they may not know of (A19)."""

from volary.accounts.actions import write_to
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.db import Tx
from volary.language import chosen
from volary.sessions.actions.locking import offer_lock
from volary.sessions.queries import is_known_device
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.devices import kept_device
from volary.sessions.rules.locations import Location

LETTER = "sessions/letters/new_sign_in"


async def tell_of_sign_in(tx: Tx, account_id: int, arrival: Arrival) -> bool:
    """Write to an account that is being signed in with a device that it was not signed in with before; whether a letter went.

    Only to an address that it confirmed: another one may be a stranger's, and where an account is signed in is nobody else's business.
    Call it before the new session is there.
    """
    account = await account_by_id(tx, account_id)
    if account is None or account.email_confirmed_at is None or await is_known_device(tx, account, arrival):
        return False
    parameters = _told(account, arrival, tx.now)
    if account.email is not None:
        parameters["token"] = await offer_lock(tx, account_id, account.email)
    return await write_to(tx, account_id, LETTER, parameters, confirmed=True)


def _told(account: AccountRow, arrival: Arrival, now: int) -> dict[str, str | int]:
    device = kept_device(arrival.traits.device, arrival.traits.browser)
    return {
        "name": account.name,
        "username": account.username,
        "at_ms": now,
        "device": device.system,
        "browser": device.browser,
        "place": Location.of(arrival.traits.location).words(chosen(account.language)),
        "address": arrival.address,
    }
