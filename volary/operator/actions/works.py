"""What operators do with work that waits, and with letters."""

from volary.activity.actions import record
from volary.db import Tx
from volary.jobs import actions as jobs
from volary.mail import actions as mail
from volary.operator.actions.actors import Actor, ensure_operator


async def retry(tx: Tx, actor: Actor, job_id: int) -> bool:
    """Try a job again now. False when there is none of that number, or somebody is at it. Raises NotAnOperator."""
    await ensure_operator(tx, actor)
    return await _noted(tx, actor, "job.retried", job_id, await jobs.retry(tx, job_id))


async def retry_all(tx: Tx, actor: Actor) -> int:
    """Try everything again that was given up; how many jobs. Raises NotAnOperator."""
    await ensure_operator(tx, actor)
    count = await jobs.retry_all(tx)
    if count:
        await record(tx, "jobs.retried", account_id=None, actor_id=actor.account_id, detail={"count": count})
    return count


async def drop(tx: Tx, actor: Actor, job_id: int) -> bool:
    """Forget a job. False when there is none of that number, or somebody is at it. Raises NotAnOperator."""
    await ensure_operator(tx, actor)
    return await _noted(tx, actor, "job.dropped", job_id, await jobs.drop(tx, job_id))


async def send_again(tx: Tx, actor: Actor, letter_id: int) -> bool:
    """Send a letter that stayed in the outbox or was given up. False when there is none of that number. Raises NotAnOperator."""
    await ensure_operator(tx, actor)
    return await _noted(tx, actor, "letter.sent_again", letter_id, await mail.send_again(tx, letter_id))


async def _noted(tx: Tx, actor: Actor, kind: str, subject_id: int, done: bool) -> bool:
    if done:
        await record(tx, kind, account_id=None, actor_id=actor.account_id, subject_id=subject_id, address=actor.address)
    return done
