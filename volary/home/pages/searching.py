"""*Search*: posts, with the operators that the API has, and people; and what is talked about."""

from typing import Any

from volary.accounts.queries import accounts_found
from volary.accounts.rules.words import asked_words
from volary.api.errors import InvalidRequest
from volary.home.pages.showing import PAGE, bounds_of, shown
from volary.language import mark as _
from volary.search.queries.searching import looked_up, newest_found
from volary.search.queries.trends import trends_at
from volary.search.rules.parsing import ALL, parsed
from volary.search.rules.places import WORLD
from volary.web import Form, Response, Visit, page

SEARCH = "/search"
_TRENDS = 20
_UNREADABLE = _("This search cannot be read. %(why)s")
_PEOPLE = "people"


@page("GET", SEARCH, signed_in=True)
async def search(visit: Visit) -> Response:
    """What a query finds, the newest first; without one, the trends. Posts and people stand on tabs of their own."""
    query, tab = visit.query.get("q", "").strip(), visit.query.get("tab", "")
    form = Form(visit, {"q": query})
    if not query:
        trends = (await trends_at(visit.db, [WORLD]))[:_TRENDS]
        return visit.render("home/search.html", form=form, query="", tab=tab, trends=trends)
    status, found = 200, {"people": await _people(visit, query)} if tab == _PEOPLE else {}
    if tab != _PEOPLE:
        try:
            found = await _posts(visit, query)
        except InvalidRequest as refusal:
            form.refuse("q", _UNREADABLE, why=refusal.message)
            status = 400
    return visit.render("home/search.html", status, form=form, query=query, tab=tab, **found)


async def _posts(visit: Visit, query: str) -> dict[str, Any]:
    """A page of posts. Raises InvalidRequest in the API's words: its operators are the same."""
    viewer = visit.me.account_id
    tree = await looked_up(visit.db, viewer, parsed(query, ALL))
    rows = await newest_found(visit.db.long, viewer, tree, bounds_of(visit), PAGE + 1)
    return {
        "cards": await shown(visit, rows[:PAGE]),
        "further": rows[PAGE - 1].id if len(rows) > PAGE else None,
    }


async def _people(visit: Visit, query: str) -> list[Any]:
    """The accounts of which every word of the query begins a word of the username or name."""
    return list(await accounts_found(visit.db, asked_words(query) or (), PAGE))
