import pytest

from volary.api.errors import InvalidRequest
from volary.api.pagination import TimeFilters, at_token, bounds_of, meta_of
from volary.db.paging import Bounds
from volary.kit.ids import LARGEST_ID, first_id_at
from volary.kit.secrets import Keyring


def test_times_are_bounds_of_ids_and_ids_override_times() -> None:
    second = first_id_at(1_700_000_000_000)
    assert bounds_of(TimeFilters(start_time="2023-11-14T22:13:20Z")) == Bounds(second - 1, LARGEST_ID)
    assert bounds_of(TimeFilters(end_time="2023-11-14T22:13:20.000Z")) == Bounds(0, second)
    assert bounds_of(TimeFilters(start_time="2023-11-14T22:13:20Z", since_id="7")) == Bounds(7, LARGEST_ID)


BEYOND = "2080-07-10T17:30:30.209Z"
"""The first millisecond that no id can name."""


@pytest.mark.attack("SR-281")
@pytest.mark.parametrize(
    ("filters", "parameter"),
    [
        (TimeFilters(start_time="2023-02-30T00:00:00Z"), "start_time"),
        (TimeFilters(start_time="2023-01-01T00:00:60Z"), "start_time"),
        (TimeFilters(start_time="2023-01-01T24:00:01Z"), "start_time"),
        (TimeFilters(start_time="2023-01-01T00:00:00"), "start_time"),
        (TimeFilters(start_time="2023-01-01T00:00:00+00:00"), "start_time"),
        (TimeFilters(start_time="2023-01-01 00:00:00Z"), "start_time"),
        (TimeFilters(start_time="2023-01-01"), "start_time"),
        (TimeFilters(start_time="２０２３-01-01T00:00:00Z"), "start_time"),
        (TimeFilters(start_time="0000-01-01T00:00:00Z"), "start_time"),
        (TimeFilters(start_time="9999-12-31T23:59:59Z"), "start_time"),
        (TimeFilters(end_time="0000-12-31T23:59:59Z"), "end_time"),
        (TimeFilters(end_time="9999-12-31T23:59:59Z"), "end_time"),
        (TimeFilters(end_time=BEYOND), "end_time"),
        (TimeFilters(start_time="2023-01-02T00:00:00Z", end_time="2023-01-01T00:00:00Z"), "end_time"),
        (TimeFilters(start_time="2023-01-01T00:00:00Z", end_time="2023-01-01T00:00:00Z"), "end_time"),
        (TimeFilters(since_id="9", until_id="3"), "until_id"),
        (TimeFilters(since_id="9", until_id="9"), "until_id"),
    ],
)
def test_a_time_that_is_none_and_ends_that_cross_are_refused_by_name(filters: TimeFilters, parameter: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        bounds_of(filters)
    assert refused.value.parameter == parameter


def test_times_as_far_as_ids_reach_are_taken() -> None:
    assert bounds_of(TimeFilters(start_time="0001-01-01T00:00:00Z")).after == 0
    last = bounds_of(TimeFilters(end_time="2080-07-10T17:30:30.208Z")).before
    assert last == (LARGEST_ID >> 22) << 22


@pytest.mark.attack("SR-279")
def test_a_token_is_good_for_its_own_list_alone(keys: Keyring) -> None:
    page = Bounds()
    token = str(meta_of(keys, [9, 8], page, "posts of 1", "viewer 2", more=True, first=True)["next_token"])
    assert at_token(keys, token, page, "posts of 1", "viewer 2") == Bounds(0, 8)
    flipped = ("a" if token[-1] != "a" else "b").join([token[:-1], ""])
    for wrong, bound in [
        (token, ("posts of 2", "viewer 2")),
        (token, ("posts of 1", "viewer 3")),
        (token[:-3], ("posts of 1", "viewer 2")),
        (flipped, ("posts of 1", "viewer 2")),
        ("eyJpZCI6MX0", ("posts of 1", "viewer 2")),
        ("", ("posts of 1", "viewer 2")),
    ]:
        with pytest.raises(InvalidRequest):
            at_token(keys, wrong, page, *bound)


def test_meta_tells_what_is_there_and_where_it_goes_on(keys: Keyring) -> None:
    assert meta_of(keys, [], Bounds(), more=False, first=True) == {"result_count": 0}
    first = meta_of(keys, [9, 8], Bounds(), more=False, first=True)
    assert first == {"result_count": 2, "newest_id": "9", "oldest_id": "8"}
    later = meta_of(keys, [7], Bounds(before=8), more=True, first=False)
    assert set(later) == {"result_count", "newest_id", "oldest_id", "next_token", "previous_token"}
    assert at_token(keys, str(later["previous_token"]), Bounds()) == Bounds(7, LARGEST_ID, up=True)
