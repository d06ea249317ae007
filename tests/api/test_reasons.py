"""Why somebody was refused stands in the log, and cannot fill it."""

import logging

import pytest

from volary.api.reasons import MOST, Reasons
from volary.kit.errors import Forbidden


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.getMessage()} {record.__dict__.get('why', '')}".strip() for record in caplog.records]


def test_a_reason_is_told_with_the_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Reasons().tell(Forbidden("No.", why="the signature is wrong"), "abc")
    (record,) = caplog.records
    assert (record.__dict__["request_id"], record.__dict__["status"], record.__dict__["why"]) == (
        "abc",
        403,
        "the signature is wrong",
    )


def test_without_a_reason_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Reasons().tell(Forbidden("No."), "abc")
    assert not caplog.records


def test_a_flood_is_counted_instead_of_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    told = Reasons()
    for number in range(1_000):
        told.tell(Forbidden("No.", why=str(number)), "abc", second=7)
    assert len(caplog.records) == MOST
    told.tell(Forbidden("No.", why="later"), "abc", second=8)
    assert lines(caplog)[MOST:] == [f"{1_000 - MOST} more requests were refused", "refused later"]
