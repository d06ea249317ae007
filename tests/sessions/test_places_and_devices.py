"""What a session is said to be and where."""

from pathlib import Path

import pytest

from tests.sessions import mmdb
from volary.sessions.rules.browsers import held_tokens
from volary.sessions.rules.devices import Device, device_of, kept_device
from volary.sessions.rules.locations import Location, LocationFinder

APPLE, GOOGLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)", "AppleWebKit/537.36 (KHTML, like Gecko)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {GOOGLE} Chrome/143.0.0.0 Safari/537.36"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {APPLE} Version/18.1 Mobile/15E148 Safari/604.1"
IPAD = f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {APPLE} Version/17.5 Mobile/15E148 Safari/604.1"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.0 Safari/605.1.15"
GALAXY = f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {GOOGLE} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36"
TABLET = f"Mozilla/5.0 (Linux; Android 13; SM-X706B) {GOOGLE} Chrome/120.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    "user_agent, device",
    [
        (FIREFOX, Device("computer", "Linux", "Firefox 145")),
        (CHROME, Device("computer", "Windows", "Chrome 143")),
        (CHROME.replace("Chrome/", "HeadlessChrome/"), Device("computer", "Windows", "Chrome 143")),
        (CHROME + " Edg/143.0.0.0", Device("computer", "Windows", "Edge 143")),
        (MAC, Device("computer", "macOS", "Safari 18")),
        (IPHONE, Device("phone", "iPhone", "Safari 18")),
        (IPAD, Device("tablet", "iPad", "Safari 17")),
        (GALAXY, Device("phone", "Android", "Samsung Internet 23")),
        (TABLET, Device("tablet", "Android", "Chrome 120")),
        ("curl/8.5.0", Device("program", "", "curl 8")),
        ("tweepy/4.16", Device("program", "", "tweepy 4")),
        ("python-requests/2.32.3", Device("program", "", "python-requests 2")),
        ("", Device("unknown", "", "")),
        ("<script>alert(1)</script>", Device("unknown", "", "")),
    ],
)
def test_a_user_agent_names_a_device_and_a_browser(user_agent: str, device: Device) -> None:
    assert device_of(user_agent) == device
    assert kept_device(device.kept, device.browser) == device


def test_a_long_header_is_read_to_a_point() -> None:
    assert device_of("Mozilla/5.0 (" + "Windows " * 100_000).kind in {"computer", "unknown"}
    assert kept_device("", "") == Device("unknown", "", "")


@pytest.mark.claim("C004")
@pytest.mark.parametrize(
    "address, words",
    [
        ("127.0.0.1", "this computer"),
        ("::1", "this computer"),
        ("::ffff:127.0.0.1", "this computer"),
        ("10.1.2.3", "local network"),
        ("192.168.0.9", "local network"),
        ("100.64.0.1", "local network"),
        ("fe80::1", "local network"),
        ("fd00::1", "local network"),
        ("145.97.20.1", "Netherlands (approximate)"),
        ("2001:67c:2e8:22::c100:68b", "Netherlands (approximate)"),
        ("", "unknown place"),
        ("somewhere", "unknown place"),
    ],
)
def test_an_address_has_a_place_and_private_ones_are_never_looked_up(address: str, words: str) -> None:
    found = LocationFinder().find(address)
    assert found.words("en") == words
    assert Location.of(found.kept) == found


def test_a_country_is_named_in_the_readers_language() -> None:
    place = LocationFinder().find("145.97.20.1")
    assert "Nederland" in place.words("nl")
    assert "Niederlande" in place.words("de")
    assert Location.of("place/NL/Utrecht").words("en") == "Utrecht, Netherlands (approximate)"
    assert Location.of("place/ZZ/").words("en") != ""
    assert Location.of("rubbish").words("en") == "unknown place"


@pytest.mark.claim("C004")
def test_a_database_of_towns_names_them_in_the_readers_language(tmp_path: Path) -> None:
    path = tmp_path / "towns.mmdb"
    cologne = {"country": {"iso_code": "DE"}, "city": {"names": {"en": "Cologne", "de": "Köln"}}}
    mmdb.write(
        path,
        "DBIP-City-Lite",
        {
            "145.97.0.0/16": {"country": {"iso_code": "NL"}, "city": {"names": {"en": "Utrecht / Binnenstad"}}},
            "2a00:1::/32": cologne,
            "8.8.8.0/24": {"country": {"iso_code": "US"}},
            "9.9.9.0/24": {"country": {"iso_code": "not a code"}},
            "1.1.1.0/24": {"country": "of another shape"},
        },
    )
    finder = LocationFinder(str(path))
    try:
        assert finder.find("145.97.20.1", "nl").words("nl") == "Utrecht / Binnenstad, Nederland (ongeveer)"
        assert finder.find("2a00:1::5", "de").words("de") == "Köln, Deutschland (ungefähr)"
        assert finder.find("2a00:1::5", "nl").words("en") == "Cologne, Germany (approximate)"
        assert finder.find("8.8.8.8") == Location("place", "US")
        # What the database does not know, or says in another way, the built-in table answers.
        assert finder.find("9.9.9.9").country == LocationFinder().find("9.9.9.9").country != ""
        assert finder.find("1.1.1.1") == LocationFinder().find("1.1.1.1")
        assert finder.find("192.168.1.1").kind == "network"
        assert finder.source == ("DB-IP", "https://db-ip.com")
        assert LocationFinder().source is None
    finally:
        finder.close()


def test_a_database_that_cannot_be_read_is_an_error_at_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        LocationFinder(str(tmp_path / "absent.mmdb"))


def test_a_cookie_holds_tokens_and_nothing_else() -> None:
    tokens = [letter * 43 for letter in "abcdefg"]
    assert held_tokens({}) == []
    assert held_tokens({"session": ".".join(tokens[:3])}) == tokens[:3]
    assert held_tokens({"session": ".".join(tokens)}) == tokens[:5]
    assert held_tokens({"session": f"{tokens[0]}..short.{tokens[0]}.{'ä' * 43}"}) == tokens[:1]
