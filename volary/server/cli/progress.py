"""What a long command says meanwhile, on standard error: nothing in the first second, then a line a second."""

import time

import click

_EVERY = 1.0


class Progress:
    """Says how far something is."""

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        self._what = what
        self._quiet = quiet
        self._said = time.monotonic()

    def at(self, done: int, of: int | None = None) -> None:
        """Where it is now."""
        if self._quiet or time.monotonic() - self._said < _EVERY:
            return
        self._said = time.monotonic()
        click.echo(f"{done} {self._what}" if of is None else f"{done} of {of} {self._what}", err=True)
