"""What apps do, in words: a sentence for each kind of act, and the groups in which they are counted."""

from volary.language import mark as _

POSTED, REPOSTED = "post.made", "repost.made"
"""What posts that an app made go by here: they leave no events, since each names its app."""


GROUPS = {
    "posts": (POSTED,),
    "reposts": (REPOSTED,),
    "deleted": ("post.deleted",),
    "liked": ("like.given", "bookmark.made"),
    "followed": ("follow.started", "follow.asked"),
    "unfollowed": ("follow.ended",),
    "muted": ("mute.started", "block.started"),
    "sent": ("message.sent",),
    "read": ("messages.read",),
    "profile": ("profile.changed", "picture.changed", "banner.changed"),
}
"""Kinds of acts that are counted together, the most telling first. What stands in none is in the list alone."""

_TOLD = {
    POSTED: _("Posted"),
    REPOSTED: _("Reposted"),
    "repost.ended": _("Took back a repost"),
    "post.deleted": _("Deleted a post"),
    "poll.voted": _("Voted in a poll"),
    "answer.hidden": _("Hid a reply"),
    "answer.shown": _("Showed a hidden reply again"),
    "like.given": _("Liked a post"),
    "like.ended": _("Liked a post no longer"),
    "bookmark.made": _("Bookmarked a post"),
    "bookmark.ended": _("Removed a bookmark"),
    "bookmarks.folder_made": _("Made a folder for bookmarks"),
    "follow.started": _("Followed"),
    "follow.asked": _("Asked to follow"),
    "follow.ended": _("Unfollowed"),
    "follow.accepted": _("Accepted as a follower"),
    "follow.declined": _("Declined as a follower"),
    "follower.removed": _("Removed as a follower"),
    "mute.started": _("Muted"),
    "mute.ended": _("Unmuted"),
    "block.started": _("Blocked"),
    "block.ended": _("Unblocked"),
    "account.reported": _("Reported"),
    "message.sent": _("Sent a Direct Message"),
    "message.deleted": _("Deleted your copy of a Direct Message"),
    "message_block.started": _("Blocked Direct Messages of"),
    "message_block.ended": _("Allowed Direct Messages again of"),
    "group.joined": _("Added people to a group conversation"),
    "group.left": _("Left a group conversation"),
    "list.created": _("Created a List"),
    "list.changed": _("Changed a List"),
    "list.deleted": _("Deleted a List"),
    "list.member_added": _("Added somebody to a List"),
    "list.member_removed": _("Removed somebody from a List"),
    "list.followed": _("Followed a List"),
    "list.unfollowed": _("Unfollowed a List"),
    "list.pinned": _("Pinned a List"),
    "list.unpinned": _("Unpinned a List"),
    "collection.created": _("Created a collection"),
    "collection.changed": _("Changed a collection"),
    "collection.curated": _("Changed what is in a collection"),
    "collection.deleted": _("Deleted a collection"),
    "media.described": _("Described a picture or gave a video subtitles"),
    "profile.changed": _("Changed your profile"),
    "picture.changed": _("Changed your profile picture"),
    "banner.changed": _("Changed your header picture"),
    "grant.created": _("Was connected to your account"),
    "grant.changed": _("Its permissions were changed"),
    "grant.revoked": _("Its access ended"),
    "family.ended": _("Was signed out on one device"),
}
_ELSE = _("Did something else")

ABOUT_ACCOUNTS = frozenset(
    kind for kind in _TOLD if kind.split(".")[0] in {"follow", "follower", "mute", "block", "account", "message_block"}
)
"""Kinds whose subject is an account."""

ABOUT_POSTS = frozenset({POSTED, REPOSTED, "like.given", "like.ended", "bookmark.made", "bookmark.ended", "poll.voted"})
"""Kinds whose subject is a post."""


def told(kind: str) -> str:
    """What an act of this kind is called, as a sentence of the catalogue."""
    return _TOLD.get(kind, _ELSE)
