"""The document of a post: every token that it is found by.

First the words of its text, then what an operator asks for: such a token has a sign that no word has (`#bees`, `from:12`, `has:links`),
so that every question, about words or about anything else that does not change, is put to one index.
"""

from collections.abc import Iterator

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
        return [*_of("from", facts.author_id), *_reposted(facts)]
    return [
        *words(between_links(facts.text, facts.entities)),
        *(f"#{name}" for _, _, one in facts.entities.hashtags if (name := tag(one))),
        *(f"${name}" for _, _, one in facts.entities.cashtags if (name := tag(one))),
        *(f"@{one.lower()}" for _, _, one, _ in facts.entities.mentions),
        *(part for _, _, url in facts.entities.urls for part in link(url)),
        *_of("from", facts.author_id),
        *_of("to", facts.reply_to_author_id),
        *_of("conversation_id", facts.conversation_id),
        *_of("in_reply_to_tweet_id", facts.reply_to_id),
        *_of("quotes_of_tweet_id", facts.quote_of_id),
        *_kinds(facts),
        f"lang:{facts.language.lower()}",
    ]


def link(url: str) -> list[str]:
    """The tokens of a link, after a mark that keeps it apart from the link before it."""
    return ["url:", *(f"url:{part}" for part in words(url)[:_MOST_OF_A_LINK])]


def between_links(text: str, entities: Entities) -> str:
    """A text without its links, which are found by `url:`."""
    between, place = [], 0
    for start, end, _ in entities.urls:
        between.append(text[place:start])
        place = end
    return " ".join([*between, text[place:]])


def _reposted(facts: Facts) -> Iterator[str]:
    yield "is:retweet"
    yield from _of("retweets_of_tweet_id", facts.repost_of_id)
    yield from _of("retweets_of", facts.original_author_id)


def _kinds(facts: Facts) -> Iterator[str]:
    found = {
        "is:reply": facts.reply_to_id,
        "is:quote": facts.quote_of_id,
        "has:hashtags": facts.entities.hashtags,
        "has:cashtags": facts.entities.cashtags,
        "has:mentions": facts.entities.mentions,
        "has:links": facts.entities.urls,
        "has:media": facts.media,
        "has:images": "photo" in facts.media,
        "has:videos": facts.media & {"video", "animated_gif"},
        "has:video_link": "video" in facts.media,
    }
    return (token for token, there in found.items() if there)


def _of(operator: str, id: int | None) -> Iterator[str]:
    if id is not None:
        yield f"{operator}:{id}"
