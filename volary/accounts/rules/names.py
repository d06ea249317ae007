"""Usernames and names (SR-157, SR-158; X facts: a username has 1 to 15 letters, digits or underscores, a name up to 50)."""

import re

from volary.accounts.errors import Refused
from volary.kit.unicode import one_line
from volary.language import mark as _

USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}", re.ASCII)
NAME_LENGTH = 50

SHAPE = _("A username has 1 to 15 letters from A to Z, digits or underscores.")
RESERVED = _("This username is reserved. Please choose another one.")
NAME_MISSING = _("Please enter a name.")
NAME_LONG = _("A name has at most %(limit)s characters.")

# First parts of this server's own addresses, X's, and words with which somebody could pass for the platform itself.
_RESERVED_WORDS = """
    0 1 1_1 2 about abuse access account accounts ad admin administrator ads all anonymous api app apps auth
    authenticate authorize billing bookmarks callback collections compose connect consent console contact cookies
    copyright dashboard developer developers dm dms docs documentation download embed everyone explore favicon feedback
    forum forums hashtag healthz help here home hostmaster i info intent jobs language legal lists locale login logout
    mail me media members messages metrics moderator news nobody noreply notifications null oauth oauth1 oauth2 official
    operator outbox owner password payment people person podcasts policies policy portal postmaster posts privacy
    profile profile_banners profile_images readyz register reports robots root rules safety search secure security self
    server session sessions settings share signin signout signup sitemap spaces staff static status statuses stream
    support sysadmin system team terms tiles timelines token tokens toolbox tos trust twin undefined unknown user users
    verified volary web webhooks webmaster well_known who www
    """
RESERVED_NAMES = frozenset(_RESERVED_WORDS.split())


def username_key(username: str) -> str | None:
    """The form in which usernames are compared, or None for a text that can be nobody's username.

    Only ASCII is folded, after the shape is checked: so no other script's letter ever turns into one of ours.
    """
    return username.lower() if USERNAME.fullmatch(username) else None


def checked_username(username: str) -> str:
    """The username as it may be taken. Raises Refused for a wrong shape and for reserved names."""
    key = username_key(username)
    if key is None:
        raise Refused(SHAPE, field="username")
    if key in RESERVED_NAMES:
        raise Refused(RESERVED, field="username")
    return username


def checked_name(name: str) -> str:
    """A person's name as it is kept: NFC, without control characters, runs of blanks as one. Raises Refused."""
    kept = one_line(name)
    if not kept:
        raise Refused(NAME_MISSING, field="name")
    if len(kept) > NAME_LENGTH:
        raise Refused(NAME_LONG, field="name", limit=NAME_LENGTH)
    return kept
