"""Signing in with a passkey alone: it proves a device and the person whom that device knows, so no password is asked."""

from volary.accounts.models import ACTIVE
from volary.accounts.queries import secret_by_id
from volary.activity.actions import record
from volary.db import Database, Reader, Tx
from volary.factors.actions.passkeys import take_passkey
from volary.factors.errors import PasskeyRefused
from volary.factors.queries import passkey_by_credential
from volary.factors.rules.challenges import SIGN_IN, new_challenge
from volary.factors.rules.passkeys import Party, asked_to_prove, party_of, shown
from volary.sessions.actions.sign_in import Proof, open_session, told
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import Opened
from volary.web import Visit

PASSKEY = "passkey"


def asked_to_sign_in(reader: Reader, party: Party, bound_to: str) -> str:
    """What the sign-in page asks the browser with: any passkey that it has for this site. Nothing is written down."""
    return asked_to_prove(party, new_challenge(reader.keys, SIGN_IN, bound_to, reader.now))


async def sign_in_by_passkey(db: Database, party: Party, answer: str, bound_to: str, arrival: Arrival) -> Opened:
    """Open a session for whoever proved a passkey. Raises PasskeyRefused, also for an account that may not sign in; BrowserFull.

    What was refused to a passkey that we know stands in its account's record.
    """
    arrival.look()
    try:
        return await db.write(_open, party, answer, bound_to, arrival)
    except PasskeyRefused:
        known = await passkey_by_credential(db, shown(answer).credential_id)
        if known is not None:
            await db.write(_note, known.account_id, arrival)
        raise


async def _open(tx: Tx, party: Party, answer: str, bound_to: str, arrival: Arrival) -> Opened:
    row = await take_passkey(tx, party, SIGN_IN, answer, bound_to)
    secret = await secret_by_id(tx, row.account_id)
    if secret is None or secret.state != ACTIVE:
        raise PasskeyRefused(f"account {row.account_id} may not sign in")
    return await open_session(tx, Proof(secret.id, secret.username, secret.password, method=PASSKEY), arrival)


async def _note(tx: Tx, account_id: int, arrival: Arrival) -> None:
    await record(tx, "sign_in.failed", account_id=account_id, address=arrival.address, detail=told(arrival, PASSKEY))


def party_at(visit: Visit) -> Party | None:
    """Who asks for passkeys at the address under which a visitor reached us; None where no browser would have any."""
    settings = visit.settings
    party = party_of(settings.public_url, settings.origins, settings.site_name)
    return party if party is not None and visit.origin in party.origins else None
