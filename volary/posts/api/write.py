"""Creating and deleting posts."""

from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotBuilt, NotPermitted
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.kit.errors import Invalid
from volary.kit.ids import LARGEST_ID
from volary.posts.actions.writing import Draft, create_post, delete_post
from volary.posts.api.needs import WRITE
from volary.posts.errors import DuplicateText, EmptyText, NotAnswerable, NotYours, TextTooLong
from volary.posts.rules.answering import REPLY_SETTINGS
from volary.posts.shapes import CreatePost, created

_NOT_SERVED = ("media", "poll", "geo", "card_uri", "community_id", "direct_message_deep_link", "edit_options")
_SWITCHES = ("nullcast", "share_with_followers", "made_with_ai", "for_super_followers_only", "paid_partnership")
"""What a post would have to be hidden from, shown to or marked with: without it, it would be another post than the one that was meant."""


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
        sent = bytes(getattr(body, name))
        if sent not in {b"", b"null"}:
            raise NotBuilt(f"`{name}` in a new post")
    for name in _SWITCHES:
        if getattr(body, name):
            raise NotBuilt(f"`{name}` in a new post")
    if body.text is None:
        raise InvalidRequest("$.text: a post needs a text", "text")
    settings = body.reply_settings or "everyone"
    if settings not in REPLY_SETTINGS:
        raise InvalidRequest(
            f"$.reply_settings: not one of {', '.join(REPLY_SETTINGS[1:])}", "reply_settings", (settings,)
        )
    for one in body.reply.exclude_reply_user_ids if body.reply else ():
        _whole(one, "reply.exclude_reply_user_ids")
    return Draft(
        text=body.text,
        reply_to_id=_whole(body.reply.in_reply_to_tweet_id, "reply.in_reply_to_tweet_id") if body.reply else None,
        quote_of_id=_whole(body.quote_tweet_id, "quote_tweet_id") if body.quote_tweet_id else None,
        reply_settings=settings,
    )


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise InvalidRequest(f"$.{name}: does not match ^[0-9]{{1,19}}$", name, (text[:100],))
    return min(int(text), LARGEST_ID)
