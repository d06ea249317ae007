import pytest

from volary.kit.resources import Resources


class Pool:
    """Something that a process owns."""


class WiderPool(Pool):
    """Fulfils what is asked of a Pool."""


def test_a_thing_is_found_by_the_type_that_it_was_put_under() -> None:
    owned, pool = Resources(), WiderPool()
    assert owned.put(Pool, pool) is pool
    assert owned[Pool] is pool
    with pytest.raises(KeyError):
        owned[WiderPool]


def test_a_type_holds_one_thing() -> None:
    owned = Resources()
    owned.put(Pool, Pool())
    last = owned.put(Pool, Pool())
    assert owned[Pool] is last
