"""What every page of posts does: read the cards around its rows, and count the views."""

from collections.abc import Sequence

from volary.db.paging import Bounds
from volary.home.queries import Card, cards
from volary.kit.ids import LARGEST_ID, id_in
from volary.posts.actions.viewing import Views
from volary.posts.models import PostRow
from volary.web import Visit

PAGE = 20
"""How many posts stand on one page."""


def viewer_of(visit: Visit) -> int:
    """The account that looks, 0 for nobody who is signed in."""
    return visit.current.account_id if visit.current else 0


def bounds_of(visit: Visit) -> Bounds:
    """The page that the address names; a place that is none starts at the beginning."""
    return Bounds(before=id_in(visit.query.get("before", "")) or LARGEST_ID)


async def shown(visit: Visit, rows: Sequence[PostRow]) -> list[Card]:
    """The cards of some posts; whoever is signed in has seen them then (C034)."""
    viewer = viewer_of(visit)
    found = await cards(visit.db, viewer, rows, visit.settings.path_prefix)
    if viewer:
        visit.resources[Views].shown_on_page([card.post for card in found], viewer)
    return found
