"""The parts of the API, in the order and with the names under which its reference lists them."""

from volary.language import mark as _

RESOURCES = {
    "posts": _("Posts, reposts, likes and bookmarks"),
    "timelines": _("Timelines"),
    "search": _("Search, counts and trends"),
    "accounts": _("Accounts"),
    "graph": _("Following, blocks and mutes"),
    "lists": _("Lists"),
    "messages": _("Direct Messages"),
    "media": _("Media and pictures"),
    "spaces": _("Spaces"),
    "collections": _("Collections"),
}
"""The rooms that declare operations; a test holds them against the reference."""
