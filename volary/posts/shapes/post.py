"""Posts on X's wire: the v2 object with its fields and expansions."""

from collections.abc import Iterable, Sequence

from volary.access.caller import Caller
from volary.accounts.shapes import moment
from volary.api.kinds import Expansion, Kind, View, field
from volary.db import Reader
from volary.posts.models import PostRow
from volary.posts.queries.reading import posts_by_ids
from volary.posts.queries.reposts import completed
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.counts import young
from volary.posts.rules.editing import editable_until, edits_left, eligible, versions_of
from volary.posts.rules.entities import Entities
from volary.posts.rules.links import shown_address
from volary.posts.rules.media import ids_in


def shown_entities(kept: Entities) -> dict[str, object] | None:
    """What stands in a text, as v2 writes it. Mentions of nobody are left out."""
    found: dict[str, object] = {}
    if kept.urls:
        found["urls"] = [_link(start, end, url) for start, end, url in kept.urls]
    if kept.hashtags:
        found["hashtags"] = [{"start": start, "end": end, "tag": tag} for start, end, tag in kept.hashtags]
    if kept.cashtags:
        found["cashtags"] = [{"start": start, "end": end, "tag": tag} for start, end, tag in kept.cashtags]
    mentions = [
        {"start": start, "end": end, "username": name, "id": str(account)}
        for start, end, name, account in kept.mentions
        if account
    ]
    if mentions:
        found["mentions"] = mentions
    return found or None


def shown_range(row: PostRow) -> list[int]:
    """Which part of a text its author wrote: not the names that an answer begins with by itself."""
    return [kept_entities(row.entities).lead, len(row.text)]


def _link(start: int, end: int, url: str) -> dict[str, object]:
    full = url if "://" in url else "http://" + url
    return {"start": start, "end": end, "url": full, "expanded_url": full, "display_url": shown_address(url)}


def _references(row: PostRow, view: View) -> list[dict[str, str]] | None:
    if row.repost_of_id is not None:
        return [{"type": "retweeted", "id": str(row.repost_of_id)}]
    found = []
    if row.quote_of_id is not None:
        found.append({"type": "quoted", "id": str(row.quote_of_id)})
    if row.reply_to_id is not None:
        found.append({"type": "replied_to", "id": str(row.reply_to_id)})
    return found or None


def _public_metrics(row: PostRow, view: View) -> dict[str, object]:
    counts: dict[str, object] = {
        "retweet_count": row.repost_count,
        "reply_count": row.reply_count,
        "like_count": row.like_count,
        "quote_count": row.quote_count,
        "bookmark_count": row.bookmark_count,
        "impression_count": row.impression_count,
    }
    return view.vocabulary.renamed(counts, (("retweet_count", "repost_count"),))


def _private_metrics(row: PostRow, view: View) -> dict[str, object] | None:
    """What only its author is told: how often it was seen, and how often somebody did something about it."""
    if not _own_and_young(row, view):
        return None
    acts = row.reply_count + row.repost_count + row.quote_count + row.like_count + row.bookmark_count
    return {"impression_count": row.impression_count, "engagements": acts}


def _organic_metrics(row: PostRow, view: View) -> dict[str, object] | None:
    """Nothing is promoted here, so all that happens is organic."""
    if not _own_and_young(row, view):
        return None
    counts: dict[str, object] = {
        "impression_count": row.impression_count,
        "like_count": row.like_count,
        "reply_count": row.reply_count,
        "retweet_count": row.repost_count,
    }
    return view.vocabulary.renamed(counts, (("retweet_count", "repost_count"),))


def _own_and_young(row: PostRow, view: View) -> bool:
    """Whether the private metrics of a post are the caller's to read: their own, no reposts, of the last thirty days (X facts 5.2)."""
    return row.author_id == view.caller.account_id and row.repost_of_id is None and young(row.id, view.now)


def _versions(row: PostRow, view: View) -> list[str]:
    return row.versions.split() or [str(row.id)]


def _edit_controls(row: PostRow, view: View) -> dict[str, object]:
    return {
        "edits_remaining": edits_left(row),
        "is_edit_eligible": eligible(row),
        "editable_until": moment(editable_until(row)),
    }


