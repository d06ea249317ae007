import contextlib
import os
import pwd
from pathlib import Path

import pytest

from volary.settings import BadSetting, Settings, load, unknown_variables

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


@pytest.mark.attack("SR-370")
@pytest.mark.parametrize(
    "name, value, said",
    [
        ("public_url", "volary.example", "must start with http"),
        ("public_url", "http://volary.example:99999", "is no public address"),
        ("public_url", "ftp://volary.example", "must start with http"),
        ("public_url", "https://ann:pass@volary.example", "no user name"),
        ("public_url", "https://volary.example/?a=1", "no user name"),
        ("public_url", "https://volary.example/a b", "is no public address"),
        ("public_url", "https://volary.example/a%20b", "must be plain"),
        ("public_url", "https://volary.example//a", "must be plain"),
        ("public_origins", "https://", "is no public address"),
        ("public_origins", "https://a.example,https://b.example/path", "must end after the host"),
        ("database", "mysql://host/name", "VOLARY_DATABASE must be"),
        ("database", "sqlite:///", "VOLARY_DATABASE must be"),
        ("database", "sqlite:///data/", "VOLARY_DATABASE must be"),
        ("database", "sqlite://data.db", "VOLARY_DATABASE must be"),
        ("database", "sqlite:///:memory:", "VOLARY_DATABASE must be"),
        ("database", "volary.db", "VOLARY_DATABASE must be"),
        ("valkey", "localhost:6379", "VOLARY_VALKEY must be"),
        ("valkey", "valkey://", "VOLARY_VALKEY must be"),
        ("valkey", "valkey://host:port", "VOLARY_VALKEY must be"),
        ("rate_limits", "0", "VOLARY_RATE_LIMITS must be"),
        ("rate_limits", "-1", "VOLARY_RATE_LIMITS must be"),
        ("rate_limits", "nan", "VOLARY_RATE_LIMITS must be"),
        ("rate_limits", "many", "VOLARY_RATE_LIMITS must be"),
        ("trusted_proxies", "the proxy", "VOLARY_TRUSTED_PROXIES"),
        ("log_format", "xml", "VOLARY_LOG_FORMAT"),
        ("port", "65536", "VOLARY_PORT must be a whole number"),
        ("port", "-1", "VOLARY_PORT must be a whole number"),
        ("port", "http", "VOLARY_PORT must be a whole number"),
        ("port", "", "VOLARY_PORT must be a whole number"),
        ("metrics", "perhaps", "VOLARY_METRICS must be on or off"),
        ("workers", "0", "VOLARY_WORKERS must be a whole number"),
        ("workers", "2", "VOLARY_WORKERS above 1 needs"),
        ("password_slots", "0", "VOLARY_PASSWORD_SLOTS must be"),
        ("password_queue", "-1", "VOLARY_PASSWORD_QUEUE must be"),
        ("site_name", " ", "VOLARY_SITE_NAME must be"),
        ("site_name", "x" * 51, "VOLARY_SITE_NAME must be"),
        ("site_name", "a\nb", "VOLARY_SITE_NAME must be"),
        ("site_links", "privacy", "VOLARY_SITE_LINKS must be pairs"),
        ("site_links", "privacy=javascript:alert(1)", "VOLARY_SITE_LINKS: privacy must lead"),
        ("accent", "green", "VOLARY_ACCENT"),
        ("accent", "#12345g", "VOLARY_ACCENT"),
    ],
)
def test_a_wrong_value_stops_the_program_with_one_line(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said) as refused:
        from_environment(**{name: value})
    assert "\n" not in str(refused.value).replace(value, "")


def test_a_file_that_was_named_must_be_there_and_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no such file"):
        load({"VOLARY_SETTINGS": NOWHERE})
    with pytest.raises(BadSetting, match="directory"):
        load({}, tmp_path)


def test_a_file_that_may_not_be_read_names_who_has_to_read_it(tmp_path: Path) -> None:
    file = tmp_path / "volary.toml"
    file.touch(mode=0)
    me = os.geteuid()
    try:
        if me == 0:  # root may read everything
            os.seteuid(65534)
        name = pwd.getpwuid(os.geteuid()).pw_name
        with pytest.raises(BadSetting, match=f"the user {name}, who runs this, is not allowed to read it"):
            load({}, file)
    finally:
        os.seteuid(me)


@pytest.mark.parametrize(
    "content, said",
    [
        (b"port = ", "volary.toml"),
        (b"prot = 8000\n", "there is no setting 'prot'"),
        (b"port = []\n", "volary.toml: port must be a whole number"),
        (b"metrics = 7\n", "volary.toml: metrics must be on or off"),
        (b"site_name = [1]\n", "volary.toml: site_name must be text"),
        (b"trusted_proxies = 1\n", "volary.toml: trusted_proxies must be texts"),
        (b"site_links = ['a']\n", "volary.toml: site_links must be pairs"),
        (b"site_name = '\xff'\n", "volary.toml"),
    ],
)
def test_a_file_with_a_mistake_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "volary.toml"
    file.write_bytes(content)
    with pytest.raises(BadSetting, match=said):
        load({}, file)


