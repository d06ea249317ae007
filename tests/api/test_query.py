from typing import Annotated, Literal

import msgspec
import pytest

from volary.api.errors import InvalidRequest
from volary.api.fields import selection
from volary.api.query import converted, pairs_of, split, whole_id


class Query(msgspec.Struct, frozen=True):
    ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=3)]
    max_results: Annotated[int, msgspec.Meta(ge=5, le=100)] = 10
    exclude: tuple[Literal["replies", "retweets"], ...] = ()


def read(query: bytes, *, selectors: bool = False) -> Query:
    own, _ = split(pairs_of(query), Query, selectors)
    return converted(own, Query)


def test_text_becomes_what_the_operation_declares() -> None:
    assert read(b"ids=1,2&max_results=7&exclude=replies,retweets") == Query(("1", "2"), 7, ("replies", "retweets"))
    assert read(b"ids=%31%2C2") == Query(("1", "2"))


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        (b"", "ids", "The `ids` query parameter can not be empty"),
        (b"ids=1&foo=x", "foo", "The query parameter [foo] is not one of [exclude,ids,max_results]"),
        (b"ids=1&ids=2", "ids", "Duplicate parameters are not allowed: the `ids` query parameter"),
        (
            b"ids=1&max_results=4",
            "max_results",
            "The `max_results` query parameter value [4] is not valid: expected int >= 5",
        ),
        (
            b"ids=1&max_results=abc",
            "max_results",
            "The `max_results` query parameter value [abc] is not valid: expected a whole number",
        ),
        (
            b"ids=1&max_results=10.0",
            "max_results",
            "The `max_results` query parameter value [10.0] is not valid: expected a whole number",
        ),
        (
            b"ids=1,2,3,4",
            "ids",
            "The `ids` query parameter value [1,2,3,4] is not valid: expected array of length <= 3",
        ),
        (
            b"ids=1&exclude=likes",
            "exclude",
            "The `exclude` query parameter value [likes] is not valid: Invalid enum value 'likes'",
        ),
        (b"ids=%ff", "", "The query string is not valid UTF-8."),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(query: bytes, parameter: str, sentence: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read(query)
    assert (refused.value.parameter, str(refused.value)) == (parameter, sentence)


@pytest.mark.attack("SR-277")
@pytest.mark.parametrize("text", ["", "-1", "1e3", " 1", "１２", "1" * 20, "٣", "0x1"])
def test_an_id_is_one_to_nineteen_ascii_digits(text: str) -> None:
    assert whole_id("0123", "id") == 123
    with pytest.raises(InvalidRequest):
        whole_id(text, "id")


def test_an_id_above_the_largest_finds_nobody_and_breaks_nothing() -> None:
    assert whole_id("9" * 19, "id") == (1 << 63) - 1


@pytest.mark.attack("SR-282")
def test_an_unknown_field_is_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(
        InvalidRequest, match=r"The `user.fields` query parameter value \[foo\] is not one of \[affiliation,"
    ):
        selection("user", (("user.fields", "name,foo"),))
    with pytest.raises(InvalidRequest, match=r"`expansions` query parameter value \[author_id\]"):
        selection("user", (("expansions", "author_id"),))
    assert selection("post", (("post.fields", "text,text"),)).of("post") == {"text"}
