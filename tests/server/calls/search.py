"""Calls of the search room. The index is brought up to date before each, as the recurring task would do a moment later."""

from tests.server.calls.asking import MARKER, Ask, Case, Making, at, filled, post_of
from tests.server.calls.posts import after_a_block
from tests.server.house import House
from volary.search.jobs.indexing import Indexer


def finding(target: str, whose: str = "ann", text: str = "") -> Making:
    """A request for a target, after somebody has posted something."""

    async def ask(house: House) -> Ask:
        await post_of(house, getattr(house.cast, whose), text)
        await house.application.resources[Indexer].run()
        return Ask(filled(target, house))

    return ask


_RECENT = "/2/tweets/search/recent?query="

ASK = {
    "GET /2/tweets/search/recent": finding("/2/tweets/search/recent?query=text"),
    "GET /2/tweets/search/all": finding("/2/tweets/search/all?query=text"),
    "GET /2/tweets/counts/recent": finding("/2/tweets/counts/recent?query=text"),
    "GET /2/tweets/counts/all": finding("/2/tweets/counts/all?query=text"),
    "GET /2/trends/by/woeid/{woeid}": at("/2/trends/by/woeid/1"),
    "GET /2/users/personalized_trends": at("/2/users/personalized_trends"),
}

REFUSED: dict[str, tuple[Case, ...]] = {
    "GET /2/tweets/search/recent": (
        Case("protected", finding(_RECENT + "from:{bob}", "bob", MARKER), 200),
        Case("blocked", after_a_block(finding(_RECENT + "from:{carol}", "carol", MARKER)), 200),
    ),
}

LARGEST = {"GET /2/tweets/search/all": 500}
