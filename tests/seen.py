"""Which operations of X's contract the tests saw answered, and with which statuses: one table after a run, in build/contract.md.

Each answer is held against the contract when it comes (`tests.server.contract.check`); here the counts of all test processes meet.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.server import contract

PAGE = Path(__file__).parents[1] / "build" / "contract.md"
_TOGETHER: Counter[tuple[str, int]] = Counter()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it saw; a run without workers keeps it."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is None:
        _TOGETHER.update(contract.SEEN)
    else:
        told["contract"] = [(name, status, count) for (name, status), count in contract.SEEN.items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker saw."""
    for name, status, count in getattr(node, "workeroutput", {}).get("contract", ()):
        _TOGETHER[name, status] += count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the table, and say how much there is in it."""
    if not _TOGETHER:
        return
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(table(_TOGETHER)) + "\n", encoding="utf-8")
    terminalreporter.line(
        f"contract: {sum(_TOGETHER.values()):,} answers of {len({name for name, _ in _TOGETHER})} operations were held against it"
    )


def table(seen: Counter[tuple[str, int]]) -> list[str]:
    """One line an operation: how often each status was seen."""
    statuses = sorted({status for _, status in seen})
    lines = [f"| operation | {' | '.join(map(str, statuses))} |", f"|---|{'--:|' * len(statuses)}"]
    for name in sorted({name for name, _ in seen}, key=lambda name: name.split(" ")[::-1]):
        counts = (str(seen.get((name, status), "")) for status in statuses)
        lines.append(f"| `{name}` | {' | '.join(counts)} |")
    return lines
