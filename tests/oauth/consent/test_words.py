"""The small texts of the page: where one goes afterwards, what the button says, how a name is shown."""

import pytest

from volary.oauth.consent.buttons import label
from volary.oauth.consent.destination import destination, host_of
from volary.oauth.consent.names import LONGEST, plain

LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    "target,start,place",
    [
        ("https://frame.test/cb?a=b", "Afterwards you will be sent to", "frame.test"),
        ("https://FRAME.test:8443/cb", "Afterwards you will be sent to", "frame.test:8443"),
        ("https://xn--80ak6aa92e.test/", "Afterwards you will be sent to", "xn--80ak6aa92e.test"),
        (
            "http://127.0.0.1:8765/back",
            "Afterwards you will be sent back to the app on this computer",
            "127.0.0.1:8765",
        ),
        ("http://[::1]:8765/back", "Afterwards you will be sent back to the app on this computer", "[::1]:8765"),
        ("com.frame.app://done/cb", "Afterwards an app on this device will open", "com.frame.app:"),
        ("oob", "Afterwards you will see a PIN", ""),
    ],
)
def test_the_page_says_where_the_answer_goes(target: str, start: str, place: str) -> None:
    shown = destination(target)
    assert shown.sentence.startswith(start)
    assert shown.place == place


@pytest.mark.parametrize(
    "url,host", [("https://www.frame.test/x", "frame.test"), ("https://a.test", "a.test"), ("", "")]
)
def test_a_website_is_named_by_its_host(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.claim("C023", "C024", "C027", "C029")
@pytest.mark.parametrize(
    "agent,signed_in,sign_in_flow,name",
    [
        (LAPTOP, True, False, "Authorize app"),
        (LAPTOP, True, True, "Sign in"),
        (LAPTOP, False, False, "Sign in and authorize app"),
        (LAPTOP, False, True, "Sign in and authorize app"),
        (IPHONE, True, False, "Connect"),
        (IPHONE, True, True, "Connect"),
        (IPHONE, False, False, "Sign in and authorize app"),
        (ANDROID, True, False, "Allow"),
        (ANDROID, False, True, "Sign in and authorize app"),
        ("", True, False, "Authorize app"),
    ],
)
def test_the_button_has_the_name_that_people_were_told(
    agent: str, signed_in: bool, sign_in_flow: bool, name: str
) -> None:
    assert label(agent, signed_in=signed_in, sign_in_flow=sign_in_flow) == name


@pytest.mark.attack("SR-133")
@pytest.mark.parametrize(
    "name,shown",
    [
        ("Photo Frame", "Photo Frame"),
        ("gnp.\u202eevil\u202c", "gnp.evil"),
        ("Pay\u200bPal\u2060\ufeff", "PayPal"),
        ("Two\nlines\tand  blanks\u2028here", "Two lines and blanks here"),
        ("\u0627\u0644\u0628\u064a\u062a", "\u0627\u0644\u0628\u064a\u062a"),
        ("👩\u200d🚀 crew", "👩\u200d🚀 crew"),
        ("\x00\x1b[31mred", "[31mred"),
    ],
)
def test_a_name_is_shown_plain(name: str, shown: str) -> None:
    assert plain(name) == shown


@pytest.mark.attack("SR-133")
def test_a_long_name_is_clipped() -> None:
    assert plain("n" * 300) == "n" * (LONGEST - 1) + "…"
    assert plain("n" * LONGEST) == "n" * LONGEST
