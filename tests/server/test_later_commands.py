"""`volary jobs …`, `volary mail …`, `volary webhook …`: what operators see of what is done later."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.starting import CommandLine
from volary.accounts.actions import ask_to_confirm, create_account
from volary.db import Database, Tx
from volary.jobs.actions import give_up, take
from volary.kit.clock import MINUTE
from volary.mail.actions import has_failed, keep_in_outbox
from volary.mail.queries import latest_letters
from volary.server.database import opened
from volary.settings import load

URL = "https://receiver.example/hook"


@pytest.fixture
def installed(volary: CommandLine) -> CommandLine:
    """A database in which ann was written to."""
    assert volary("migrate", "--database", _url(volary)).code == 0

    async def fill(db: Database) -> None:
        ann = await db.write(create_account, "ann", email="ann@example.org")
        await db.write(ask_to_confirm, ann.id)

    in_database(volary, fill)
    return volary


def _url(volary: CommandLine) -> str:
    return f"sqlite:///{Path(volary.folder)}/volary.db"


def in_database(volary: CommandLine, work: Any) -> Any:
    async def whole() -> Any:
        async with opened(load({"VOLARY_DATABASE": _url(volary)})) as db:
            return await work(db)

    return asyncio.run(whole())


def told(volary: CommandLine, *words: str, **settings: str) -> Any:
    """What a command says to programs."""
    done = volary(*words, "--json", "--database", _url(volary), **settings)
    assert done.code == 0, done.err
    return json.loads(done.out)


async def _give_all_up(db: Database) -> None:
    async def act(tx: Tx) -> None:
        for row in await take(tx, "me", MINUTE, 10, {}, 2):
            await give_up(tx, "me", row.id, "550 no such person")
        for letter in await latest_letters(tx):
            await has_failed(tx, letter.id, "550 no such person")

    await db.write(act)


def test_jobs_are_listed_given_up_tried_again_and_dropped(installed: CommandLine) -> None:
    (waiting,) = told(installed, "jobs", "list")
    assert (waiting["name"], waiting["state"], waiting["tries"]) == ("mail.send", "waiting", 0)
    assert told(installed, "jobs", "list", "--given-up") == []
    in_database(installed, _give_all_up)
    (row,) = told(installed, "jobs", "list", "--given-up")
    assert (row["state"], row["error"]) == ("given up", "550 no such person")
    assert "550 no such person" in installed("jobs", "list", "--database", _url(installed)).out
    assert told(installed, "jobs", "retry", row["id"]) == {"again": 1}
    assert told(installed, "jobs", "retry", "--all") == {"again": 0}
    assert told(installed, "jobs", "drop", row["id"]) == {"dropped": 1}
    assert told(installed, "jobs", "list") == []
    for words in (("drop", row["id"]), ("retry", row["id"])):
        refused = installed("jobs", *words, "--database", _url(installed))
        assert (refused.code, refused.refusal) == (1, "There is no job of that number, or a server is at it now.")


@pytest.mark.parametrize("words", [(), ("7", "--all")])
def test_what_to_try_again_must_be_said_once(installed: CommandLine, words: tuple[str, ...]) -> None:
    assert installed("jobs", "retry", *words, "--database", _url(installed)).code == 2


@pytest.mark.parametrize("command", ["list", "export"])
@pytest.mark.parametrize("option", ["--actor", "--account", "--app", "--grant"])
def test_a_number_that_is_nobody_s_is_refused_before_anybody_looks(
    installed: CommandLine, command: str, option: str
) -> None:
    refused = installed("audit", command, option, str(2**63), "--database", _url(installed))
    assert (refused.code, "is not in the range" in refused.err) == (2, True)


def test_letters_are_listed_without_what_they_say_and_sent_again(installed: CommandLine) -> None:
    (letter,) = told(installed, "mail", "list")
    assert (letter["to"], letter["letter"], letter["state"]) == (
        "ann@example.org",
        "accounts/letters/confirm_email",
        "waiting",
    )
    assert "token" not in json.dumps(letter)
    in_database(installed, lambda db: db.write(keep_in_outbox, int(letter["id"])))
    assert [row["id"] for row in told(installed, "mail", "list", "--state", "outbox")] == [letter["id"]]
    refused = installed("mail", "send", letter["id"], "--database", _url(installed))
    assert refused.refusal == "No mail server is set: VOLARY_SMTP_URL names it."
    server = {"smtp_url": "smtp+plain://127.0.0.1:9"}
    assert told(installed, "mail", "send", letter["id"], **server)["state"] == "waiting"
    assert len(told(installed, "jobs", "list")) == 2
    again = installed("mail", "send", letter["id"], "--database", _url(installed), **server)
    assert again.refusal == "There is no such letter, or it was sent already."


def test_a_webhook_is_added_listed_tested_and_removed(installed: CommandLine) -> None:
    made = told(installed, "webhook", "add", URL, "--event", "app.suspended")
    assert made["secret"].startswith("whsec_")
    (listed,) = told(installed, "webhook", "list")
    assert (listed["url"], listed["events"], listed["waiting"]) == (URL, ["app.suspended"], 0)
    assert "secret" not in listed
    delivery = told(installed, "webhook", "test", made["id"])["delivery"]
    (sent,) = told(installed, "webhook", "deliveries", made["id"])
    assert (sent["id"], sent["kind"], sent["state"]) == (delivery, "webhook.test", "waiting")
    assert told(installed, "webhook", "list")[0]["waiting"] == 1
    assert told(installed, "webhook", "rotate", made["id"])["secret"] != made["secret"]
    assert installed("webhook", "remove", made["id"], "--database", _url(installed)).code == 0
    assert told(installed, "webhook", "list") == []
    assert told(installed, "webhook", "deliveries") == []
    refused = installed("webhook", "redeliver", delivery, "--database", _url(installed))
    assert refused.refusal == "There is no such webhook or delivery."


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://localhost:8000/x", "The address is this server's own."),
        ("ftp://receiver.example/", "The address must begin with https:// and name a host."),
        ("https://me:secret@receiver.example/", "The address must hold no user name and no number sign."),
    ],
)
def test_an_address_that_can_lead_nowhere_is_refused(installed: CommandLine, url: str, why: str) -> None:
    assert installed("webhook", "add", url, "--database", _url(installed)).refusal == why


def findings(volary: CommandLine, **settings: str) -> dict[str, tuple[str, str]]:
    done = volary("doctor", "--json", "--database", _url(volary), **settings)
    return {row["check"]: (row["result"], row["advice"]) for row in json.loads(done.out)}


def test_the_doctor_greets_the_mail_server_and_looks_at_what_was_given_up(installed: CommandLine) -> None:
    assert findings(installed)["mail server"][0] == "fine"
    public = findings(installed, public_url="https://volary.example")
    assert public["mail server"][0] == "look"
    away = findings(installed, smtp_url="smtp://me:hidden-word@127.0.0.1:9")["mail server"]
    assert away[0] == "wrong"
    assert away[1].startswith("127.0.0.1:9 takes no letters: ")
    assert "hidden-word" not in away[1]
    assert public["work for later"] == ("fine", "")
    in_database(installed, _give_all_up)
    assert findings(installed)["work for later"] == ("look", "1 were given up: volary jobs list --given-up")
