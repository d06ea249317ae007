"""What must not stand in a tracked file: secrets, this machine's paths, the hosts of package registries."""

import re
from pathlib import Path

import pytest

from tests.house import tree

# Cut in two, or these lines would find themselves.
HOSTS = ("pypi" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.", "deb" + r"\.debian\.")
PATHS = ("/wo" + "rk/", "/fa" + "rm/", "/ro" + "ot/", "/ho" + r"me/(?!bookmarks\b)[a-z]")
"""The page of bookmarks is ours, and no folder of somebody."""
SECRETS = (
    "-----BEGIN [A-Z ]*PRIVATE" + " KEY-----",
    r"\bVOLARY_" + r"KEY=[A-Za-z0-9+/_-]{40,}",
    r"\b(gh[pousr]|github_pat)" + r"_[A-Za-z0-9_]{20,}",
    r"\bAKI" + "A[0-9A-Z]{16}",
    r"\bxox[abp]" + "-[0-9A-Za-z-]{10,}",
)


def found(pattern: str, path: Path) -> list[str]:
    """The lines of a file that hold a pattern, with their numbers."""
    seen = re.compile(pattern)
    return [
        f"{path}:{number}: {line[:160]}"
        for number, line in enumerate(tree.text(path).splitlines(), 1)
        if seen.search(line)
    ]


@pytest.mark.parametrize("pattern", HOSTS)
def test_no_registry_is_named(pattern: str) -> None:
    assert not [line for path in tree.files() for line in found(pattern, path)]


@pytest.mark.parametrize("pattern", PATHS)
def test_no_path_of_one_machine_is_named(pattern: str) -> None:
    assert not [line for path in tree.files() for line in found(rf"(^|[^A-Za-z0-9_.\-]){pattern}", path)]


@pytest.mark.parametrize("pattern", SECRETS)
def test_no_secret_is_published(pattern: str) -> None:
    assert not [line for path in tree.files() for line in found(pattern, path)]


def test_the_patterns_find_what_they_look_for() -> None:
    """A control: a pattern that finds nothing in a line that it was made for would prove nothing."""
    lines = {
        HOSTS[0]: "https://" + "pypi" + ".org/simple",
        PATHS[0]: "cd /wo" + "rk/main",
        SECRETS[0]: "-----BEGIN RSA PRIVATE" + " KEY-----",
        SECRETS[1]: "VOLARY_" + "KEY=" + "A" * 43,
    }
    assert not [line for pattern, line in lines.items() if not re.search(pattern, line)]


def test_no_large_file_is_tracked() -> None:
    assert not [str(path) for path in tree.files() if (tree.ROOT / path).stat().st_size > 1_000_000]
