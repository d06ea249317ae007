"""The request to create a post, and its answer."""

from typing import Annotated

import msgspec

from volary.api.kinds import View
from volary.posts.models import PostRow


class ReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `reply` member of a new post."""

    in_reply_to_tweet_id: str
    exclude_reply_user_ids: list[str] = []
    auto_populate_reply_metadata: bool = False


class CreatePost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /2/tweets`: every member that X knows. The switches and the raw ones are not served, and refused when sent."""

    text: str | None = None
    reply: ReplyBody | None = None
    quote_tweet_id: str | None = None
    reply_settings: str | None = None
    nullcast: bool | None = None
    share_with_followers: bool | None = None
    made_with_ai: bool | None = None
    for_super_followers_only: bool | None = None
    paid_partnership: bool | None = None
    media: msgspec.Raw = msgspec.Raw()
    poll: msgspec.Raw = msgspec.Raw()
    geo: msgspec.Raw = msgspec.Raw()
    card_uri: msgspec.Raw = msgspec.Raw()
    community_id: msgspec.Raw = msgspec.Raw()
    direct_message_deep_link: msgspec.Raw = msgspec.Raw()
    edit_options: msgspec.Raw = msgspec.Raw()


def created(row: PostRow, view: View) -> dict[str, object]:
    """The answer to creating a post."""
    body: dict[str, object] = {"id": str(row.id), "text": row.text}
    for name in view.vocabulary.names("edit_history_tweet_ids", "edit_history_post_ids"):
        body[name] = [str(row.id)]
    return body


class Engaged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a like and of a repost."""

    tweet_id: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a bookmark; with a folder it is laid into that."""

    tweet_id: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
    folder_id: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")] | None = None


class NewFolder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a new folder of bookmarks."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=25)]
