"""What an app asks for, in plain sentences: one table for the consent page, *Apps and sessions* and everything else that lists it.

OAuth 1.0a asks for a whole level (C190), so it is told as what the app will be able to do and what it will not (X facts 10.1); the
contents are the union of the help page and the developer page (contradiction 12). OAuth 2.0 asks for scopes, whose sentences stand in
`access.scopes`; they are told under two fixed headings (C079, C084).
"""

from collections.abc import Iterable

import msgspec

from volary.access.levels import Level
from volary.access.scopes import EMAIL, OFFLINE, Group, in_order, scopes_of
from volary.language import mark as _
from volary.oauth.models import OAUTH1

SEE, ACT, MESSAGES, MAIL, STAY, SECRET = "see", "act", "messages", "mail", "stay", "secret"
"""What a line is about; pages mark each kind with a sign of its own, so that what writes and what stays stands out."""


class Line(msgspec.Struct, frozen=True):
    """One line of a list: an English sentence (the catalogue id, with a place for the site's name) and what it is about."""

    sentence: str
    about: str
    new: bool = False
    """Whether the person has not allowed it to this app before (SR-131)."""
    more: str = ""
    """What the sentence does not say by itself, as a sentence of its own behind it."""
    scope: str = ""
    """The scope that it is the sentence of."""


class Lists(msgspec.Struct, frozen=True):
    """Everything that a page lists of one request or of one grant. Empty lists are not shown."""

    level: str = ""
    """The name of the OAuth 1.0a level; empty where none was asked for."""
    able: tuple[Line, ...] = ()
    unable: tuple[Line, ...] = ()
    view: tuple[Line, ...] = ()
    do: tuple[Line, ...] = ()


LEVEL_NAMES = {
    Level.READ: _("Read"),
    Level.READ_WRITE: _("Read and Write"),
    Level.DIRECT_MESSAGES: _("Read, Write, and Direct Messages"),
}
"""The levels by the names that people meet on their own pages (C199, contradiction 12)."""

_READ, _WRITE, _DM = Level.READ, Level.READ_WRITE, Level.DIRECT_MESSAGES

_ABLE = (
    (_READ, SEE, _("See your posts, how often they were viewed and how others responded to them.")),
    (_READ, SEE, _("See the posts on your home timeline, including protected posts that you can see.")),
    (_READ, SEE, _("See your profile, such as your name, location, description and photos.")),
    (_READ, SEE, _("See your account settings, such as your language and time zone.")),
    (_READ, SEE, _("See who you follow, mute and block.")),
    (_READ, SEE, _("See your Lists and collections.")),
    (_WRITE, ACT, _("Post for you, with or without media, and delete your posts.")),
    (_WRITE, ACT, _("Like, un-like, reply to and repost posts of others for you.")),
    (_WRITE, ACT, _("Hide and unhide replies to your posts for you.")),
    (_WRITE, ACT, _("Follow and unfollow accounts for you.")),
    (_WRITE, ACT, _("Mute, block and report accounts for you.")),
    (_WRITE, ACT, _("Update your profile and manage your account settings for you.")),
    (_WRITE, ACT, _("Create, manage and delete Lists and collections for you.")),
    (_DM, MESSAGES, _("Send Direct Messages for you.")),
    (_DM, MESSAGES, _("Read, manage and delete the Direct Messages that you have sent and received.")),
)
_UNABLE = (
    (_WRITE, {"tweet.write", "like.write"}, ACT, _("Post, like or repost for you.")),
    (_WRITE, {"follows.write", "mute.write", "block.write"}, ACT, _("Follow, mute or block anyone for you.")),
    (_WRITE, {"list.write"}, ACT, _("Change your profile, your settings or your Lists.")),
    (_DM, {"dm.read", "dm.write"}, MESSAGES, _("Read, send or delete your Direct Messages.")),
)
"""What is denied in words, unless the level or one of the scopes allows some of it."""
_EMAIL = _("See your email address.")
_PASSWORD = _("See your %(site)s password.")


_LASTING = _("If you press “%(button)s”, %(app)s can do this with your account until you stop it in your settings:")
_SHORT = _(
    "If you press “%(button)s”, %(app)s can do this with your account for two hours. Then it has to ask you again:"
)


def how_long(protocol: str, scopes: Iterable[str]) -> str:
    """What agreeing means, in one sentence. OAuth 2.0 lasts only with `offline.access`; without, a token lives two hours (X facts 2.4)."""
    return _LASTING if protocol == OAUTH1 or OFFLINE in scopes else _SHORT


def of_level(level: Level, *, email: bool, had: Level | None = None, had_email: bool = False) -> Lists:
    """What an app with an OAuth 1.0a level can do and cannot do; `had` is what it was allowed before, for telling what is new."""
    again = had is not None
    able = [Line(text, about, again and needs > (had or _READ)) for needs, about, text in _ABLE if needs <= level]
    if email:
        able.append(Line(_EMAIL, MAIL, again and not had_email))
    return Lists(LEVEL_NAMES[level], tuple(able), _beyond(level, (), email=email))


def of_scopes(scopes: Iterable[str], had: Iterable[str] | None = None) -> Lists:
    """What an app with OAuth 2.0 scopes can view and do; `had` are the scopes that it was allowed before, None for none ever."""
    asked = in_order(scopes)
    names = {scope.name for scope in asked}
    before = names if had is None else frozenset(had)
    lines = [
        (scope.group, Line(scope.sentence, _about(scope.name), scope.name not in before, scope.more, scope.name))
        for scope in asked
    ]
    return Lists(
        view=tuple(line for group, line in lines if group is Group.VIEW),
        do=tuple(line for group, line in lines if group is Group.DO),
        unable=_beyond(None, names, email=EMAIL in names),
    )


def of_grant(level: Level | None, scopes: frozenset[str], *, email: bool) -> Lists:
    """What a connected app can do now, by both protocols together; it cannot do what neither of them allows.

    `email` is OAuth 1.0a's email permission; OAuth 2.0 has a scope for it.
    """
    first = Lists() if level is None else of_level(level, email=email)
    second = of_scopes(scopes)
    unable = _beyond(level, scopes, email=email or EMAIL in scopes)
    return Lists(first.level, first.able, unable, second.view, second.do)


def in_short(level: Level | None, scopes: frozenset[str], *, email: bool) -> tuple[Line, ...]:
    """What a connected app can do now, each power once: scopes that the level holds anyway are not told again."""
    if level is None:
        second = of_scopes(scopes)
        return (*second.view, *second.do)
    second = of_scopes(scopes - scopes_of(level, email=email))
    return (*of_level(level, email=email).able, *second.view, *second.do)


def _beyond(level: Level | None, scopes: Iterable[str], *, email: bool) -> tuple[Line, ...]:
    """What neither a level nor scopes allow, and what no app can do at all. A line is left out when any part of it is allowed."""
    allowed = frozenset(scopes)
    lines = [
        Line(text, about)
        for needs, by, about, text in _UNABLE
        if not (level is not None and needs <= level) and not by & allowed
    ]
    return (*lines, *(() if email else (Line(_EMAIL, MAIL),)), Line(_PASSWORD, SECRET))


def _about(scope: str) -> str:
    """What a scope's line is about."""
    special = {EMAIL: MAIL, OFFLINE: STAY, "dm.read": MESSAGES, "dm.write": MESSAGES}
    return special.get(scope) or (ACT if scope.endswith(".write") else SEE)
