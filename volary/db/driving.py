"""Driving an action: a coroutine that may await its transaction and nothing else, on both engines alike."""

import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


class ForeignWait(RuntimeError):
    """An action awaited something other than its transaction. That is a bug: the writer would stand still for it."""

    def __init__(self, action: Coroutine[Any, Any, Any]) -> None:
        name = getattr(action, "__qualname__", repr(action))
        super().__init__(f"{name} awaited something other than its transaction; do that before or after the write")


class TxOver(RuntimeError):
    """A transaction was used after its action had ended."""

    def __init__(self) -> None:
        super().__init__("this transaction is over: a Tx may not be kept beyond its action")


def at_once(action: Coroutine[Any, Any, T]) -> T:
    """Run an action whose transaction never suspends (SQLite's). Raises ForeignWait when it suspends on anything."""
    try:
        action.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    action.close()
    raise ForeignWait(action)


@types.coroutine
def guarded(action: Coroutine[Any, Any, T], inside: Callable[[], bool]) -> Generator[Any, Any, T]:
    """Run an action whose transaction does suspend (PostgreSQL's); `inside` tells whether it is the transaction that waits."""
    send: Callable[[Any], Any] = action.send
    value: Any = None
    while True:
        try:
            waited = send(value)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if not inside():
            action.close()
            raise ForeignWait(action)
        try:
            send, value = action.send, (yield waited)
        except BaseException as error:  # noqa: BLE001 - a cancellation is handed on into the action
            send, value = action.throw, error
