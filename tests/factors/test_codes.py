"""One-time codes and recovery codes, without a database."""

import base64

import pytest

from volary.factors.rules.codes import address_of, counter_of, new_secret, picture_of
from volary.factors.rules.recovery import ALPHABET, LENGTH, new_code, plain

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    "second, code",
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_of_the_standard_are_right(second: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1, the last six digits."""
    assert counter_of(RFC, code, second * 1000) == second // 30


@pytest.mark.parametrize("late, right", [(-31, False), (-30, True), (0, True), (59, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(late: int, right: bool) -> None:
    at = 1_111_111_110
    assert (counter_of(RFC, "050471", (at + late) * 1000) is not None) is right


@pytest.mark.parametrize("typed", ["05047", "0504711", "", "o50471", "٠٥٠٤٧١", "050471\x00", "\ud800", "-50471"])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert counter_of(RFC, typed, 1_111_111_111_000) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    assert counter_of(RFC, " 050 471 ", 1_111_111_111_000) is not None


def test_secrets_are_long_and_their_own() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}


def test_the_address_names_site_and_account() -> None:
    address = address_of(RFC, "ann", "Volary & friends")
    assert address.startswith("otpauth://totp/Volary%20%26%20friends:ann?")
    assert f"secret={RFC}" in address
    assert picture_of(address).startswith("data:image/svg+xml")


def test_recovery_codes_are_read_as_people_write_them() -> None:
    code = new_code()
    letters = plain(code)
    assert letters is not None
    assert len(letters) == LENGTH
    assert plain(f"  {code.upper().replace('-', ' ')} ") == letters
    assert len({new_code() for _ in range(100)}) == 100


@pytest.mark.parametrize("typed", ["", "123456", "a" * 15, "a" * 17, "o" * 16, "a-b", "ä" * 16, "\ud800" * 16])
def test_what_is_no_recovery_code(typed: str) -> None:
    assert plain(typed) is None
    assert "o" not in ALPHABET
