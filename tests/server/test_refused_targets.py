"""Every operation on what is another's, protected or blocked: it refuses or tells nothing, and changes nothing."""

import pytest

from tests.server.calls import ASK, MARKER, REFUSED, V1, Case, of
from tests.server.house import House

CASES = [pytest.param(name, case, id=f"{name}: {case.why}") for name in sorted(REFUSED) for case in REFUSED[name]]


def test_the_cases_are_of_operations_that_are_there() -> None:
    assert set(REFUSED) <= set(ASK)


@pytest.mark.parametrize(("name", "case"), CASES)
async def test_it_is_kept(each_house: House, name: str, case: Case) -> None:
    ann = each_house.cast.ann
    who = await each_house.signed(ann) if name in V1 else await each_house.bearer(ann)
    asked = await case.ask(each_house)
    before = each_house.rows() if each_house.file else None
    got = await each_house.send(of(name).method, asked.target, who, body=asked.body, kind=asked.kind)
    assert got.status == case.status, got.body
    assert MARKER not in got.body.decode()
    if of(name).method == "GET":
        assert "data" not in got.json
    assert before == (each_house.rows() if each_house.file else None)
