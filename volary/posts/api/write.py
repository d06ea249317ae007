"""Creating, editing and deleting posts."""

from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotBuilt, NotPermitted
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.kit.errors import Invalid
from volary.kit.ids import LARGEST_ID
from volary.media.errors import MediaNotFound, Mixed, NotReady
from volary.posts.actions.writing import Draft, create_post, delete_post
from volary.posts.api.needs import WRITE
from volary.posts.errors import (
    DuplicateText,
    EmptyText,
    NoSuchPoll,
    NotAnswerable,
    NotEditable,
    NotYours,
    TextTooLong,
    TooManyAttachments,
    WronglyTagged,
)
from volary.posts.rules.polls import NewPoll
from volary.posts.shapes import CreatePost, created

_NOT_SERVED = ("geo", "card_uri", "community_id", "direct_message_deep_link")
_NOT_SERVED_OF_MEDIA = ("title", "description", "embeddable", "preview_media_id", "call_to_actions")
_SWITCHES = ("nullcast", "share_with_followers", "for_super_followers_only")
"""Whom a post would have to be hidden from or shown to: without it, it would be another post than the one that was meant. There are no
advertisements, communities and subscriptions that they are about.
"""


@operation(
    "POST",
    "/2/tweets",
    need=WRITE,
    limits=limits(user=100, app=(per_day(10_000),)),
    body=CreatePost,
    status=201,
)
async def create(call: Call[NoQuery, CreatePost]) -> Reply:
    """Post in the name of the account that the token stands for (C044)."""
    try:
        row = await call.db.write(create_post, call.caller, _draft(call.body))
    except EmptyText:
        raise InvalidRequest("$.text: a post needs a text", "text") from None
    except TextTooLong:
        raise Invalid("Your Tweet text is too long. Its weighted length must be at most 280.") from None
    except DuplicateText:
        raise NotPermitted("You are not allowed to create a Tweet with duplicate content.") from None
    except NotAnswerable:
        raise NotPermitted(
            "You attempted to reply to or quote a Tweet that is deleted or not visible to you."
        ) from None
    except NotYours:
        raise NotPermitted("You are not authorized to edit this Tweet.") from None
    except NotEditable:
        raise NotPermitted("This Tweet can not be edited, or can not be edited anymore.") from None
    except (MediaNotFound, NotReady):
        raise InvalidRequest("Your media IDs are invalid.", "media.media_ids") from None
    except (Mixed, TooManyAttachments, WronglyTagged) as refusal:
        raise InvalidRequest(f"$.media: {refusal}", "media") from None
    except NoSuchPoll as refusal:
        raise InvalidRequest(f"$.poll: {refusal}", "poll") from None
    return Reply({"data": created(row, call.view)})


@operation("DELETE", "/2/tweets/{id}", need=WRITE, limits=limits(user=(Quota(50),)))
async def delete(call: Call[NoQuery, None]) -> Reply:
    """Delete one's own post (C046)."""
    try:
        await call.db.write(delete_post, call.caller, call.id_in_path())
    except NotYours:
        raise NotPermitted("You are not authorized to delete this Tweet.") from None
    return Reply({"data": {"deleted": True}})


def _draft(body: CreatePost) -> Draft:
    """The wire's body as a draft. What this server does not serve is refused, never dropped in silence."""
    for name in _NOT_SERVED:
        if getattr(body, name) is not None:
            raise NotBuilt(f"`{name}` in a new post")
    for name in _SWITCHES:
        if getattr(body, name):
            raise NotBuilt(f"`{name}` in a new post")
    media = body.media
    if media is not None:
        for name in _NOT_SERVED_OF_MEDIA:
            if getattr(media, name) is not None:
                raise NotBuilt(f"`media.{name}` in a new post")
    if body.text is None and media is None:
        raise InvalidRequest("$.text: a post needs a text", "text")
    reply, poll = body.reply, body.poll
    return Draft(
        text=body.text or "",
        reply_to_id=_number(reply.in_reply_to_tweet_id) if reply else None,
        quote_of_id=_number(body.quote_tweet_id) if body.quote_tweet_id else None,
        reply_settings=body.reply_settings or (poll.reply_settings if poll else None) or "everyone",
        names_first=reply.auto_populate_reply_metadata if reply else False,
        left_out=tuple(_number(one) for one in reply.exclude_reply_user_ids) if reply else (),
        edits_id=_number(body.edit_options.previous_post_id) if body.edit_options else None,
        media_ids=tuple(_number(one) for one in media.media_ids) if media else (),
        tagged=tuple(_number(one) for one in media.tagged_user_ids) if media else (),
        poll=NewPoll(poll.options, poll.duration_minutes) if poll else None,
        paid_partnership=body.paid_partnership,
        made_with_ai=body.made_with_ai,
    )


def _number(digits: str) -> int:
    return min(int(digits), LARGEST_ID)
