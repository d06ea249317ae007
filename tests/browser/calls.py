"""Calls of an App for the gallery, in every way that there is."""

import time

from tests.flows.making import Person
from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.answer import Answer
from volary.db import Database
from volary.developers.actions.values import NewApp
from volary.kit.errors import Refusal
from volary.usage.actions.noting import Calls
from volary.usage.rules.reasons import REASONS

LONG_URL = f"https://www.{'hauptbetriebswerk' * 3}.example/{'unterbeamten' * 10}/callback?{'von' * 20}=1"
SOME = "tweet.read users.read follows.read tweet.write like.write offline.access"


async def make_calls(db: Database, made: NewApp, ann: Person) -> None:
    """Calls of an App over some weeks, refused in every way that there is, and those of strangers."""
    calls, today = Calls(), db.now
    caller = Caller(Scheme.OAUTH2_USER, made.app.id, ann.id, ann.username, frozenset(), Level.READ)
    endpoints = ("GET /2/users/me", "POST /2/tweets", "GET /2/users/{id}/timelines/reverse_chronological")
    facts: dict[str, str | int] = {"at": today - 90_000, "seconds": 412, "missing": "tweet.write", "has": SOME}
    facts |= {"url": LONG_URL, "what": "two Authorization headers", "level": "read", "used": "OAuth 1.0a User Context"}
    facts |= {"supported": "OAuth 2.0 User Context", "answer": "Sorry, that page does not exist. " * 5}
    began = time.perf_counter() - 1
    base = b"POST&https%3A%2F%2Fexample.org%2F1.1%2Fstatuses%2Fupdate.json&" + b"status%3Dgood%2520night%26" * 20
    for number in range(400):
        answer = Answer((200, 200, 200, 404, 429, 500)[number % 6], caller=caller)
        calls.note(answer, endpoints[number % 3], began, number / 900, f"{number:012x}")
    for number, reason in enumerate(REASONS):
        proven = number % 2 == 0
        refusal = Refusal("No.").because(reason, **facts).named(made.app.id, proven=proven)
        if reason == "signature" and refusal.clue is not None:
            refusal.clue.base = base
        calls.note(Answer(401, refusal=refusal), endpoints[number % 3], began, 0.003, f"{number + 4096:012x}")
    await calls.flush(db)
