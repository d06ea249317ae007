"""The callback tester: listed or not, and what makes the difference."""

import pytest

from volary.developers.rules.comparing import explain_callback

LIST = ["https://app.test/cb", "https://app.test/query?a=1&b=2", "http://127.0.0.1:8000/cb", "myapp://callback/path"]


@pytest.mark.claim("C220")
@pytest.mark.parametrize("url", LIST)
def test_what_is_listed_is_listed(url: str) -> None:
    verdict = explain_callback(url, LIST)
    assert verdict.listed
    assert verdict.entry == url
    assert verdict.fault is None


@pytest.mark.claim("C218", "C220", "C229")
@pytest.mark.parametrize(
    "url, entry, said",
    [
        ("https%3A%2F%2Fapp.test%2Fcb", LIST[0], "HTTP-encode"),
        ("https%253A%252F%252Fapp.test%252Fcb", LIST[0], "HTTP-encode"),
        ("https://app.test/query?a=1", LIST[1], "HTTP-encode"),
        ("https://app.test/cb/", LIST[0], "slash"),
        ("https://app.test/CB", LIST[0], "capital"),
        ("https://app.test/cb#done", LIST[0], "fragment"),
        (" https://app.test/cb", LIST[0], "space"),
        ("http://app.test/cb", LIST[0], "protocol is different"),
        ("https://app.test:8443/cb", LIST[0], "port is different"),
        ("http://127.0.0.1:8001/cb", LIST[2], "port is different"),
        ("https://other.test/cb", LIST[0], "host is different"),
        ("https://app.test/cb?state=1", LIST[0], "state"),
        ("https://app.test/query?b=2&a=1", LIST[1], "query"),
        ("https://app.test/cb/more", LIST[0], "below"),
        ("https://app.test/other", LIST[0], "path is different"),
    ],
)
def test_a_near_miss_names_the_entry_and_the_difference(url: str, entry: str, said: str) -> None:
    verdict = explain_callback(url, LIST)
    assert not verdict.listed
    assert verdict.entry == entry
    assert verdict.fault is not None
    assert said in verdict.fault.message


@pytest.mark.parametrize(
    "url, said",
    [
        ("javascript:alert(1)", "not allowed"),
        ("http://localhost:8000/cb", "localhost"),
        ("not a url", "spaces"),
        ("[[", "complete"),
        ("https://elsewhere.test/there", "not on the callback URL list"),
        ("", "empty"),
    ],
)
def test_what_is_not_near_is_told_by_its_rule(url: str, said: str) -> None:
    verdict = explain_callback(url, LIST)
    assert not verdict.listed
    assert verdict.fault is not None
    assert said in verdict.fault.message


def test_an_empty_list_lists_nothing() -> None:
    assert not explain_callback("https://app.test/cb", []).listed
