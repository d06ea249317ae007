"""Files that must not be lost or half there: what a backup is written into, and having the disk hold it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from volary.db.errors import CannotStart


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """A new file beside a place where nothing is yet, readable for its owner alone. It takes that place at the end of the block, flushed
    to the disk; when the block fails, nothing is left. Raises CannotStart.
    """
    if target.exists():
        raise _taken(target)
    draft = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        raise CannotStart(f"{draft} is there: another backup is being made, or was interrupted; delete it") from None
    except OSError as error:
        raise CannotStart(f"cannot write {target}: {error.strerror}") from error
    try:
        yield draft
        _put(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have the disk hold what a file or a folder holds."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put(draft: Path, target: Path) -> None:
    try:
        flush(draft)
        os.link(draft, target)  # never over what is there
        flush(target.parent)
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        raise CannotStart(f"cannot write {target}: {error.strerror}") from error


def _taken(target: Path) -> CannotStart:
    return CannotStart(f"{target} is there already: name another file")