# Every setting: how the environment spells it, how the file does, and what it then is.
SPELLED: dict[str, tuple[str, str, object]] = {
    "database": ("postgresql://me@host/name", "'postgresql://me@host/name'", "postgresql://me@host/name"),
    "public_url": ("https://Volary.example:443/", "'https://Volary.example:443/'", "https://volary.example"),
    "public_origins": (
        "https://a.example/,http://b.example:80",
        "['https://a.example/', 'http://b.example:80']",
        ("http://127.0.0.1:8000", "https://a.example", "http://b.example"),
    ),
    "trusted_proxies": ("10.0.0.0/8, ::1", "['10.0.0.0/8', '::1']", ("10.0.0.0/8", "::1")),
    "host": ("0.0.0.0", "'0.0.0.0'", "0.0.0.0"),
    "port": ("8100", "8100", 8100),
    "workers": ("1", "1", 1),
    "key": ("abc", "'abc'", "abc"),
    "valkey": ("valkey://:secret@host:6379/0", "'valkey://:secret@host:6379/0'", "valkey://:secret@host:6379/0"),
    "rate_limits": ("2", "2", "2"),
    "site_name": ("Club", "'Club'", "Club"),
    "accent": ("#1d6f5c", "'#1d6f5c'", "#1d6f5c"),
    "site_links": (
        "terms=https://a.example/?a=b, contact=mailto:me@a.example",
        "{terms = 'https://a.example/?a=b', contact = 'mailto:me@a.example'}",
        {"terms": "https://a.example/?a=b", "contact": "mailto:me@a.example"},
    ),
    "media_folder": ("/pictures", "'/pictures'", "/pictures"),
    "location_database": ("/towns.mmdb", "'/towns.mmdb'", "/towns.mmdb"),
    "breached_passwords": ("/hashes", "'/hashes'", "/hashes"),
    "pkce_plain": ("off", "false", False),
    "issuer_in_answers": ("on", "true", True),
    "standard_errors": ("YES", "'yes'", True),
    "log_format": ("json", "'json'", "json"),
    "log_requests": ("1", "true", True),
    "metrics": ("0", "false", False),
    "password_slots": ("4", "4", 4),
    "password_queue": ("0", "0", 0),
    "confirm_after": ("0", "0", 0),
    "apps_per_account": ("5", "5", 5),
    "developer_approval": ("operator", "'operator'", "operator"),
    "further_permissions": ("full-archive", "['full-archive']", ("full-archive",)),
    "undelete_days": ("0", "0", 0),
    "usage_days": ("0", "0", 0),
    "request_log_days": ("365", "365", 365),
    "smtp_url": ("smtps://u:p%40ss@mail.example", '"smtps://u:p%40ss@mail.example"', "smtps://u:p%40ss@mail.example"),
    "webhook_networks": ("10.0.0.0/8", '["10.0.0.0/8"]', ("10.0.0.0/8",)),
    "mail_from": ("no-reply@site.example", '"no-reply@site.example"', "no-reply@site.example"),
    "demo": ("true", "true", True),
}


def test_every_setting_is_tried_below() -> None:
    assert set(SPELLED) == set(Settings.__struct_fields__)


@pytest.mark.parametrize("name", SPELLED)
def test_each_setting_comes_from_the_environment_or_from_the_file(name: str, tmp_path: Path) -> None:
    spelled, written, meant = SPELLED[name]
    file = tmp_path / "volary.toml"
    file.write_text(f"{name} = {written}\n")
    assert getattr(load({}, file), name) == meant
    assert getattr(from_environment(**{name: spelled}), name) == meant
    file.write_text(f"{name} = []\n")
    with pytest.raises(BadSetting) if not isinstance(meant, tuple) else contextlib.nullcontext():
        load({}, file)
    assert getattr(load({f"VOLARY_{name.upper()}": spelled}, file), name) == meant


def test_a_variable_that_is_no_setting_is_noticed() -> None:
    assert unknown_variables(
        {
            "VOLARY_TRUSTED_PROXY": "10.0.0.0/8",
            "VOLARY_PORT": "1",
            "VOLARY_SETTINGS": "x",
            "VOLARY_TEST_POSTGRES": "y",
            "PATH": "z",
        }
    ) == ["VOLARY_TRUSTED_PROXY"]


def test_a_copy_with_changes_is_checked_too() -> None:
    settings = from_environment(public_url="https://volary.example/")
    assert settings.replaced(site_name="Club").site_name == "Club"
    with pytest.raises(BadSetting, match="VOLARY_DATABASE"):
        settings.replaced(database="elsewhere")
