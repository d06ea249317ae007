"""Forgetting what happened to old posts by the hour, and posts that were deleted long ago."""

from volary.db import Database
from volary.db.batches import in_batches
from volary.posts.actions.counting import forget_hours
from volary.posts.actions.forgetting import BATCH, forget_posts

SWEEP_SECONDS = 3600
"""How often a process sweeps. It begins to after so long, when the index of search has let go of all that was deleted before."""


async def sweep(db: Database) -> int:
    """Delete the hours of posts that are too old for their authors to ask for them, and posts that were deleted thirty days ago.

    Posts go in small portions, each an action of its own, so that nobody who writes waits for all of them. How many posts went.
    """
    await db.write(forget_hours)
    return await in_batches(db, BATCH, forget_posts)
