"""What is done for developers between requests; the server says how often."""

from volary.db import Database
from volary.db.batches import in_batches
from volary.developers.actions import purge_apps, sweep_invitations
from volary.developers.actions.purging import BATCH
from volary.kit.clock import DAY

SWEEP_SECONDS = 3_600.0


async def sweep(db: Database, days: int) -> None:
    """Forget invitations that have expired, and the settings of Apps that were deleted more than so many days ago."""
    await db.write(sweep_invitations)
    await in_batches(db, BATCH, purge_apps, grace=days * DAY)
