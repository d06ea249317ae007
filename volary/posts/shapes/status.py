"""Posts on v1.1: the status object."""

from collections.abc import Sequence

import msgspec

from volary.accounts.models import AccountRow
from volary.accounts.queries import accounts_by_ids
from volary.accounts.shapes import moment_v1, user_v1
from volary.api.sources import Sources
from volary.db import Reader
from volary.media.queries import media_by_ids
from volary.media.shapes import media_v1
from volary.posts.models import PostRow
from volary.posts.queries.likes import liked_among
from volary.posts.queries.reading import posts_by_ids
from volary.posts.queries.reposts import completed, reposted_among
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.media import ids_in
from volary.posts.shapes.post import shown_range


class _Known(msgspec.Struct, frozen=True):
    """What statuses are made of beside their own rows."""

    posts: dict[int, PostRow]
    people: dict[int, AccountRow]
    named: dict[int, tuple[str, str]]
    liked: set[int]
    reposted: set[int]
    media: dict[int, list[dict[str, object]]]
    """What is attached to each post, as it is shown."""
    base: str
    trim_user: bool
    extended: bool


async def statuses_v1(
    reader: Reader,
    sources: Sources,
    rows: Sequence[PostRow],
    *,
    viewer: int,
    trim_user: bool = False,
    extended: bool = False,
) -> list[dict[str, object]]:
    """Posts that their reader may see as v1.1 statuses, with what belongs to other rooms. `extended`: the text as `full_text`.

    What they repost or quote and their media stand in them, as far as `viewer` may see it, and whether the viewer likes or reposts each.
    """
    rows = await completed(reader, viewer, rows)
    every = await _with_inner(reader, viewer, rows)
    found = every.values()
    people = {row.author_id for row in found} | {row.reply_to_author_id for row in found if row.reply_to_author_id}
    own = sorted({row.repost_of_id or row.id for row in found}) if viewer else []
    known = _Known(
        every,
        {one.id: one for one in await accounts_by_ids(reader, sorted(people))},
        await sources.of(reader, sorted({row.source_app_id or 0 for row in found})),
        await liked_among(reader, viewer, own),
        await reposted_among(reader, viewer, own),
        await _media_of(reader, viewer, sources.base, list(found)),
        sources.base,
        trim_user,
        extended,
    )
    return [_status(row, known) for row in rows]


async def _with_inner(reader: Reader, viewer: int, rows: Sequence[PostRow]) -> dict[int, PostRow]:
    """The posts, what they repost or quote, and what the reposted ones quote."""
    found = {row.id: row for row in rows}
    for _ in range(2):
        inner = {one for row in found.values() for one in (row.repost_of_id, row.quote_of_id) if one} - found.keys()
        found |= {row.id: row for row in await posts_by_ids(reader, viewer, sorted(inner))}
    return found


async def _media_of(
    reader: Reader, viewer: int, base: str, rows: Sequence[PostRow]
) -> dict[int, list[dict[str, object]]]:
    """The media of posts, by the posts' ids."""
    with_media = [row for row in rows if row.media_ids]
    if not with_media:
        return {}
    ids = sorted({one for row in with_media for one in ids_in(row.media_ids)})
    media = {one.id: one for one in await media_by_ids(reader, viewer, ids)}
    authors = {one.id: one.username for one in await accounts_by_ids(reader, [row.author_id for row in with_media])}
    return {
        row.id: [
            media_v1(media[one], (row.id, authors[row.author_id]), viewer, base, reader.keys, reader.now)
            for one in ids_in(row.media_ids)
            if one in media
        ]
        for row in with_media
    }


def _status(row: PostRow, known: _Known, depth: int = 0) -> dict[str, object]:
    answered = known.people.get(row.reply_to_author_id or 0)
    shape = status_v1(
        row,
        known.people[row.author_id],
        known.named.get(row.source_app_id or 0, ("", "")),
        known.base,
        answered=answered.username if answered else None,
        trim_user=known.trim_user,
    )
    if (attached := known.media.get(row.id)) and isinstance(entities := shape["entities"], dict):
        entities["media"] = attached[:1]
        shape["extended_entities"] = {"media": attached}
        shape["possibly_sensitive"] = bool(row.sensitive)
    shape["favorited"] = (row.repost_of_id or row.id) in known.liked
    shape["retweeted"] = (row.repost_of_id or row.id) in known.reposted
    if row.quote_of_id is not None:
        shape["quoted_status_id"], shape["quoted_status_id_str"] = row.quote_of_id, str(row.quote_of_id)
    for name, inner in (("retweeted_status", row.repost_of_id), ("quoted_status", row.quote_of_id)):
        if depth < 2 and inner is not None and inner in known.posts:
            shape[name] = _status(known.posts[inner], known, depth + 1)
    if known.extended:
        shape["full_text"], shape["display_text_range"] = shape.pop("text"), shown_range(row)
    return shape


def status_v1(
    row: PostRow,
    author: AccountRow,
    source: tuple[str, str],
    base: str,
    *,
    answered: str | None = None,
    trim_user: bool = False,
) -> dict[str, object]:
    """The v1.1 status object. `source` is the app's name and website; older clients read both out of an HTML anchor. `answered` is the
    username of whose post this one answers.
    """
    name, website = source
    user = {"id": author.id, "id_str": str(author.id)} if trim_user else user_v1(author, base)
    replied = row.reply_to_id
    return {
        "created_at": moment_v1(row.created_at),
        "id": row.id,
        "id_str": str(row.id),
        "text": row.text,
        "truncated": False,
        "entities": entities_v1(row.entities),
        "source": f'<a href="{_attribute(website)}" rel="nofollow">{_attribute(name)}</a>'
        if website
        else _attribute(name),
        "in_reply_to_status_id": replied,
        "in_reply_to_status_id_str": None if replied is None else str(replied),
        "in_reply_to_user_id": row.reply_to_author_id,
        "in_reply_to_user_id_str": None if row.reply_to_author_id is None else str(row.reply_to_author_id),
        "in_reply_to_screen_name": answered,
        "user": user,
        "geo": None,
        "coordinates": None,
        "place": None,
        "contributors": None,
        "is_quote_status": row.quote_of_id is not None,
        "retweet_count": row.repost_count,
        "favorite_count": row.like_count,
        "favorited": False,
        "retweeted": False,
        "lang": row.language,
    }


def entities_v1(entities: str) -> dict[str, object]:
    """What stands in a text, as v1.1 writes it, from what a row keeps."""
    kept = kept_entities(entities)
    return {
        "hashtags": [{"text": tag, "indices": [start, end]} for start, end, tag in kept.hashtags],
        "symbols": [{"text": tag, "indices": [start, end]} for start, end, tag in kept.cashtags],
        "user_mentions": [
            {"screen_name": name, "id": account, "id_str": str(account), "indices": [start, end]}
            for start, end, name, account in kept.mentions
            if account
        ],
        "urls": [{"url": url, "expanded_url": url, "display_url": url, "indices": [s, e]} for s, e, url in kept.urls],
    }


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
