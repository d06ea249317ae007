"""Page tokens: they name a place in one list for one viewer, and cannot be made up."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.db.paging import page_token, place_in
from volary.kit.errors import Invalid
from volary.kit.secrets import Keyring

KEYS = Keyring(bytes(range(32)))
places = st.lists(st.one_of(st.integers(-(2**63), 2**63 - 1), st.text(max_size=50)), max_size=4).map(tuple)


@given(places, st.lists(st.text(max_size=20), max_size=4))
def test_a_token_gives_back_its_place(place: tuple[int | str, ...], bound: list[str]) -> None:
    token = page_token(KEYS, place, *bound)
    assert place_in(KEYS, token, tuple[int | str, ...], *bound) == place
    assert set(token) <= set(string.ascii_lowercase + string.digits)
    assert len(token) >= 16


def test_a_token_is_good_for_its_own_list_viewer_and_key_only() -> None:
    token = page_token(KEYS, (7,), "list of posts", "viewer 1")
    for bound in [
        ("list of posts", "viewer 2"),
        ("list of likes", "viewer 1"),
        ("list of posts",),
        ("list of postsviewer 1",),
        (),
    ]:
        with pytest.raises(Invalid):
            place_in(KEYS, token, tuple[int], *bound)
    with pytest.raises(Invalid):
        place_in(Keyring(bytes(32)), token, tuple[int], "list of posts", "viewer 1")


def test_a_changed_token_is_refused_at_every_place() -> None:
    token = page_token(KEYS, (7, "x"), "a")
    for place in range(len(token)):
        changed = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        with pytest.raises(Invalid):
            place_in(KEYS, changed, tuple[int, str], "a")


def test_a_place_of_another_kind_is_refused() -> None:
    token = page_token(KEYS, ("text",), "a")
    with pytest.raises(Invalid):
        place_in(KEYS, token, tuple[int], "a")


@given(st.text(max_size=3000))
def test_any_text_is_refused_and_never_an_accident(text: str) -> None:
    with pytest.raises(Invalid):
        place_in(KEYS, text, tuple[int], "a")
