"""`volary post …`."""

import asyncio
from pathlib import Path

import pytest

from tests.server.app_commands import run
from volary.access.caller import in_person
from volary.accounts.queries import account_by_username
from volary.db import Database
from volary.db.keys import keyring
from volary.kit.clock import SystemClock
from volary.kit.errors import NotFound
from volary.posts.actions.writing import Draft, create_post
from volary.posts.errors import NoSuchOption, PollNotFound, VotedAlready
from volary.posts.rules.polls import NewPoll


async def _ask(url: str) -> int:
    db = await Database.open(url, SystemClock(), keyring(None, url))
    try:
        ann = await account_by_username(db, "ann")
        assert ann is not None
        draft = Draft("Tea?", poll=NewPoll(("Yes", "No"), 60))
        return (await db.write(create_post, in_person(ann.id, ann.username), draft)).id
    finally:
        await db.close()


def test_somebody_votes_from_the_command_line_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/volary.db"
    for name in ("ann", "dave"):
        options = ("--email", f"{name}@example.org", "--password-stdin")
        run(url, "account", "create", name, *options, typed="a boat called Tuesday\n")
    post = str(asyncio.run(_ask(url)))
    voted = run(url, "post", "vote", post, "2", "--as", "dave")
    assert (voted["post_id"], voted["voted_for"], voted["votes"]) == (post, 2, 1)
    for words, refusal in (
        ((post, "1", "--as", "dave"), VotedAlready),
        ((post, "3", "--as", "ann"), NoSuchOption),
        (("1", "1", "--as", "ann"), PollNotFound),
        ((post, "1", "--as", "nobody"), NotFound),
    ):
        with pytest.raises(refusal):
            run(url, "post", "vote", *words)