def _attachments(row: PostRow, view: View) -> dict[str, object] | None:
    if row.poll_id is not None:
        return {"poll_ids": [str(row.poll_id)]}
    return {"media_keys": row.media_ids.split()} if row.media_ids else None


def _media(row: PostRow) -> Iterable[int]:
    return ids_in(row.media_ids)


def _polls(row: PostRow) -> Iterable[int]:
    return () if row.poll_id is None else (row.poll_id,)


def _author(row: PostRow) -> Iterable[int]:
    return (row.author_id,)


def _answered(row: PostRow) -> Iterable[int]:
    return () if row.reply_to_author_id is None else (row.reply_to_author_id,)


def _referenced(row: PostRow) -> Iterable[int]:
    return tuple(one for one in (row.repost_of_id, row.quote_of_id, row.reply_to_id) if one is not None)


def _mentioned(row: PostRow) -> Iterable[int]:
    return (account for _, _, _, account in kept_entities(row.entities).mentions if account)


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> Sequence[PostRow]:
    return await _complete(reader, caller, await posts_by_ids(reader, caller.account_id or 0, ids))


async def _complete(reader: Reader, caller: Caller, rows: Sequence[PostRow]) -> Sequence[PostRow]:
    for row in rows:
        if row.repost_of_id is not None:
            return await completed(reader, caller.account_id or 0, rows)
    return rows


POST = Kind(
    name="post",
    resource="tweet",
    bucket=("tweets", "posts"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("text", lambda row, view: row.text),
        field("edit_history_tweet_ids", _versions, "edit_history_post_ids"),
        field("attachments", _attachments),
        field("author_id", lambda row, view: str(row.author_id)),
        field("conversation_id", lambda row, view: str(row.conversation_id)),
        field("created_at", lambda row, view: moment(row.created_at)),
        field("display_text_range", lambda row, view: shown_range(row)),
        field("edit_controls", _edit_controls),
        field("entities", lambda row, view: shown_entities(kept_entities(row.entities))),
        field(
            "in_reply_to_user_id",
            lambda row, view: None if row.reply_to_author_id is None else str(row.reply_to_author_id),
        ),
        field("lang", lambda row, view: row.language),
        field("non_public_metrics", _private_metrics),
        field("organic_metrics", _organic_metrics),
        field("paid_partnership", lambda row, view: bool(row.paid_partnership)),
        field("possibly_sensitive", lambda row, view: bool(row.sensitive)),
        field("public_metrics", _public_metrics),
        field("referenced_tweets", _references, "referenced_posts"),
        field("reply_settings", lambda row, view: row.reply_settings),
    ),
    default=frozenset({"id", "text", "edit_history_tweet_ids"}),
    load=_load,
    complete=_complete,
    private=dict.fromkeys(("non_public_metrics", "organic_metrics", "promoted_metrics"), _own_and_young),
    expansions=(
        Expansion(
            frozenset(
                {
                    *("referenced_tweets.id", "referenced_posts"),
                    *("referenced_tweets.id.author_id", "referenced_tweets.id.attachments.media_keys"),
                }
            ),
            "post",
            _referenced,
            shows="referenced_tweets",
        ),
        Expansion(frozenset({"edit_history_tweet_ids", "edit_history_post_ids"}), "post", versions_of),
        Expansion(frozenset({"attachments.media_keys"}), "media", _media, shows="attachments"),
        Expansion(frozenset({"attachments.poll_ids"}), "poll", _polls, shows="attachments"),
        Expansion(frozenset({"author_id"}), "user", _author, shows="author_id"),
        Expansion(frozenset({"in_reply_to_user_id"}), "user", _answered, shows="in_reply_to_user_id"),
        Expansion(frozenset({"entities.mentions.username"}), "user", _mentioned, shows="entities"),
        Expansion(frozenset({"referenced_tweets.id.author_id"}), "user", _author, through="post", shows="author_id"),
        Expansion(
            frozenset({"referenced_tweets.id.attachments.media_keys"}),
            "media",
            _media,
            through="post",
            shows="attachments",
        ),
    ),
)
"""How posts are shaped on v2. `source` comes from a provider: apps belong to another room."""
