"""Reading media by their keys, and saying what they show."""

from typing import Annotated

import msgspec

from volary.api.call import Call, Reply
from volary.api.errors import NotBuilt
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.problems import not_found
from volary.api.query import NoQuery, whole_id
from volary.media.actions.describing import describe
from volary.media.api.needs import READ, WHOLE, WRITE
from volary.media.shapes import NOT_SERVED, Describe, id_in_key, media_for, media_key


class KeysQuery(msgspec.Struct, frozen=True):
    """Up to a hundred media keys."""

    media_keys: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]


@operation("GET", "/2/media", need=READ, limits=limits(app=300, user=900), query=KeysQuery, returns="media")
async def media(call: Call[KeysQuery, None]) -> Reply:
    """Several media in the order asked for, and an error for each that is not there for the caller (SR-202)."""
    keys = {id_in_key(key, "media_keys"): key for key in call.query.media_keys}
    rows = {row.id: row for row in await media_for(call.db, call.caller, list(keys))}
    found = [rows[one] for one, key in keys.items() if one in rows and media_key(rows[one]) == key]
    there = {row.id for row in found}
    errors = [not_found("media", "media_keys", key) for one, key in keys.items() if one not in there]
    return await call.many("media", found, errors=errors)


@operation("GET", "/2/media/{media_key}", need=READ, limits=limits(app=300, user=900), returns="media")
async def one_media(call: Call[NoQuery, None]) -> Reply:
    """One media, if the caller may see it; a hidden one is answered like a missing one."""
    key = call.path["media_key"]
    rows = await media_for(call.db, call.caller, [id_in_key(key, "media_key")])
    row = next((row for row in rows if media_key(row) == key), None)
    return await call.one("media", row, [not_found("media", "media_key", key)] if row is None else ())


@operation("POST", "/2/media/metadata", need=WRITE, limits=WHOLE, body=Describe)
async def describe_media(call: Call[NoQuery, Describe]) -> Reply:
    """Say what a media of one's own shows."""
    said = call.body.metadata
    for name in NOT_SERVED:
        if getattr(said, name) is not None:
            raise NotBuilt(f"`{name}` of a media")
    text = said.alt_text.text if said.alt_text else None
    warned = None if said.sensitive_media_warning is None else any(said.sensitive_media_warning.values())
    await call.db.write(describe, call.caller, whole_id(call.body.id, "id"), text, sensitive=warned)
    associated: dict[str, object] = {"alt_text": {"text": text}} if text is not None else {}
    return Reply({"data": {"id": call.body.id, "associated_metadata": associated}})
