"""Private things of one protected person, each kind with a word of its own that stands nowhere else.

bob     protected; everything here is his
carol   follows him with his consent, and writes with him
ann     follows nobody
dave    followed him once
dev     is blocked by him
"""

import msgspec

from tests.media.making import made
from tests.server.calls.asking import calling, message_of, post_of
from tests.server.house import House
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import accept_request, follow, unfollow
from volary.lists.actions.following import pin_list
from volary.lists.actions.members import add_member
from volary.lists.actions.writing import create_list
from volary.media.shapes import media_key
from volary.messages.actions.sending import MessageDraft, send_message
from volary.posts.actions.bookmarks import bookmark, create_folder
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost
from volary.spaces.actions.joining import share_post
from volary.spaces.actions.running import announce_space
from volary.spaces.rules import wire_id

POST, MESSAGE, LIST, FOLDER, EMAIL = "quinquireme", "zephyrine", "xylograph", "wharfinger", "bob@example.org"


class Planted(msgspec.Struct):
    """Ids by the kind of thing that a path or parameter names."""

    ids: dict[str, list[str]]
    words: dict[str, str]
    """What each private kind has in it."""


async def plant(house: House) -> Planted:
    """Put everything there."""
    bob, carol, dave, dev = house.cast.bob, house.cast.carol, house.cast.dave, house.cast.dev
    for asker in (carol, dave):
        await house.db.write(follow, calling(asker), bob.id)
        await house.db.write(accept_request, calling(bob), asker.id)
    await house.db.write(unfollow, calling(dave), bob.id)
    await house.db.write(block, calling(bob), dev.id)
    public = await post_of(house, carol, "a public one")
    posts = [
        (first := await post_of(house, bob, f"{POST} alone #{POST} https://{POST}.example/")),
        await post_of(house, bob, f"{POST} answers @ann", reply_to_id=public),
        await post_of(house, bob, f"{POST} quotes", quote_of_id=public),
        await post_of(house, bob, f"{POST} again", reply_to_id=first),
    ]
    picture = await made(house, bob, text=f"{POST} in the picture")
    posts.append(await post_of(house, bob, f"{POST} with a picture", media_ids=(picture.id,)))
    around = [public, await post_of(house, carol, "what carol quotes", quote_of_id=first)]
    messages = [
        await message_of(house, bob, carol, f"{MESSAGE} from bob"),
        await message_of(house, carol, bob, f"{MESSAGE} from carol"),
    ]
    sent = await made(house, bob, category="dm_image", text=MESSAGE)
    draft = MessageDraft(f"{MESSAGE} with a picture", sent.id)
    messages.append((await house.db.write(send_message, calling(bob), carol.id, draft)).id)
    lists = [
        await house.db.write(create_list, calling(bob), f"{POST} list"),
        await house.db.write(create_list, calling(bob), f"{LIST} list", f"{LIST} inside", private=True),
    ]
    for one in lists:
        await house.db.write(add_member, calling(bob), one.id, carol.id)
        await house.db.write(pin_list, calling(bob), one.id)
    folder = await house.db.write(create_folder, calling(bob), f"{FOLDER}")
    await house.db.write(bookmark, calling(bob), public, folder.id)
    for giver in (bob, carol):
        await house.db.write(like, calling(giver), first)
    await house.db.write(repost, calling(bob), public)
    space = await house.db.write(announce_space, calling(bob), f"{POST} spoken of")
    await house.db.write(share_post, calling(bob), space.id, first)
    people = [str(one.id) for one in (bob, carol)]
    return Planted(
        ids={
            "post": [str(one) for one in (*posts, *around)],
            "user": people,
            "message": [str(one) for one in messages],
            "conversation": [f"{min(bob.id, carol.id)}-{max(bob.id, carol.id)}"],
            "list": [str(one.id) for one in lists],
            "folder": [str(folder.id)],
            "media": [media_key(picture), media_key(sent)],
            "upload": [str(picture.id), str(sent.id)],
            "file": [f"{sent.name}.png"],
            "space": [wire_id(space.id)],
            "place": ["1"],
            "username": ["bob", "Carol_C"],
            "words": [POST, f"from:bob {POST}", f"#{POST}"],
        },
        words={"post": POST, "message": MESSAGE, "list": LIST, "folder": FOLDER, "email": EMAIL},
    )
