"""How credentials look: as X's do, so that clients which look at them find what they know."""

import base64
import re

from volary.developers.rules.credentials import (
    bearer_token,
    hint_of,
    new_api_key,
    new_client_id,
    new_client_secret,
)
from volary.kit.secrets import Keyring


def test_an_api_key_and_its_secret_are_as_long_as_xs() -> None:
    key, secret = new_api_key()
    assert re.fullmatch(r"[A-Za-z0-9]{25}", key)
    assert re.fullmatch(r"[A-Za-z0-9]{50}", secret)
    assert new_api_key() != (key, secret)
    assert re.fullmatch(r"[A-Za-z0-9]{50}", new_client_secret())


def test_a_client_id_says_what_it_is() -> None:
    made = new_client_id()
    assert re.fullmatch(r"[A-Za-z0-9_-]{34}", made)
    assert re.fullmatch(r"[A-Za-z0-9]{20}:1:ci", base64.urlsafe_b64decode(made + "==").decode())


def test_a_bearer_token_is_derived_and_carries_escapes(keys: Keyring) -> None:
    tokens = {bearer_token(keys, app, generation) for app in range(1, 60) for generation in range(1, 4)}
    assert len(tokens) == 59 * 3
    assert all(re.fullmatch(r"A{21}([A-Za-z0-9]|%2B|%2F)+%3D[A-Za-z0-9_-]{16}", token) for token in tokens)
    assert bearer_token(keys, 1, 1) == bearer_token(keys, 1, 1)
    assert bearer_token(Keyring(bytes(32)), 1, 1) not in tokens


def test_a_hint_is_the_end_of_the_credential() -> None:
    assert hint_of("abcdefghij") == "ghij"
