"""Drawing icons off the event loop, one after the other: a picture of a few kilobytes may take 80 MB while it is read (SR-266).

Python's own pool would read as many at once as the machine has processors, and four more.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from volary.developers.rules.icons import redrawn
from volary.kit.errors import Busy
from volary.language import mark as _

MOST = 8
"""Pictures that are drawn or wait, at up to 2 MB each; whoever comes next is told to come back."""
RETRY_AFTER = 2


class Drawing:
    """One thread that draws icons."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="icon")
        self._places = MOST

    async def drawn(self, sent: bytes) -> bytes:
        """What `redrawn` makes of a picture. Raises Invalid as it does, and Busy when too many wait."""
        if not self._places:
            raise Busy(_("The server is busy. Please try again in a moment."), retry_after=RETRY_AFTER)
        self._places -= 1
        drawing = asyncio.get_running_loop().run_in_executor(self._thread, redrawn, sent)
        # The place is given back when the thread is done with it, not when its sender stops waiting.
        drawing.add_done_callback(self._give_place_back)
        return await asyncio.shield(drawing)

    def _give_place_back(self, _done: object) -> None:
        self._places += 1
