"""The names of folders of bookmarks, and how many there may be."""

from volary.kit.errors import Invalid
from volary.kit.unicode import one_line

MOST_FOLDERS = 500
"""Folders that one person may have."""
NAME_LENGTH = 25


def checked_folder_name(name: str) -> str:
    """The name as it is kept, on one line. Raises Invalid where nothing is left of it, or too much."""
    kept = one_line(name)
    if not 1 <= len(kept) <= NAME_LENGTH:
        raise Invalid("A folder's name has 1 to %(limit)s characters.", field="name", limit=NAME_LENGTH)
    return kept
