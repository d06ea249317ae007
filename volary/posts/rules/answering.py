"""Who may answer a post (X facts 5.2, `reply_settings`)."""

import msgspec

from volary.posts.rules.entities import Entities


def kept_entities(text: str) -> Entities:
    """The entities of a post as its row keeps them: JSON, or nothing."""
    return msgspec.json.decode(text, type=Entities) if text else Entities()


def may_answer(
    settings: str, author: int, entities: str, account: int, *, followed: bool = False, verified: bool = False
) -> bool:
    """Whether an account may answer a post with these settings, author and kept entities.

    The author and whoever is mentioned always may; with `following` also whom the author follows (`followed`), with `verified` also
    verified accounts. Nobody subscribes to anybody here, so `subscribers` admits nobody else.
    """
    if settings == "everyone" or account == author:
        return True
    if (settings == "following" and followed) or (settings == "verified" and verified):
        return True
    return any(mentioned == account for _, _, _, mentioned in kept_entities(entities).mentions)
