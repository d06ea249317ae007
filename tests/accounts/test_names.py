"""Usernames, names, profiles."""

import pytest

from volary.accounts.errors import Refused
from volary.accounts.rules import names, profiles
from volary.accounts.rules.names import checked_name, checked_username, username_key
from volary.accounts.rules.profiles import Profile, checked_profile
from volary.kit.unicode import one_line


@pytest.mark.parametrize("username", ["a", "Ann", "ANN_1", "_", "abcdefghijklmno", "0123456789"])
def test_a_username_is_kept_as_it_was_typed(username: str) -> None:
    assert checked_username(username) == username


@pytest.mark.attack("SR-157")
@pytest.mark.parametrize(
    "username",
    [
        "",
        "abcdefghijklmnop",
        "ann ",
        " ann",
        "ann.",
        "a-b",
        "ann\n",
        "\uff4dallory",
        "\u0430nn",
        "an\u200dn",
        "\u0131da",
        "\u212aarl",
        "ann\U0001f41d",
        "a\u0301nn",
        "\u0661\u0662",
    ],
)
def test_no_other_script_passes_for_ours(username: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_username(username)
    assert (refused.value.message, refused.value.field) == (names.SHAPE, "username")
    assert username_key(username) is None


@pytest.mark.attack("SR-158")
@pytest.mark.parametrize(
    "username",
    ["i", "oauth", "OAuth2", "api", "settings", "login", "logout", "signup", "Admin", "1", "2", "portal", "help"],
)
def test_reserved_names_are_refused_in_any_case(username: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_username(username)
    assert refused.value.message == names.RESERVED


def test_a_name_is_one_visible_line() -> None:
    assert checked_name("  Ann \t\n Ameland\x00\u202e ") == "Ann Ameland"
    assert one_line("e\u0301") == "\u00e9"
    assert checked_name("Zoë van der Berg 🐝") == "Zoë van der Berg 🐝"


@pytest.mark.parametrize(
    "name, message", [("", names.NAME_MISSING), ("\u200b \u202e", names.NAME_MISSING), ("x" * 51, names.NAME_LONG)]
)
def test_a_name_that_nobody_could_read_is_refused(name: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_name(name)
    assert refused.value.message == message


def test_a_profile_is_tidied() -> None:
    profile = Profile(
        " Ann ",
        " I keep bees.\r\n\r\nAnd goats. \x07",
        " Ameland ",
        " https://ann.example/bees ",
        "nl",
        "Europe/Amsterdam",
        7,
    )
    assert checked_profile(profile) == Profile(
        "Ann", "I keep bees.\n\nAnd goats.", "Ameland", "https://ann.example/bees", "nl", "Europe/Amsterdam", 1
    )


@pytest.mark.attack("SR-165")
@pytest.mark.parametrize(
    "changed, message",
    [
        ({"website": "javascript:alert(1)"}, profiles.WEBSITE_SHAPE),
        ({"website": "https://user@evil.example/"}, profiles.WEBSITE_SHAPE),
        ({"website": "https://"}, profiles.WEBSITE_SHAPE),
        ({"website": "https://[::1"}, profiles.WEBSITE_SHAPE),
        ({"website": 'https://a.example/"><script>'}, profiles.WEBSITE_SHAPE),
        ({"website": "https://a.example/" + "a" * 100}, profiles.TOO_LONG),
        ({"description": "x" * 161}, profiles.TOO_LONG),
        ({"location": "x" * 31}, profiles.TOO_LONG),
        ({"language": "xx"}, profiles.LANGUAGE_UNKNOWN),
        ({"time_zone": "Mars/Olympus"}, profiles.TIME_ZONE_UNKNOWN),
        ({"time_zone": "../../etc/passwd"}, profiles.TIME_ZONE_UNKNOWN),
    ],
)
def test_a_profile_that_could_harm_is_refused(changed: dict[str, str], message: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_profile(Profile("Ann", **changed))  # type: ignore[arg-type]
    assert (refused.value.message, refused.value.field) == (message, next(iter(changed)))


@pytest.mark.parametrize("email", ["ann@example.org", "a.b+c@sub.example.org", "ann@localhost", "o'hara@example.org"])
def test_an_address_is_kept_in_lower_case(email: str) -> None:
    assert profiles.checked_email(f" {email.upper()} ") == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "a b@example.org",
        "ann@example..org",
        "ann@-a.org",
        "a" * 65 + "@b.org",
        "ann@exämple.org",
        "ann@b.org\nBcc: x@y.org",
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Refused) as refused:
        profiles.checked_email(email)
    assert refused.value.message == profiles.EMAIL_SHAPE
