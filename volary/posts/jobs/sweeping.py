"""Forgetting what happened to old posts by the hour."""

from volary.db import Database
from volary.posts.actions.counting import forget_hours

SWEEP_SECONDS = 3600


async def sweep(db: Database) -> None:
    """Delete the hours of posts that are too old for their authors to ask for them."""
    await db.write(forget_hours)
