"""The further permissions that a platform's operator can keep to chosen apps (C193)."""

from volary.language import mark as _

FULL_ARCHIVE = "full-archive"

FURTHER = {FULL_ARCHIVE: _("Searching and counting all posts, not only those of the last seven days.")}
"""Each by its name, with what it is for."""
