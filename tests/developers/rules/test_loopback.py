"""Only the port may differ, and only at the two addresses that never leave the machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.developers.rules.callbacks import fault_of
from volary.developers.rules.loopback import listed_but_for_port

LISTED = ("https://app.example/cb", "http://127.0.0.1/cb", "http://[::1]:8000/cb?a=1")

OTHERS = [
    "http://127.0.0.1:1@evil.example/cb",
    "http://127.0.0.1:1.evil.example/cb",
    "http://127.0.0.1:49152/cb?bar=foo",
    "http://127.0.0.1:49152/cb?",
    "http://127.0.0.1:49152/cb/",
    "http://127.0.0.1:49152/cb#",
    "http://127.0.0.1:49152/CB",
    "http://127.0.0.1:49152/other",
    "http://127.0.0.1:49152//cb",
    "http://127.0.0.1:49152/./cb",
    "http://127.0.0.1:49152\\@evil.example/cb",
    "http://127.0.0.1:49152",
    "http://user@127.0.0.1:49152/cb",
    "http://127.0.0.1:/cb",
    "http://127.0.0.1:0/cb",
    "http://127.0.0.1:049152/cb",
    "http://127.0.0.1:65536/cb",
    "http://127.0.0.1:99999999999999999999/cb",
    "http://127.0.0.1:-1/cb",
    "http://127.0.0.1:+80/cb",
    "http://127.0.0.1:4915\u0662/cb",
    "http://127.0.0.1:49152 /cb",
    "http://127.0.0.1:49152\n/cb",
    "http://127.0.0.1:49152/cb\n",
    "\thttp://127.0.0.1:49152/cb",
    "http://127.0.0.1:49152/cb\0",
    "http://127.0.0.1:1:2/cb",
    "https://127.0.0.1:49152/cb",
    "HTTP://127.0.0.1:49152/cb",
    "http://127.0.0.2:49152/cb",
    "http://127.1:49152/cb",
    "http://2130706433:49152/cb",
    "http://0x7f.0.0.1:49152/cb",
    "http://0.0.0.0:49152/cb",
    "http://127.0.0.1.:49152/cb",
    "http://localhost:49152/cb",
    "http://[::1]:49152/cb",
    "http://[::1]:49152/cb?a=2",
    "http://[0:0:0:0:0:0:0:1]:49152/cb?a=1",
    "http://[::ffff:127.0.0.1]:49152/cb",
    "http://[::1%25lo]:49152/cb?a=1",
    "http:127.0.0.1:49152/cb",
    "http:/127.0.0.1:49152/cb",
    "//127.0.0.1:49152/cb",
    "https://app.example:8443/cb",
    "http://127.0.0.1/cb?bar=foo",
    "",
]


@pytest.mark.attack("SR-026")
@pytest.mark.parametrize("url", OTHERS, ids=ascii)
def test_nothing_else_may_differ(url: str) -> None:
    assert listed_but_for_port("http://127.0.0.1:49152/cb", LISTED) == LISTED[1]
    assert listed_but_for_port(url, LISTED) is None


@pytest.mark.attack("SR-026")
@pytest.mark.parametrize("port", [1, 80, 1024, 49_152, 65_535])
def test_every_port_is_one(port: int) -> None:
    assert listed_but_for_port(f"http://127.0.0.1:{port}/cb", LISTED) == LISTED[1]
    assert listed_but_for_port(f"http://[::1]:{port}/cb?a=1", LISTED) == LISTED[2]


@given(st.text(alphabet="htp:/127.0@[]e#?\\%abc ", max_size=40), st.integers(1, 65_535))
def test_what_is_taken_is_a_listed_url_with_another_port(rest: str, port: int) -> None:
    for url in (rest, f"http://127.0.0.1:{port}{rest}", f"http://[::1]:{port}{rest}"):
        found = listed_but_for_port(url, LISTED)
        if found is not None:
            assert fault_of(url) is None
            host = "[::1]" if "[::1]" in found else "127.0.0.1"
            assert url.partition(host)[2].partition("/")[2] == found.partition(host)[2].partition("/")[2]
