"""The request to create a post, and its answer."""

from typing import Annotated, Any, Literal

import msgspec

from volary.api.kinds import View
from volary.api.query import Id
from volary.posts.models import PostRow
from volary.posts.rules.editing import versions_of
from volary.posts.rules.polls import FEWEST, LONGEST, LONGEST_LABEL, MOST, SHORTEST

Settings = Literal["following", "mentionedUsers", "subscribers", "verified", "everyone"]
"""Who may answer. X writes the last one but does not take it; here it is what leaving it out means."""


class ReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `reply` member of a new post."""

    in_reply_to_tweet_id: Id
    exclude_reply_user_ids: list[Id] = []
    auto_populate_reply_metadata: bool = False


class PollBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `poll` member of a new post."""

    options: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_LABEL)], ...],
        msgspec.Meta(min_length=FEWEST, max_length=MOST),
    ]
    duration_minutes: Annotated[int, msgspec.Meta(ge=SHORTEST, le=LONGEST)]
    reply_settings: Settings | None = None


class MediaBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `media` member of a new post. What belongs to advertisements is not served, and refused when sent."""

    media_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=4)]
    tagged_user_ids: Annotated[list[Id], msgspec.Meta(max_length=10)] = []
    title: str | None = None
    description: str | None = None
    embeddable: bool | None = None
    preview_media_id: Id | None = None
    call_to_actions: dict[str, Any] | None = None


class EditBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `edit_options` member of a new post."""

    previous_post_id: Id


class CreatePost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /2/tweets`: every member that X knows. What is not served is refused when sent, not passed over."""

    text: str | None = None
    reply: ReplyBody | None = None
    quote_tweet_id: Id | None = None
    reply_settings: Settings | None = None
    media: MediaBody | None = None
    poll: PollBody | None = None
    edit_options: EditBody | None = None
    paid_partnership: bool | None = None
    made_with_ai: bool | None = None
    nullcast: bool | None = None
    share_with_followers: bool | None = None
    for_super_followers_only: bool | None = None
    geo: Any = None
    card_uri: Any = None
    community_id: Any = None
    direct_message_deep_link: Any = None


def created(row: PostRow, view: View) -> dict[str, object]:
    """The answer to creating a post."""
    body: dict[str, object] = {"id": str(row.id), "text": row.text}
    for name in view.vocabulary.names("edit_history_tweet_ids", "edit_history_post_ids"):
        body[name] = [str(one) for one in versions_of(row)]
    return body


class Engaged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a like and of a repost."""

    tweet_id: Id


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a bookmark; with a folder it is laid into that."""

    tweet_id: Id
    folder_id: Id | None = None


class NewFolder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a new folder of bookmarks."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=25)]
