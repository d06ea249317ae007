"""What lies beside a SQLite database and holds keys: retired keys, copies that somebody put there. Nothing uses them by itself."""

import contextlib
import glob
from pathlib import Path

from volary.db.errors import CannotStart
from volary.db.keys import key_file, keyring
from volary.kit.secrets import Keyring

_SMALL = 65_536
"""Whatever is larger holds no keys."""


def keys_beside(url: str) -> dict[Path, Keyring]:
    """Each file with its keys, the key file among them.

    They are only looked at, so one that others can read counts too, and one that holds no key is passed over.
    """
    if not url.startswith("sqlite:///"):
        return {}
    file, found = key_file(url), {}
    for path in sorted(file.parent.glob(f"{glob.escape(file.name)}*")):
        with contextlib.suppress(CannotStart, OSError):
            if path.is_file() and path.stat().st_size < _SMALL:
                found[path] = keyring(path.read_text(encoding="ascii", errors="replace"), url)
    return found


def how_to_add(key: str | None, url: str, wanted: str) -> str:
    """What an operator does so that a key of another day is here beside the present ones, which must stay."""
    holders = [path for path, ring in keys_beside(url).items() if wanted in ring.key_ids]
    lies = f"it is in {holders[0]}; " if holders else ""
    if key is None:
        return f"{lies}append it to {key_file(url)} as a line of its own, never overwrite that file"
    return f"{lies}put it into VOLARY_KEY behind the present one, with a comma between"


def was_taken_out(url: str, key_id: str) -> bool:
    """Whether a key was retired: it was moved into a file of its own, which is there still."""
    return url.startswith("sqlite:///") and (file := key_file(url)).with_name(f"{file.name}.{key_id}").exists()
