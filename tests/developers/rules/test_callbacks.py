"""Callback URLs: what may be listed, and why the rest may not."""

from collections.abc import Callable

import pytest

from volary.developers.errors import BadAddress, TooManyCallbacks
from volary.developers.rules.callbacks import (
    BROWSER_PROTOCOLS,
    DISALLOWED_PROTOCOLS,
    check_callbacks,
    fault_of,
    warning_of,
)
from volary.kit.errors import Invalid

# As the developer page publishes them, by rows of two.
PUBLISHED = """
vbscript ldap javascript mailto vbs mmst data mmsu mocha msbd keyword rtsp livescript mso-offdap ftp snews file news gopher nntp
acrobat outlook callto stssync daap rlogin itpc telnet itms tn3270 firefoxurl shell hcp sip
""".split()


def mixed(scheme: str) -> str:
    return "".join(letter.upper() if place % 2 == 0 else letter for place, letter in enumerate(scheme))


@pytest.mark.claim("C225")
def test_the_constant_holds_the_34_published_protocols_and_no_other() -> None:
    assert len(DISALLOWED_PROTOCOLS) == 34
    assert set(DISALLOWED_PROTOCOLS) == set(PUBLISHED)
    assert not BROWSER_PROTOCOLS & set(DISALLOWED_PROTOCOLS)


@pytest.mark.claim("C225")
@pytest.mark.attack("SR-028")
@pytest.mark.parametrize(
    "tail", ["://host/path", ":x", ":", ":///", "://127.0.0.1/cb", ":alert(1)", "://host/%0Aalert(1)"]
)
@pytest.mark.parametrize("written", [str.lower, str.upper, str.title, mixed])
@pytest.mark.parametrize("scheme", PUBLISHED)
def test_a_disallowed_protocol_is_refused_by_name_in_any_case(
    scheme: str, written: Callable[[str], str], tail: str
) -> None:
    fault = fault_of(written(scheme) + tail)
    assert fault is not None
    assert fault.parameters == {"protocol": scheme}
    assert "not allowed" in fault.message


@pytest.mark.parametrize("scheme", sorted(BROWSER_PROTOCOLS))
def test_what_belongs_to_the_browser_has_a_rule_and_a_text_of_its_own(scheme: str) -> None:
    for url in (f"{scheme}:blank", f"{scheme.upper()}://host/path"):
        fault = fault_of(url)
        assert fault is not None
        assert "browser itself" in fault.message


@pytest.mark.attack("SR-028")
@pytest.mark.parametrize(
    "url",
    [
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java\rscript:alert(1)",
        "\tjavascript:alert(1)",
        " javascript:alert(1)",
        "\x00javascript:alert(1)",
        "javascript\x00:alert(1)",
        "javascript&colon;alert(1)",
        "javascript%3Aalert(1)",
        "ｊavascript:alert(1)",
        "https://app.test/\tcb",
        "https://app.test/cb\n",
        "https://app.test/cb\r\nset-cookie: a=b",
        "https://app.test/\x7f",
        "https://app.test/a b",
        "https://app.test/\u00a0",
        "https://app.test/\u202e",
        "https://app.test/\udc80",
    ],
)
def test_controls_blanks_and_disguises_are_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        check_callbacks([url])


@pytest.mark.parametrize(
    "url",
    [
        "https://app.test/cb",
        "https://app.test",
        "https://app.test/",
        "https://App.Test/cb",
        "https://app.test:8443/cb",
        "https://app.test/cb?a=1&b=2",
        "https://app.test/a@b",
        "https://app.test/a//b/../c",
        "https://app.test/%E2%82%AC",
        "https://xn--bcher-kva.test/cb",
        "https://under_score.test/cb",
        "https://192.0.2.7/cb",
        "https://[2001:db8::1]:8443/cb",
        "https://app.test/" + "a" * (2000 - 17),
    ],
)
def test_plain_web_addresses_are_taken_as_they_are(url: str) -> None:
    assert check_callbacks([url]) == (url,)
    assert warning_of(url) is None


@pytest.mark.claim("C223")
@pytest.mark.parametrize(
    "url, warned",
    [
        ("http://127.0.0.1:8000/cb", False),
        ("https://127.0.0.1/cb", False),
        ("http://[::1]:8000/cb", False),
        ("http://app.test/cb", True),
        ("http://127.0.0.1.evil.test/cb", True),
    ],
)
def test_local_hosts_are_taken_and_plain_http_elsewhere_is_warned_of(url: str, warned: bool) -> None:
    assert fault_of(url) is None
    assert (warning_of(url) is not None) == warned


