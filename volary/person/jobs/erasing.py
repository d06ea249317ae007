"""Erasing the account of somebody who did not come back."""

from asyncio import to_thread

from volary.access.caller import in_person
from volary.accounts.actions.leaving import blank
from volary.accounts.models import ERASED
from volary.accounts.queries import account_by_id
from volary.jobs.actions import later
from volary.jobs.declaring import Payload, Work, job
from volary.media.actions.portraying import drop_picture
from volary.media.rules.folder import Folder
from volary.person.actions.erasing import BATCH, STEPS
from volary.person.actions.leaving import ERASE
from volary.person.queries.archives import archive_of

ROUNDS = 500
"""Transactions of one job; what is left then is for the next one, so that no lease ends meanwhile."""


@job(ERASE, seconds=150)
async def erase(work: Work, payload: Payload) -> None:
    """Erase an account whose owner did not come back, a few rows at a time. One that came back, or went away anew, is left alone."""
    account_id, since = int(payload["account_id"]), int(payload["since"])
    account = await account_by_id(work.db, account_id)
    if account is None:
        return
    if account.state != ERASED and not await work.db.write(blank, account_id, since):
        return
    archive = await archive_of(work.db, account_id)
    if archive is not None and archive.name:
        await to_thread(work.resources[Folder].remove, archive.name)
    owner = in_person(account_id, "")
    await drop_picture(work.db, work.resources, owner, "picture")
    await drop_picture(work.db, work.resources, owner, "banner")
    left = ROUNDS
    for step in STEPS:
        while left and await work.db.write(step, account_id, BATCH) >= BATCH:
            left -= 1
    if not left:
        await work.db.write(later, ERASE, payload)
