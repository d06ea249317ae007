"""Who may answer a post (X facts 5.2, `reply_settings`)."""

import msgspec

from volary.posts.rules.entities import Entities

REPLY_SETTINGS = ("everyone", "following", "mentionedUsers", "subscribers", "verified")


def kept_entities(text: str) -> Entities:
    """The entities of a post as its row keeps them: JSON, or nothing."""
    return msgspec.json.decode(text, type=Entities) if text else Entities()


def may_answer(settings: str, author: int, entities: str, account: int) -> bool:
    """Whether an account may answer a post with these settings, author and kept entities.

    The author and whoever is mentioned always may. Follows, subscriptions and verification are not known to this room, so the narrower
    settings admit nobody else.
    """
    if settings == "everyone" or account == author:
        return True
    return any(mentioned == account for _, _, _, mentioned in kept_entities(entities).mentions)
