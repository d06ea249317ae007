"""Sending letters after the act, and forgetting old ones."""

from volary.db import Database, Tx
from volary.jobs.declaring import GivenUp, Payload, Work, job
from volary.kit.secrets import SealBroken
from volary.mail.actions import SEND, forget_letters, has_failed, keep_in_outbox, was_sent
from volary.mail.composing import composed
from volary.mail.models import OUTBOX, SENT
from volary.mail.queries import letter_by_id
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.settings import Settings

SWEEP_SECONDS = 3600.0


async def _not_sent(tx: Tx, payload: Payload, why: str) -> None:
    await has_failed(tx, int(payload["letter_id"]), why)


@job(SEND, seconds=180, farewell=_not_sent)
async def send_letter(work: Work, payload: Payload) -> None:
    """Write a letter and give it to the mail server. One that was sent meanwhile, or is gone with its account, is left alone.

    One that was given up is sent after all: somebody asked for its job again.
    """
    settings = work.resources[Settings]
    letter = await letter_by_id(work.db, int(payload["letter_id"]))
    if letter is None or letter.state in {SENT, OUTBOX}:
        return
    if not settings.smtp_url:
        await work.db.write(keep_in_outbox, letter.id)
        return
    if letter.parameters is None:
        raise GivenUp("nobody knows any more what the letter should say")
    from volary.mail.posting import Refused, post  # a start, and who has no mail server, has no use for SMTP

    try:
        written = read(work.db.keys, work.resources[Writer], letter)
    except SealBroken:
        raise GivenUp("what the letter should say was sealed with a key that is not here") from None
    try:
        answer = await post(settings, composed(settings, letter, written), letter.address)
    except Refused as error:
        raise GivenUp(str(error)) from error
    await work.db.write(was_sent, letter.id, answer)


async def sweep(db: Database) -> None:
    """Forget old letters."""
    await db.write(forget_letters)
