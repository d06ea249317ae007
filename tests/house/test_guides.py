"""The commands that the documentation shows exist, with these options."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tests.house import tree
from volary.server.cli import cli
from volary.settings import TOLD_BY_RUN, Settings

PAGES = [
    path for path in tree.files() if path.suffix == ".md" and path.parts[0] in {"docs", "README.md", "CONTRIBUTING.md"}
]
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(volary [^`]+)`")


def commands(path: Path) -> list[list[str]]:
    """The calls of `volary` in a page's shell blocks and between its backticks, as words."""
    lines = [line for block in BLOCK.findall(tree.text(path)) for line in block.replace("\\\n", " ").splitlines()]
    spoken = [piece for line in lines for piece in re.split(r"[|&;]+", line.split(" #")[0])]
    words = [shlex.split(piece) for piece in [*spoken, *INLINE.findall(tree.text(path))] if "volary " in piece]
    calls = [found[found.index("volary") + 1 :] for found in words if "volary" in found]
    return [call[: call.index("--")] if "--" in call else call for call in calls]  # what follows is another command


def resolved(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the first words name, and what is left of them."""
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            break
        command, words = found, words[1:]
    return command, words


SHOWN = [(path, words) for path in PAGES for words in commands(path)]


@pytest.mark.parametrize(
    "path, words", SHOWN, ids=lambda found: " ".join(found) if isinstance(found, list) else str(found)
)
def test_every_command_that_is_shown_exists(path: Path, words: list[str]) -> None:
    command, rest = resolved(words)
    assert not isinstance(command, click.Group) or not rest or rest[0].startswith("-"), f"no such command: {words}"
    known = {name for parameter in command.params for name in parameter.opts} | {"--help", "--version"}
    assert not {word.split("=")[0] for word in rest if word.startswith("--")} - known


def test_every_setting_that_is_named_exists() -> None:
    known = {f"VOLARY_{name.upper()}" for name in Settings.__struct_fields__} | set(TOLD_BY_RUN)
    of_the_scripts = {"VOLARY_SETTINGS", "VOLARY_VENV", "VOLARY_TEST_POSTGRES", "VOLARY_TEST_PROCESSES"}
    named = {path: set(re.findall(r"\bVOLARY_[A-Z_]*[A-Z]\b", tree.text(path))) for path in PAGES}
    assert not {str(path): found - known for path, found in named.items() if found - known - of_the_scripts}


def test_the_pages_do_show_commands() -> None:
    """A control: patterns that find nothing would let everything pass."""
    assert len(SHOWN) > 10
