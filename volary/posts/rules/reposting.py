"""What a repost shows of its original: a text that begins with "RT @name: ", and the places of links and names in it (X facts 5.2)."""

from volary.posts.rules.entities import Entities

LENGTH = 140
"""How much of the text fits; what is longer ends in an ellipsis, and whoever wants all of it reads the original."""


def repost_text(username: str, text: str) -> str:
    """The text of a repost of somebody's post."""
    whole = f"RT @{username}: {text}".rstrip()
    return whole if len(whole) <= LENGTH else whole[: LENGTH - 1] + "…"


def repost_entities(username: str, author: int, text: str, entities: Entities) -> Entities:
    """What stands in the text of a repost: the author's name, then what stood in the original, as far as it is shown."""
    before = len(f"RT @{username}: ")
    end = LENGTH if before + len(text) <= LENGTH else LENGTH - 1
    return Entities(
        urls=tuple((s + before, e + before, one) for s, e, one in entities.urls if e + before <= end),
        mentions=(
            (3, 4 + len(username), username, author),
            *((s + before, e + before, one, who) for s, e, one, who in entities.mentions if e + before <= end),
        ),
        hashtags=tuple((s + before, e + before, one) for s, e, one in entities.hashtags if e + before <= end),
        cashtags=tuple((s + before, e + before, one) for s, e, one in entities.cashtags if e + before <= end),
    )
