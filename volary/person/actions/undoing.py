"""Undoing what an app did, by the person themselves: what it posted is deleted, whom it followed is followed no longer, and so on."""

from collections.abc import Awaitable, Callable
from functools import partial

from volary.access.caller import Caller
from volary.collections.actions.writing import delete_collection
from volary.db import Tx
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import follow, unfollow
from volary.graph.actions.mutes import mute, unmute
from volary.lists.actions.following import follow_list, pin_list, unfollow_list, unpin_list
from volary.lists.actions.writing import delete_list
from volary.messages.actions.reach import block_messages, unblock_messages
from volary.messages.actions.sending import delete_message
from volary.person.queries.acts import act_by_id
from volary.person.rules.acts import POSTED, REPOSTED
from volary.posts.actions.bookmarks import bookmark, remove_bookmark
from volary.posts.actions.hiding import hide_answer
from volary.posts.actions.likes import like, unlike
from volary.posts.actions.reposts import take_back
from volary.posts.actions.writing import delete_post

Undo = Callable[[Tx, Caller, int], Awaitable[object]]

UNDO: dict[str, Undo] = {
    POSTED: delete_post,
    REPOSTED: take_back,
    "like.given": unlike,
    "like.ended": like,
    "bookmark.made": remove_bookmark,
    "bookmark.ended": bookmark,
    "answer.hidden": partial(hide_answer, hidden=False),
    "answer.shown": partial(hide_answer, hidden=True),
    "follow.started": unfollow,
    "follow.asked": unfollow,
    "follow.ended": follow,
    "mute.started": unmute,
    "mute.ended": mute,
    "block.started": unblock,
    "block.ended": block,
    "message.sent": delete_message,
    "message_block.started": unblock_messages,
    "message_block.ended": block_messages,
    "list.created": delete_list,
    "list.followed": unfollow_list,
    "list.unfollowed": follow_list,
    "list.pinned": unpin_list,
    "list.unpinned": pin_list,
    "collection.created": delete_collection,
}
"""What undoes an act of each kind, done to the same subject. What was deleted, sent to others or changed has no way back."""


async def undo(tx: Tx, caller: Caller, app_id: int, act_id: int) -> bool:
    """Undo one thing that an app did for the caller; False when there is no such act, or none that can be undone.

    Raises what the undoing act itself is refused with, such as for a post that is deleted already.
    """
    act = await act_by_id(tx, caller.me, app_id, act_id)
    if act is None or act.subject_id is None or act.kind not in UNDO:
        return False
    await UNDO[act.kind](tx, caller, act.subject_id)
    return True
