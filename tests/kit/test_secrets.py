import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.kit.secrets import Keyring, SealBroken, digest, mint, mint_alphanumeric, mint_pin, same

KEY = bytes(range(32))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def test_what_is_minted_is_long_random_and_fit_for_urls() -> None:
    made = [mint() for _ in range(200)]
    assert len(set(made)) == 200
    assert all(len(base64.urlsafe_b64decode(one + "=")) == 32 for one in made)
    assert {len(mint_alphanumeric(40)) for _ in range(50)} == {40}
    assert all(mint_alphanumeric(45).isalnum() and mint_alphanumeric(45).isascii() for _ in range(50))
    assert all(len(pin) == 7 and pin[0] != "0" and pin.isdigit() for pin in (mint_pin() for _ in range(200)))


def test_every_character_is_minted_about_as_often() -> None:
    counted = dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 0)
    for one in mint_alphanumeric(62_000):
        counted[one] += 1
    assert min(counted.values()) > 800
    assert max(counted.values()) < 1200


def test_a_token_is_kept_as_its_sha256() -> None:
    assert digest("abc") == hashlib.sha256(b"abc").digest()
    assert digest("\ud800") != digest("\ud801")


def test_comparing_takes_texts_and_bytes() -> None:
    assert same("é", "é".encode())
    assert same(b"", "")
    assert not same("a", "A")
    assert not same("a", "aa")
    assert not same("\ud800", "x")


# ---------------------------------------------------------------------------------------------------------------- sealing


@given(TEXTS)
def test_what_is_sealed_is_opened_again_and_looks_different_each_time(plain: str) -> None:
    keys = Keyring(KEY)
    one, other = keys.seal("purpose", plain), keys.seal("purpose", plain)
    assert keys.unseal("purpose", one) == keys.unseal("purpose", other) == plain
    assert one != other
    assert len(plain) < 4 or plain.encode() not in one


@pytest.mark.attack("SR-086")
def test_a_seal_breaks_with_another_key_another_purpose_or_changed_bytes() -> None:
    keys = Keyring(KEY)
    sealed = keys.seal("consumer secret", "very secret")
    with pytest.raises(SealBroken):
        Keyring(bytes(32)).unseal("consumer secret", sealed)
    with pytest.raises(SealBroken):
        keys.unseal("token secret", sealed)
    broken = [sealed[:cut] for cut in (0, 5, 12, 27, len(sealed) - 1)]
    broken += [bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]]) for at in range(len(sealed))]
    broken += [sealed + b"\0", b"plain text that was never sealed"]
    for one in broken:
        with pytest.raises(SealBroken):
            keys.unseal("consumer secret", one)


def test_vectors_hold_for_ever() -> None:
    """Stored values depend on these: a change would make every database unreadable."""
    keys = Keyring(KEY)
    assert keys.key_id == "b793526ced44af0f"
    assert (
        keys.mac("pin", "1234567", "request").hex()
        == "363da6d28c78e9234ef89293ad09298bda61c858bb80546807f93722ce2dcd9d"
    )
    assert keys.derived("bearer", "7", "1") == "b4Ukm3heDElMWGGPZjDLYqOX3Ja3SEUaHuPbJ6qYj8I"
    sealed = bytes.fromhex("96c10f55a9ebb3adfca5f84d3fad67064d87da607f2fbe8ee5bc6d0334a658cce8c6af868069bb")
    assert keys.unseal("consumer secret", sealed) == "very secret"


# ------------------------------------------------------------------------------------------------------------ keyed digests


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_two_lists_of_parts_never_give_the_same_digest(one: list[str], other: list[str]) -> None:
    keys = Keyring(KEY)
    assert (keys.mac("x", *one) == keys.mac("x", *other)) == (one == other)


def test_digests_of_two_purposes_or_two_keys_have_nothing_in_common() -> None:
    keys = Keyring(KEY)
    made = {
        keys.mac("pin", "1"),
        keys.mac("mail", "1"),
        Keyring(bytes(32)).mac("pin", "1"),
        keys.mac("pin", "1", ""),
        keys.mac("pin"),
        keys.mac("pin", "\ud800"),
    }
    assert len(made) == 6
    assert all(len(one) == 32 for one in made)
    assert keys.derived("pin", "1") == base64.urlsafe_b64encode(keys.mac("pin", "1")).rstrip(b"=").decode()


@pytest.mark.attack("SR-370")
@pytest.mark.parametrize("master", [b"", b"short", bytes(31), bytes(33)])
def test_a_key_has_32_bytes(master: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(master)


def test_the_id_of_a_key_tells_nothing_of_the_key() -> None:
    keys = Keyring(KEY)
    assert len(keys.key_id) == 16
    assert keys.key_id not in KEY.hex()
    assert Keyring(bytes(32)).key_id != keys.key_id


# ----------------------------------------------------------------------------------------------------------- several keys


def test_what_an_older_key_sealed_is_opened_beside_the_current_one() -> None:
    old, new = Keyring(KEY), Keyring(bytes(32))
    both = Keyring(bytes(32), KEY)
    assert both.key_ids == (new.key_id, old.key_id)
    assert both.unseal("purpose", old.seal("purpose", "of before")) == "of before"
    assert new.unseal("purpose", both.seal("purpose", "of now")) == "of now"
    assert both.mac("pin", "1") == new.mac("pin", "1")
    assert [one.mac("pin", "1") for one in both.each] == [new.mac("pin", "1"), old.mac("pin", "1")]


def test_a_seal_says_which_key_made_it() -> None:
    both = Keyring(KEY, bytes(32))
    for key_id in both.key_ids:
        assert both.turn_to(key_id)
        assert both.key_id == key_id
        assert both.seal("purpose", "x").startswith(both.mark_of(key_id))


def test_a_key_is_forgotten_but_never_the_current_one() -> None:
    both, old = Keyring(bytes(32), KEY), Keyring(KEY)
    assert not both.forget(both.key_id)
    assert both.forget(old.key_id)
    assert not both.forget(old.key_id)
    with pytest.raises(SealBroken):
        both.unseal("purpose", old.seal("purpose", "x"))
    assert not both.turn_to(old.key_id)
    both.learn(old)
    assert both.key_ids[1:] == old.key_ids
    with pytest.raises(ValueError, match="has a key"):
        Keyring()
