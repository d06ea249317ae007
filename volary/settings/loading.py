"""Reading the settings: the environment over the file over the defaults."""

import os
import pwd
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from volary.settings.checks import BadSetting, checked
from volary.settings.fields import Settings

PREFIX = "VOLARY_"

_TYPES = get_type_hints(Settings, include_extras=True)
_KINDS: dict[str, Any] = {
    name: get_args(kind)[0] if get_origin(kind) is Annotated else kind for name, kind in _TYPES.items()
}
_SWITCH = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}
TOLD_BY_RUN = tuple(
    PREFIX + name
    for name in "URL USERNAME PASSWORD APP_ID API_KEY API_KEY_SECRET ACCESS_TOKEN ACCESS_TOKEN_SECRET CLIENT_ID CLIENT_SECRET "
    "BEARER_TOKEN".split()
)
"""What `volary run` tells the command that it runs."""
_NOT_SETTINGS = ("VOLARY_SETTINGS", "VOLARY_COUNTS_FOLDER", "VOLARY_VENV", "VOLARY_TEST_", *TOLD_BY_RUN)
"""Variables of this prefix that are read elsewhere: the file's path, what `serve` tells its workers, what bin/ and the tests go by."""


def load(environ: Mapping[str, str] | None = None, file: str | Path | None = None) -> Settings:
    """Read the settings. `file` defaults to `VOLARY_SETTINGS`, else `volary.toml` where it exists. Raises BadSetting."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for name, (source, value) in (_in_file(environ, file) | _in_environment(environ)).items():
        try:
            values[name] = msgspec.convert(_meant(_KINDS[name], value), _TYPES[name], strict=False)
        except (msgspec.ValidationError, ValueError) as error:
            raise BadSetting(f"{source} {_wanted(name, str(error))}") from None
    return checked(Settings(**values))


def is_given(name: str, environ: Mapping[str, str] | None = None, file: str | Path | None = None) -> bool:
    """Whether somebody said what a setting is, in the file or in the environment. Raises BadSetting."""
    environ = os.environ if environ is None else environ
    return name in _in_file(environ, file) | _in_environment(environ)


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: a slip of the pen that would otherwise have no effect and no voice."""
    known = {PREFIX + name.upper() for name in _KINDS}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known and not _is_other(name))


def _is_other(name: str) -> bool:
    return name.startswith(_NOT_SETTINGS)


def _in_file(environ: Mapping[str, str], file: str | Path | None) -> dict[str, tuple[str, Any]]:
    named = file or environ.get("VOLARY_SETTINGS")
    path = Path(named or "volary.toml")
    if not named and not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSetting(f"{path}: no such file") from None
    except PermissionError:
        raise BadSetting(f"{path}: {_user()}, who runs this, is not allowed to read it") from None
    except OSError as error:
        raise BadSetting(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: {error}") from error
    unknown = sorted(found.keys() - _KINDS.keys())
    if unknown:
        raise BadSetting(f"{path}: there is no setting {unknown[0]!r}; docs/settings.md lists them")
    return {name: (f"{path}: {name}", value) for name, value in found.items()}


def _user() -> str:
    """Who runs this program; in a container that may be a number without a name."""
    number = os.geteuid()
    try:
        return f"the user {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"the user {number}"


def _in_environment(environ: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
    variables = {name: PREFIX + name.upper() for name in _KINDS}
    return {name: (variable, environ[variable]) for name, variable in variables.items() if variable in environ}


def _meant(kind: Any, value: Any) -> Any:
    """The value that people mean by what they wrote. Raises ValueError."""
    if not isinstance(value, str):
        return _spelled(value) if kind is str else value
    if kind == tuple[str, ...]:
        return [part.strip() for part in value.split(",") if part.strip()]
    if kind == dict[str, str]:
        pairs = [part.strip().split("=", 1) for part in value.split(",") if part.strip()]
        return {name.strip(): url.strip() for name, url in pairs}
    if kind is bool:
        return _SWITCH.get(value.strip().lower(), value)
    return value or None if kind == (str | None) else value


def _spelled(value: Any) -> Any:
    """A number or a switch of the file, where the setting takes a word: `rate_limits = 2`."""
    if isinstance(value, bool):
        return "1" if value else "off"
    return str(value) if isinstance(value, int | float) else value


def _wanted(name: str, complaint: str) -> str:
    kind = _KINDS[name]
    if kind is int:
        bounds = complaint.replace("`", "").removeprefix("Expected int ") if "int `" not in complaint else ""
        return f"must be a whole number ({bounds})" if bounds.startswith((">", "<")) else "must be a whole number"
    words = {bool: "must be on or off", str: "must be text"}
    if kind in words:
        return words[kind]
    if kind == dict[str, str]:
        return "must be pairs such as privacy=https://example.org/privacy, separated by commas"
    return "must be texts, separated by commas" if kind == tuple[str, ...] else "must be text"
