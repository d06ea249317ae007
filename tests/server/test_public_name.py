import pytest

from volary.server.cli.serve import named
from volary.settings import load


@pytest.mark.parametrize(
    "host, public, origins",
    [
        ("127.0.0.1", "http://127.0.0.1:8123", {"http://127.0.0.1:8123", "http://localhost:8123"}),
        ("::1", "http://[::1]:8123", {"http://[::1]:8123", "http://localhost:8123", "http://127.0.0.1:8123"}),
        (
            "10.1.2.3",
            "http://10.1.2.3:8123",
            {"http://10.1.2.3:8123", "http://localhost:8123", "http://127.0.0.1:8123"},
        ),
    ],
)
def test_a_host_that_was_told_is_the_name_of_the_pages(host: str, public: str, origins: set[str]) -> None:
    environment = {"VOLARY_HOST": host, "VOLARY_PORT": "8123"}
    settings = load(environment | named(load(environment)))
    assert settings.public_url == public
    assert set(settings.origins) == origins


@pytest.mark.parametrize("told", [{"VOLARY_HOST": "0.0.0.0"}, {"VOLARY_PUBLIC_URL": "https://volary.example"}])
def test_a_public_url_stays_and_all_addresses_are_no_name(told: dict[str, str]) -> None:
    assert named(load({"VOLARY_PORT": "8123"} | told)) == {}
