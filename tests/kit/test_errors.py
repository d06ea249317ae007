import pytest

from volary.kit import errors
from volary.kit.errors import Busy, Invalid, NotFound, Refusal, TooMany


@pytest.mark.parametrize(
    "name, status",
    [
        ("Refusal", 400),
        ("Invalid", 400),
        ("Unauthenticated", 401),
        ("Forbidden", 403),
        ("NotFound", 404),
        ("Conflict", 409),
    ],
)
def test_each_refusal_has_its_status(name: str, status: int) -> None:
    assert getattr(errors, name)("No.").status == status


def test_who_should_come_back_is_told_when() -> None:
    assert (TooMany("No.", retry_after=30).status, TooMany("No.", retry_after=30).retry_after) == (429, 30)
    assert (Busy("No.", retry_after=1).status, Busy("No.", retry_after=1).retry_after) == (503, 1)


def test_a_refusal_keeps_what_the_log_reads_apart_from_what_people_read() -> None:
    refusal = Invalid("At most %(most)s.", most=10, field="name", why="it had 11")
    assert str(refusal) == "At most 10."
    assert (refusal.message, refusal.parameters, refusal.field) == ("At most %(most)s.", {"most": 10}, "name")
    assert refusal.why == "it had 11"
    assert "11" not in str(refusal)


def test_a_sentence_without_places_is_taken_as_it_is() -> None:
    assert str(NotFound("100 % of them")) == "100 % of them"


def test_every_refusal_can_be_caught_as_one() -> None:
    with pytest.raises(Refusal):
        raise Busy("No.", retry_after=1)
