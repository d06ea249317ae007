"""A receiver's certificate."""

import ssl
from pathlib import Path

import pytest

from tests.certificates import certificate


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """What a server on this machine presents, which nobody vouches for."""
    return certificate(tmp_path, "127.0.0.1")[0]
