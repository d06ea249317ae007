"""Media that are there already, made by the product's own acts."""

from tests.media.samples import picture
from tests.server.house import House
from volary.access.caller import in_person
from volary.accounts.models import AccountRow
from volary.media.actions.attaching import attach_to_post
from volary.media.actions.describing import describe
from volary.media.actions.sending import add_segment, begin_upload, end_upload
from volary.media.api.receiving import kind_of, read_upload
from volary.media.models import MediaRow
from volary.media.queries import own_upload
from volary.media.rules.folder import Folder


async def begun(house: House, person: AccountRow, content: bytes = b"", category: str = "tweet_image") -> int:
    """An upload whose one segment has come in, where there is content; its id."""
    kind, caller = kind_of(category), in_person(person.id, person.username)
    media_id = await house.db.write(begin_upload, caller, category, kind, len(content) or 1)
    if content:
        await house.db.write(add_segment, caller, media_id, 0, len(content))
        house.application.resources[Folder].segment(media_id, 0, content)
    return media_id


async def made(
    house: House,
    person: AccountRow,
    content: bytes = b"",
    category: str = "tweet_image",
    *,
    text: str = "",
    attached: bool = False,
) -> MediaRow:
    """A media that can be used, attached to a post where that is said (the post itself is not made)."""
    caller = in_person(person.id, person.username)
    media_id = await begun(house, person, content or picture(), category)
    row, segments = await house.db.write(end_upload, caller, media_id)
    await read_upload(house.db, house.application.resources, row, segments)
    if text:
        await house.db.write(describe, caller, media_id, text, sensitive=False)
    if attached:
        await house.db.write(attach_to_post, person.id, [media_id])
    found = await own_upload(house.db, person.id, media_id)
    assert found is not None
    return found
