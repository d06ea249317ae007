"""The further permissions that a platform's operator can keep to chosen apps (C193)."""

FULL_ARCHIVE = "full-archive"

FURTHER = {FULL_ARCHIVE: "Searching and counting all posts, not only those of the last seven days."}
"""Each by its name, with what it is for."""
