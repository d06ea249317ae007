"""The document of a post: every token that it is found by.

First the words of its text, then what an operator asks for: such a token has a sign that no word has (`#bees`, `from:12`, `has:links`),
so that every question, about words or about anything else that does not change, is put to one index.
"""

import msgspec

from volary.posts.rules.entities import Entities
from volary.search.rules.tokens import tag, words

_MOST_OF_A_LINK = 64


class Facts(msgspec.Struct, frozen=True):
    """What is known of a post when it is indexed. `media` holds the kinds of its pictures and videos."""

    text: str
    entities: Entities
    language: str
    author_id: int
    conversation_id: int
    reply_to_id: int | None = None
    reply_to_author_id: int | None = None
    quote_of_id: int | None = None
    repost_of_id: int | None = None
    original_author_id: int | None = None
    media: frozenset[str] = frozenset()


def document(facts: Facts) -> list[str]:
    """The tokens of a post, in their order. A plain repost is found by who reposted what, not by words (X facts 5.8)."""
    if facts.repost_of_id is not None:
        return [f"from:{facts.author_id}", *_reposted(facts)]
    entities = facts.entities
    found = words(between_links(facts.text, entities))
    found += [f"#{name}" for _, _, one in entities.hashtags if (name := tag(one))]
    found += [f"${name}" for _, _, one in entities.cashtags if (name := tag(one))]
    found += [f"@{one.lower()}" for _, _, one, _ in entities.mentions]
    for _, _, url in entities.urls:
        found += link(url)
    found += _who_and_where(facts)
    found += _kinds(facts)
    found.append(f"lang:{facts.language.lower()}")
    return found


def link(url: str) -> list[str]:
    """The tokens of a link, after a mark that keeps it apart from the link before it."""
    return ["url:", *[f"url:{part}" for part in words(url)[:_MOST_OF_A_LINK]]]


def between_links(text: str, entities: Entities) -> str:
    """A text without its links, which are found by `url:`."""
    if not entities.urls:
        return text
    between, place = [], 0
    for start, end, _ in entities.urls:
        between.append(text[place:start])
        place = end
    return " ".join([*between, text[place:]])


def _reposted(facts: Facts) -> list[str]:
    original = [] if facts.original_author_id is None else [f"retweets_of:{facts.original_author_id}"]
    return ["is:retweet", f"retweets_of_tweet_id:{facts.repost_of_id}", *original]


def _who_and_where(facts: Facts) -> list[str]:
    found = [f"from:{facts.author_id}", f"conversation_id:{facts.conversation_id}"]
    if facts.reply_to_id is not None:
        found += [f"to:{facts.reply_to_author_id}", f"in_reply_to_tweet_id:{facts.reply_to_id}"]
    if facts.quote_of_id is not None:
        found.append(f"quotes_of_tweet_id:{facts.quote_of_id}")
    return found


def _kinds(facts: Facts) -> list[str]:
    entities, media = facts.entities, facts.media
    found = (
        ("is:reply", facts.reply_to_id),
        ("is:quote", facts.quote_of_id),
        ("has:hashtags", entities.hashtags),
        ("has:cashtags", entities.cashtags),
        ("has:mentions", entities.mentions),
        ("has:links", entities.urls),
        ("has:media", media),
        ("has:images", "photo" in media),
        ("has:videos", "video" in media or "animated_gif" in media),
        ("has:video_link", "video" in media),
    )
    return [token for token, there in found if there]