@pytest.mark.claim("C222")
@pytest.mark.parametrize(
    "url, instead",
    [
        ("http://localhost:8000/cb", "http://127.0.0.1:8000/cb"),
        ("https://localhost/cb", "https://127.0.0.1/cb"),
        ("http://LocalHost/cb?a=1", "http://127.0.0.1/cb?a=1"),
        ("http://localhost./cb", "http://127.0.0.1/cb"),
        ("http://app.localhost:3000/", "http://127.0.0.1:3000/"),
        ("http://user@localhost/cb", "http://127.0.0.1/cb"),
        ("localhost:8000/cb", "http://127.0.0.1:8000/cb"),
    ],
)
def test_localhost_is_refused_and_the_address_to_use_instead_is_named(url: str, instead: str) -> None:
    fault = fault_of(url)
    assert fault is not None
    assert "127.0.0.1" in fault.message
    assert fault.parameters["instead"] == instead


@pytest.mark.claim("C224")
@pytest.mark.parametrize(
    "url",
    ["myapp://callback/path", "com.example.app:/cb", "myapp://callback", "myapp:///path", "my+app-1.x://cb/p?q=1"],
)
def test_custom_protocols_with_a_domain_or_a_path_are_taken(url: str) -> None:
    assert check_callbacks([url]) == (url,)


@pytest.mark.claim("C224")
@pytest.mark.parametrize("url", ["myapp:x", "myapp:", "myapp://", "myapp:?q=1", "app.test:8080/cb", "myapp:x/y"])
def test_custom_protocols_with_neither_are_refused(url: str) -> None:
    fault = fault_of(url)
    assert fault is not None
    assert "domain or a path" in fault.message


REFUSED = {
    "fragment": ["https://app.test/cb#top", "https://app.test/#", "myapp://cb/path#x"],
    "user name": [
        "https://user@app.test/",
        "https://user:word@app.test/",
        "https://@app.test/",
        "https://app.test@evil.test/",
    ],
    "placeholder": ["https://*.app.test/", "https://app.test/*"],
    "complete": ["/cb", "//app.test/cb", "cb", "app.test/cb", "127.0.0.1:8000/cb", "?x=1", "oob"],
    "no host": ["https:///cb", "https://", "https:cb", "https:/app.test/cb", "https://:8443/cb"],
    "not valid": [
        "https://app.test:/cb",
        "https://app.test:0/cb",
        "https://app.test:99999/cb",
        "https://app.test:080/cb",
        "https://app.test:8o/cb",
        "https://app..test/cb",
        "https://.test/cb",
        "https://-app.test/cb",
        "https://app.test./cb",
        "https://%61pp.test/cb",
        "https://2130706433/cb",
        "https://0x7f.1/cb",
        "https://127.1/cb",
        "https://256.0.0.1/cb",
        "https://[::1/cb",
        "https://[zz]/cb",
        "https://[fe80::1%25eth0]/cb",
        "myapp://[zz/cb",
        "https://" + "a" * 64 + ".test/",
    ],
    "percent": ["https://app.test/%", "https://app.test/%zz", "https://app.test/%1"],
    "punycode": [
        "https://bücher.test/cb",
        "https://аpp.test/cb",
        "https://app\u3002test/cb",
        "https://\uff41pp.test/cb",
        "https://app\u00ad.test/cb",
        "https://app\u200d.test/cb",
        "https://app.test\u2044cb",
    ],
    "must be percent-encoded": [
        "https://app.test/bücher",
        "https://app.test/{x}",
        "https://app.test\\@evil.test/",
        'https://app.test/"',
    ],
    "small letters": ["HTTPS://app.test/cb", "MyApp://callback/path"],
    "question mark": ["https://app.test/cb?", "myapp://cb/path?"],
    "too long": ["https://app.test/" + "a" * 2100],
    "empty": [""],
}


@pytest.mark.attack("SR-020", "SR-030")
@pytest.mark.parametrize("said, url", [(said, url) for said, urls in REFUSED.items() for url in urls])
def test_each_refusal_says_why(said: str, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_callbacks(["https://app.test/first", url])
    assert said in str(refused.value)
    assert refused.value.field == "callbacks"


@pytest.mark.claim("C219")
@pytest.mark.attack("SR-177")
def test_ten_are_taken_and_eleven_refused() -> None:
    ten = [f"https://app.test/{number}" for number in range(10)]
    assert check_callbacks(ten) == tuple(ten)
    for eleven in ([*ten, "https://app.test/10"], [*ten, ten[0]], ["https://app.test/"] * 11):
        with pytest.raises(TooManyCallbacks) as refused:
            check_callbacks(eleven)
        assert "at most 10" in str(refused.value)


def test_the_same_url_twice_is_refused() -> None:
    with pytest.raises(BadAddress, match="twice"):
        check_callbacks(["https://app.test/cb", "https://app.test/", "https://app.test/cb"])


def test_a_refusal_shows_a_url_that_nobody_can_misuse() -> None:
    with pytest.raises(BadAddress) as refused:
        check_callbacks(["https://app.test/\u202e" + "x" * 500])
    assert refused.value.url.isprintable()
    assert len(refused.value.url) <= 120
