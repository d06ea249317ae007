import pytest

from volary.api.lenient import how_many, says_no, says_yes


@pytest.mark.parametrize(("text", "yes", "no"), [("true", 1, 0), ("True", 1, 0), ("1", 1, 0), ("F", 0, 1), ("x", 0, 0)])
def test_a_switch_is_written_in_several_ways(text: str, yes: int, no: int) -> None:
    assert (says_yes(text), says_no(text)) == (bool(yes), bool(no))


@pytest.mark.parametrize(("text", "count"), [("", 20), ("x", 20), ("0", 1), ("7", 7), ("9" * 30, 20), ("201", 200)])
def test_what_is_no_number_is_passed_over(text: str, count: int) -> None:
    assert how_many(text, 20, 200) == count
