"""Driving an action: a coroutine that may await its transaction and nothing else, on both engines alike."""

from collections.abc import Callable, Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class ForeignWait(RuntimeError):
    """An action awaited something other than its transaction. That is a bug: the writer would stand still for it."""

    def __init__(self, action: object) -> None:
        name = getattr(action, "__qualname__", repr(action))
        super().__init__(f"{name} awaited something other than its transaction; do that before or after the write")


class TxOver(RuntimeError):
    """A transaction was used after its action had ended."""

    def __init__(self) -> None:
        super().__init__("this transaction is over: a Tx may not be kept beyond its action")


def at_once(coroutine: Coroutine[Any, Any, T], action: object) -> T:
    """Run an action whose transaction never suspends (SQLite's). Raises ForeignWait when it suspends on anything."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    coroutine.close()
    raise ForeignWait(action)


@coroutine
def guarded(coroutine: Coroutine[Any, Any, T], action: object, inside: Callable[[], bool]) -> Generator[Any, Any, T]:
    """Run an action whose transaction does suspend (PostgreSQL's); `inside` tells whether it is the transaction that waits."""
    send: Callable[[Any], Any] = coroutine.send
    value: Any = None
    while True:
        try:
            waited = send(value)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if not inside():
            coroutine.close()
            raise ForeignWait(action)
        try:
            send, value = coroutine.send, (yield waited)
        except BaseException as error:  # noqa: BLE001 - a cancellation is handed on into the action
            send, value = coroutine.throw, error
