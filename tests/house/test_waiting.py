"""Each row of the attack catalogue is shown by a test or waits with a reason, never both; `tests/house/test_docs.py` runs the check."""

from tests.claims import ATTACKS, misplaced
from tests.waiting import WAITING


def test_each_row_waits_for_one_thing() -> None:
    rows = [row for rows in WAITING.values() for row in rows]
    assert len(rows) == len(set(rows)) == len(ATTACKS.waiting)
    assert all(WAITING.values())


def test_a_row_out_of_place_is_named() -> None:
    """The control."""
    rows = ["SR-001", "SR-002"]
    assert misplaced(rows, ["SR-001"], ["SR-002"]) == []
    assert misplaced(rows, rows, ["SR-002"]) == ["SR-002 is shown by a test: take it out of tests/waiting.py"]
    assert misplaced(rows, ["SR-001"], []) == ["SR-002 is shown by no test and waits for nothing"]
    assert misplaced(rows, ["SR-001"], ["SR-002", "SR-999"]) == ["SR-999 is in no catalogue"]
