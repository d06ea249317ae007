"""What is done for sessions between requests; the server says how often."""

from volary.db import Database
from volary.factors.actions.passkeys import sweep_challenges
from volary.jobs.declaring import Payload, Work, job
from volary.kit.clock import HOUR, SECOND
from volary.sessions.actions.ending import sweep_sessions
from volary.sessions.actions.guesses import sweep_guesses
from volary.sessions.actions.locking import sweep_links
from volary.sessions.actions.resetting import WRITE, sweep_resets, write_reset
from volary.sessions.actions.seen import Seen

WRITE_SEEN_EVERY = 30 * SECOND
SWEEP_EVERY = HOUR


async def write_seen(db: Database, seen: Seen) -> None:
    """Write down which sessions were in use; also once when the server stops."""
    await seen.write(db)


async def sweep(db: Database) -> None:
    """Delete what nobody needs any more: old counts of failures, and rows of sessions that ended long ago."""
    await db.write(sweep_guesses)
    await db.write(sweep_sessions)
    await db.write(sweep_challenges)
    await db.write(sweep_links)
    await db.write(sweep_resets)


@job(WRITE)
async def write_reset_letter(work: Work, payload: Payload) -> None:
    """Send the letter that somebody asked for because of a forgotten password, if it is anybody's."""
    await work.db.write(write_reset, int(payload["account_id"]), str(payload["language"]))
