from pathlib import Path

import pytest

from volary.settings import BadSetting, Settings, load

NOWHERE = "/nonexistent/volary.toml"


def from_environment(**values: str) -> Settings:
    return load({f"VOLARY_{name.upper()}": value for name, value in values.items()})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "volary.toml"
    file.write_text(
        'port = 8100\nsite_name = "Club"\npkce_plain = false\n[site_links]\nprivacy = "https://club.example/p"\n'
    )
    settings = load({"VOLARY_PORT": "8200"}, file)
    assert (settings.port, settings.site_name, settings.pkce_plain) == (8200, "Club", False)
    assert settings.site_links == {"privacy": "https://club.example/p"}


def test_the_environment_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.toml"
    file.write_text("port = 8300\n")
    assert load({"VOLARY_SETTINGS": str(file)}).port == 8300


@pytest.mark.parametrize(
    "spelled, means",
    [("on", True), ("yes", True), ("true", True), ("1", True), ("off", False), ("no", False), ("0", False)],
)
def test_a_switch_is_spelled_as_people_spell_it(spelled: str, means: bool) -> None:
    assert from_environment(metrics=spelled).metrics is means


def test_lists_are_separated_by_commas() -> None:
    settings = from_environment(
        trusted_proxies="10.0.0.0/8, 127.0.0.1", site_links="privacy=https://a.example/p,terms=https://a.example/t"
    )
    assert settings.trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    assert settings.site_links == {"privacy": "https://a.example/p", "terms": "https://a.example/t"}


def test_without_a_public_address_the_server_is_for_this_machine_and_what_it_was_told() -> None:
    settings = from_environment(port="8400", public_origins="https://api.x.com")
    assert settings.public_url == "http://localhost:8400"
    assert settings.origins == ("http://localhost:8400", "http://127.0.0.1:8400", "https://api.x.com")


def test_with_a_public_address_there_are_no_others_than_those_named() -> None:
    settings = from_environment(public_url="https://volary.example/app", public_origins="https://api.volary.example")
    assert settings.origins == ("https://volary.example", "https://api.volary.example")
    assert settings.secure
    assert settings.path_prefix == "/app"


@pytest.mark.parametrize("spelled, scale", [("off", 0.0), ("1", 1.0), ("0.1", 0.1), ("10", 10.0)])
def test_limits_are_scaled_or_off(spelled: str, scale: float) -> None:
    assert from_environment(rate_limits=spelled).rate_limit_scale == scale


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("public_url", "volary.example", "must start with http"),
        ("public_origins", "https://", "is no public address"),
        ("public_url", "http://volary.example:99999", "is no public address"),
        ("database", "mysql://host/name", "VOLARY_DATABASE must be"),
        ("rate_limits", "0", "VOLARY_RATE_LIMITS must be"),
        ("rate_limits", "nan", "VOLARY_RATE_LIMITS must be"),
        ("rate_limits", "many", "VOLARY_RATE_LIMITS must be"),
        ("trusted_proxies", "the proxy", "VOLARY_TRUSTED_PROXIES"),
        ("log_format", "xml", "VOLARY_LOG_FORMAT"),
        ("port", "65536", "VOLARY_PORT"),
        ("port", "http", "a setting is wrong"),
        ("metrics", "perhaps", "a setting is wrong"),
        ("workers", "2", "VOLARY_WORKERS above 1 needs"),
        ("accent", "green", "VOLARY_ACCENT"),
        ("accent", "#12345g", "VOLARY_ACCENT"),
    ],
)
def test_a_wrong_value_stops_the_program_with_a_sentence(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        from_environment(**{name: value})


def test_a_file_that_was_named_must_be_there() -> None:
    with pytest.raises(BadSetting, match="no such file"):
        load({"VOLARY_SETTINGS": NOWHERE})


@pytest.mark.parametrize(
    "content, said", [("port = ", "volary.toml"), ("prot = 8000\n", "prot"), ("port = []\n", "port")]
)
def test_a_file_with_a_mistake_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "volary.toml"
    file.write_text(content)
    with pytest.raises(BadSetting, match=said):
        load({}, file)
