"""Every scope once: its sentence on the consent page, its group, and the OAuth 1.0a level that implies it (X facts 2.6, C073–C084).

The email address stands apart: no level implies it, the App's own switch and the person's consent do (C060–C064).
"""

import enum
from collections.abc import Iterable

import msgspec

from volary.access.levels import Level
from volary.language import mark as _


class Group(enum.Enum):
    """Under which heading of the consent page a scope stands (C079, C084)."""

    VIEW = "view"
    DO = "do"


class Scope(msgspec.Struct, frozen=True):
    """One permission that an app can ask for by name."""

    name: str
    group: Group
    sentence: str
    level: Level | None
    """The lowest OAuth 1.0a level that holds this permission; None where no level does."""
    more: str = ""
    """What people would not take from the sentence alone; stands behind it."""


EMAIL = "users.email"
OFFLINE = "offline.access"

_VIEW, _DO = Group.VIEW, Group.DO
_READ, _WRITE, _DM = Level.READ, Level.READ_WRITE, Level.DIRECT_MESSAGES

_TABLE = (
    Scope("tweet.read", _VIEW, _("All the posts you can view, including posts from protected accounts."), _READ),
    Scope("users.read", _VIEW, _("Any account you can view, including protected accounts."), _READ),
    Scope("users.email", _VIEW, _("Your confirmed email address."), None),
    Scope("follows.read", _VIEW, _("People who follow you and people you follow."), _READ),
    Scope("mute.read", _VIEW, _("Accounts you've muted."), _READ),
    Scope("block.read", _VIEW, _("Accounts you've blocked."), _READ),
    Scope("like.read", _VIEW, _("Posts you've liked and likes you can view."), _READ),
    Scope(
        "list.read",
        _VIEW,
        _("Lists, list members and list followers you can view, including your private Lists."),
        _READ,
    ),
    Scope("bookmark.read", _VIEW, _("Your bookmarked posts."), _READ),
    Scope("space.read", _VIEW, _("All the Spaces you can view."), _READ),
    Scope("timeline.read", _VIEW, _("Your timelines."), _READ),
    Scope("broadcast.read", _VIEW, _("Live broadcasts you can view."), _READ),
    Scope("dm.read", _VIEW, _("Direct Messages you've sent and received."), _DM),
    Scope("ads.read", _VIEW, _("Your advertising data."), None),
    Scope("tweet.write", _DO, _("Post and repost for you."), _WRITE, _("This includes deleting your posts.")),
    Scope("tweet.moderate.write", _DO, _("Hide and unhide replies to your posts."), _WRITE),
    Scope("follows.write", _DO, _("Follow and unfollow people for you."), _WRITE),
    Scope("mute.write", _DO, _("Mute and unmute accounts for you."), _WRITE),
    Scope("block.write", _DO, _("Block and unblock accounts for you."), _WRITE),
    Scope("like.write", _DO, _("Like and un-like posts for you."), _WRITE),
    Scope("list.write", _DO, _("Create and manage Lists for you."), _WRITE),
    Scope("bookmark.write", _DO, _("Bookmark posts and remove bookmarks for you."), _WRITE),
    Scope("media.write", _DO, _("Upload media for you."), _WRITE),
    Scope("broadcast.write", _DO, _("Create and manage live broadcasts for you."), _WRITE),
    Scope("dm.write", _DO, _("Send Direct Messages for you, and manage and delete your Direct Messages."), _DM),
    Scope("ads.write", _DO, _("Create and manage your advertising data."), None),
    Scope("offline.access", _DO, _("Stay connected to your account until you revoke access."), None),
)

SCOPES: dict[str, Scope] = {scope.name: scope for scope in _TABLE}
"""Every scope by its wire name, in the order in which the consent page lists them."""

_OF_LEVEL = {
    level: frozenset(scope.name for scope in _TABLE if scope.level is not None and scope.level <= level)
    for level in Level
}


def scopes_of(level: Level, *, email: bool = False) -> frozenset[str]:
    """What an OAuth 1.0a level permits, as scopes; with the email permission, that scope too."""
    return _OF_LEVEL[level] | {EMAIL} if email else _OF_LEVEL[level]


def level_of(scopes: Iterable[str]) -> Level:
    """What `x-access-level` says of OAuth 2.0 scopes: any dm scope, else any write scope, else read (contradiction 16)."""
    names = set(scopes)
    if names & {"dm.read", "dm.write"}:
        return Level.DIRECT_MESSAGES
    if any(acts(name) for name in names):
        return Level.READ_WRITE
    return Level.READ


def acts(name: str) -> bool:
    """Whether a scope lets an app do something in the person's name, rather than see something or stay connected."""
    return name.endswith(".write")


def in_order(scopes: Iterable[str]) -> list[Scope]:
    """Known scopes in the consent page's order, each once."""
    names = set(scopes)
    return [scope for scope in _TABLE if scope.name in names]
