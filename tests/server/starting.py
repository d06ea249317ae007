"""The command line, called in this process as its entry point calls it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from volary.server.cli import main


class Done(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line with which it refused."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("volary: ")
        assert self.out == ""
        return lines[0].removeprefix("volary: ")


class CommandLine:
    """Calls commands in a folder, with an environment of their own."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._capture = capture

    def __call__(self, *arguments: str, typed: str = "", **settings: str) -> Done:
        """Run a command. `settings` are variables by their names in lower case."""
        with self._patch.context() as patch, _logs_kept():
            patch.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith("VOLARY_")]:
                patch.delenv(name)
            for name, value in settings.items():
                patch.setenv(f"VOLARY_{name.upper()}", value)
            patch.setattr("sys.stdin", StringIO(typed))
            self._capture.readouterr()
            try:
                main(list(arguments))
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
            else:
                code = 0
            said = self._capture.readouterr()
            return Done(code, said.out, said.err)


@contextmanager
def _logs_kept() -> Iterator[None]:
    """`serve` sends all records to standard error; afterwards they go where they went before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
