"""The v1.1 way to post: a thin view of the same action (C044, X facts 7)."""

from volary.api.call import Call, Reply
from volary.api.errors import NotBuilt, Numbered
from volary.api.lenient import says_yes
from volary.api.limits import Quota, limits
from volary.api.operation import operation
from volary.kit.ids import id_in
from volary.media.actions.attaching import MOST_PHOTOS
from volary.media.errors import MediaNotFound, Mixed, NotReady
from volary.posts.actions.writing import Draft, create_post
from volary.posts.api.needs import WRITE_V1
from volary.posts.api.statuses import StatusQuery, shown, wanted
from volary.posts.errors import DuplicateText, EmptyText, NotAnswerable, TextTooLong

_THREE_HOURS = 10_800


class UpdateQuery(StatusQuery, frozen=True):
    """The parameters of `statuses/update`, in the query or the form body."""

    status: str = ""
    in_reply_to_status_id: str = ""
    auto_populate_reply_metadata: str = ""
    exclude_reply_user_ids: str = ""
    attachment_url: str = ""
    media_ids: str = ""
    possibly_sensitive: str = ""
    lat: str = ""
    long: str = ""
    place_id: str = ""
    display_coordinates: str = ""
    include_entities: str = ""
    include_ext_alt_text: str = ""
    card_uri: str = ""
    enable_dmcommands: str = ""
    fail_dmcommands: str = ""


@operation(
    "POST",
    "/1.1/statuses/update.json",
    need=WRITE_V1,
    limits=limits(user=(Quota(300, _THREE_HOURS),), app=(Quota(300, _THREE_HOURS),)),
    query=UpdateQuery,
)
async def update(call: Call[UpdateQuery, None]) -> Reply:
    """Post in the name of the account that the token stands for."""
    query = call.query
    if query.attachment_url or query.card_uri or query.place_id or query.lat or query.long:
        raise NotBuilt("An attachment or place in a new post")
    reply_to = query.in_reply_to_status_id
    draft = Draft(
        text=query.status,
        reply_to_id=wanted(reply_to) if reply_to else None,
        names_first=says_yes(query.auto_populate_reply_metadata),
        left_out=tuple(one for text in query.exclude_reply_user_ids.split(",") if (one := id_in(text.strip()))),
        media_ids=_media_ids(query.media_ids),
        sensitive=says_yes(query.possibly_sensitive),
    )
    try:
        row = await call.db.write(create_post, call.caller, draft)
    except EmptyText:
        raise Numbered(403, 170, "Missing required parameter: status.") from None
    except TextTooLong:
        raise Numbered(403, 186, "Tweet needs to be a bit shorter.") from None
    except DuplicateText:
        raise Numbered(403, 187, "Status is a duplicate.") from None
    except NotAnswerable:
        raise Numbered(403, 385, "You attempted to reply to a Tweet that is deleted or not visible to you.") from None
    except (MediaNotFound, NotReady, Mixed) as refusal:
        raise Numbered(400, 324, "The validation of media ids failed.", str(refusal)) from None
    return await shown(call, row)


def _media_ids(text: str) -> tuple[int, ...]:
    """The ids of media with commas between. Raises Numbered."""
    ids = tuple(id_in(one.strip()) for one in text.split(",")) if text else ()
    found = tuple(one for one in ids if one is not None)
    if len(found) != len(ids) or len(found) > MOST_PHOTOS:
        raise Numbered(400, 324, "The validation of media ids failed.")
    return found
