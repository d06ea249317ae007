"""The reference of the API: a page for every operation, with everything that it takes, made from the operations themselves."""

import re
from html import unescape

import pytest

from tests.server.calls import NAMES, OPERATION
from tests.server.house import House
from volary.api.openapi import identifier
from volary.api.reference.examples import examples
from volary.api.reference.parameters import listed
from volary.help.rules.resources import RESOURCES


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("name", sorted(OPERATION))
async def test_every_operation_has_a_page_with_everything_that_it_takes(house: House, name: str) -> None:
    one = OPERATION[name]
    got = await house.get(f"/help/api/{identifier(one)}")
    text = got.body.decode()
    assert got.status == 200
    assert name in words(text).replace(f"{one.method} ", f"{one.method} ")
    for parameter in listed(one):
        assert f">{parameter.name}</code>" in text
        assert parameter.meaning
    for scope in one.need.scopes or ():
        assert f">{scope}</code>" in text
    for anchor in ("permissions", "parameters", "example", "programs", "problems", "compatibility"):
        assert f'id="{anchor}"' in text


async def test_the_index_leads_to_every_page_and_every_link_has_something_behind_it(house: House) -> None:
    got = await house.get("/help/api")
    links = set(re.findall(r'href="(/help/api/[^"]+)"', got.body.decode()))
    assert links == {f"/help/api/{identifier(one)}" for one in OPERATION.values()}
    page = (await house.get("/help/api/get_2_users_me")).body.decode()
    for link in set(re.findall(r'href="(/[^"#]*)"', page)) - {""}:
        assert (await house.get(unescape(link))).status in {200, 303}, link


@pytest.mark.parametrize(
    "asked, key",
    [
        ("q=users/me", "get_2_users_me"),
        ("q=HIDE+answer", "put_2_tweets_tweet_id_hidden"),
        ("q=pagination_token+blocks", "get_2_users_id_blocking"),
        ("part=spaces", "get_2_spaces"),
    ],
)
async def test_the_index_is_searched_by_path_and_word(house: House, asked: str, key: str) -> None:
    page = (await house.get(f"/help/api?{asked}")).body.decode()
    found = re.findall(r'href="/help/api/([^"]+)"', page)
    assert key in found
    assert len(found) < len(OPERATION) / 2


async def test_a_search_that_finds_nothing_says_so_and_shows_the_text_as_text(house: House) -> None:
    page = (await house.get("/help/api?q=%3Cscript%3Ealert(1)%3C/script%3E")).body.decode()
    assert "No such operation" in page
    assert "<script>alert" not in page


async def test_an_operation_that_is_not_there_is_not_found(house: House) -> None:
    assert (await house.get("/help/api/get_2_nothing")).status == 404


def test_every_operation_that_has_an_honest_call_has_an_example_of_it() -> None:
    assert sorted(examples()) == NAMES


def test_every_part_of_the_api_has_a_name() -> None:
    assert {one.handler.__module__.split(".")[1] for one in OPERATION.values()} == set(RESOURCES)


@pytest.mark.parametrize("name", sorted(OPERATION))
def test_what_an_operation_says_of_itself_is_for_developers(name: str) -> None:
    from volary.api.openapi import paragraphs

    for told in paragraphs(OPERATION[name]):
        assert not re.search(r"\b(?:C\d{3}|SR-\d|X facts|RFC|The same\b)", told), told
        assert told.endswith((".", "`."))
        assert len(told) > 10
