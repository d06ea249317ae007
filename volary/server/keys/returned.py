"""A key that was let go of is the current one again, since the database came back as it was on an older day (decision 0032)."""

from volary.db import Reader
from volary.db.keys_beside import was_taken_out
from volary.db.rotation import key_facts


async def key_that_came_back(reader: Reader, url: str) -> str | None:
    """What to do about it, in one line; None where the current key is the one that should be.

    The database itself cannot know: it is from before. But a key that was retired lies in a file of its own, and the one that came
    after it waits among the keys that are here, although this database never had it.
    """
    facts = await key_facts(reader)
    if was_taken_out(url, facts.current):
        return f"the key {facts.current}, which you retired, is the current one again: volary key rotate"
    following = [key_id for key_id in reader.keys.key_ids if key_id not in {facts.current, *facts.former}]
    if following:
        return f"the key {following[0]} is here, but {facts.current} is still, or again, the current one: volary key rotate"
    return None
