"""Letters that are really sent: a database, a runner of its jobs, and settings that name a mail server of this test."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from tests.conftest import HeldDatabase
from volary.jobs.declaring import jobs_of
from volary.jobs.running import Runner
from volary.kit.resources import Resources
from volary.mail import jobs as mail_jobs
from volary.mail.writing import Writer
from volary.settings import Settings

Sending = Callable[..., AbstractAsyncContextManager[Runner]]


@pytest.fixture
def sending(db: HeldDatabase) -> Sending:
    """Do the jobs of mail until the block ends, with these settings."""

    @asynccontextmanager
    async def started(**settings: Any) -> AsyncIterator[Runner]:
        owned = Resources()
        chosen = Settings(public_url="http://localhost:8000").replaced(**settings)
        owned.put(Settings, chosen)
        owned.put(Writer, Writer(chosen))
        runner = Runner(db, owned, jobs_of([mail_jobs]), patience=0.1)
        runner.start()
        try:
            yield runner
        finally:
            await runner.stop()

    return started
