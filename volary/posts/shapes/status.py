"""Posts on v1.1: the status object."""

from collections.abc import Sequence

from volary.accounts.models import AccountRow
from volary.accounts.queries import accounts_by_ids
from volary.accounts.shapes import moment_v1, user_v1
from volary.api.sources import Sources
from volary.db import Reader
from volary.posts.models import PostRow
from volary.posts.rules.answering import kept_entities


async def statuses_v1(
    reader: Reader, sources: Sources, rows: Sequence[PostRow], *, trim_user: bool = False, extended: bool = False
) -> list[dict[str, object]]:
    """Posts that their reader may see as v1.1 statuses, with what belongs to other rooms. `extended`: the text as `full_text`."""
    people = {row.author_id for row in rows} | {row.reply_to_author_id for row in rows if row.reply_to_author_id}
    known = {one.id: one for one in await accounts_by_ids(reader, sorted(people))}
    named = await sources.of(reader, sorted({row.source_app_id or 0 for row in rows}))
    shapes = []
    for row in rows:
        answered = known.get(row.reply_to_author_id or 0)
        shape = status_v1(
            row,
            known[row.author_id],
            named.get(row.source_app_id or 0, ("", "")),
            answered=answered.username if answered else None,
            trim_user=trim_user,
        )
        if extended:
            shape["full_text"], shape["display_text_range"] = shape.pop("text"), [0, len(row.text)]
        shapes.append(shape)
    return shapes


def status_v1(
    row: PostRow, author: AccountRow, source: tuple[str, str], *, answered: str | None = None, trim_user: bool = False
) -> dict[str, object]:
    """The v1.1 status object. `source` is the app's name and website; older clients read both out of an HTML anchor. `answered` is the
    username of whose post this one answers.
    """
    name, website = source
    user = {"id": author.id, "id_str": str(author.id)} if trim_user else user_v1(author)
    replied = row.reply_to_id
    return {
        "created_at": moment_v1(row.created_at),
        "id": row.id,
        "id_str": str(row.id),
        "text": row.text,
        "truncated": False,
        "entities": _entities_v1(row),
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


def _entities_v1(row: PostRow) -> dict[str, object]:
    kept = kept_entities(row.entities)
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
