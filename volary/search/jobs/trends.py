"""Finding out what is talked about: the public posts of the last day, counted anew every minute, the newest five thousand of them."""

import asyncio

from volary.db import Database
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at
from volary.posts.rules.answering import kept_entities
from volary.search.actions import set_trends
from volary.search.models import TrendRow
from volary.search.queries.trends import every_trend, newest_public
from volary.search.rules.places import place_of
from volary.search.rules.trending import Tally

TREND_SECONDS = 60
LOOKED_AT = 5_000
WINDOW = DAY
_AT_ONCE = 100
"""Posts that are counted before others get a turn: two milliseconds."""


async def find_trends(db: Database) -> int:
    """Write down what is talked about now; how many trends there are. Nothing is written where nothing has changed."""
    tally = Tally()
    rows = await newest_public(db.long, first_id_at(db.now - WINDOW), LOOKED_AT)
    for number, row in enumerate(rows):
        tally.add(row.author_id, place_of(row.location, row.country), row.text, kept_entities(row.entities))
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    known = await every_trend(db)
    since = {(row.place, row.name): row.since for row in known}
    position: dict[int, int] = {}
    found = []
    for trend in tally.trends():
        position[trend.place] = place = position.get(trend.place, 0) + 1
        began = since.get((trend.place, trend.name), db.now)
        found.append(TrendRow(trend.place, place, trend.name, trend.posts, began))
    if sorted(found, key=lambda row: (row.place, row.position)) != known:
        await db.write(set_trends, found)
    return len(found)
