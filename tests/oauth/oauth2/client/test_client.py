"""The first check of an authorization request: an App that may ask. Whoever fails it meets one and the same page."""

from collections.abc import Awaitable, Callable

import pytest

from tests.oauth.oauth2.stage import CALLBACK, Stage
from volary.access.levels import Level
from volary.developers.actions import delete_app, edit_authentication, suspend_app
from volary.developers.rules.settings import Authentication
from volary.oauth.asking import Request
from volary.oauth.errors import NOT_CONNECTED, PageRefusal

EVIL = "https://evil.example/cb"


async def unknown(stage: Stage) -> str:
    return "bm9ib2R5OjE6Y2k"


async def api_key(stage: Stage) -> str:
    return stage.c1.api_key


async def app_number(stage: Stage) -> str:
    return str(stage.c1.app.id)


async def deleted(stage: Stage) -> str:
    await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)
    return stage.c1.app.client_id


async def suspended(stage: Stage) -> str:
    await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")
    return stage.c1.app.client_id


async def switched_off(stage: Stage) -> str:
    how = Authentication(level=Level.READ, oauth2=False)
    await stage.db.write(edit_authentication, stage.cast.dev.id, stage.c1.app.id, how)
    return stage.c1.app.client_id


async def empty(stage: Stage) -> str:
    return ""


async def nul(stage: Stage) -> str:
    return stage.c1.app.client_id + "\0"


async def quoted(stage: Stage) -> str:
    return stage.c1.app.client_id + "' OR '1'='1"


async def endless(stage: Stage) -> str:
    return "M" * 100_000


NOBODY = [unknown, api_key, app_number, deleted, suspended, switched_off, empty, nul, quoted, endless]


@pytest.mark.attack("SR-001", "SR-005", "SR-218", "SR-275")
@pytest.mark.claim("C187")
@pytest.mark.parametrize("client_of", NOBODY)
async def test_who_may_not_ask_gets_one_page_and_no_redirect(
    stage: Stage, client_of: Callable[[Stage], Awaitable[str]]
) -> None:
    assert isinstance(await stage.begin(stage.query(stage.c1)), Request)  # the honest request first
    client_id = await client_of(stage)
    before = await stage.rows()
    for redirect_uri in (EVIL, CALLBACK):
        with pytest.raises(PageRefusal) as refused:
            await stage.begin(stage.query(stage.c1, client_id=client_id, redirect_uri=redirect_uri))
        assert (refused.value.status, str(refused.value), refused.value.hint) == (400, NOT_CONNECTED, "")
    assert await stage.rows() == before


@pytest.mark.attack("SR-023")
@pytest.mark.parametrize("extra", ["&client_id={other}", "&client_id={same}", "&client_id[]={same}"])
async def test_a_client_id_that_is_there_twice_is_nobody(stage: Stage, extra: str) -> None:
    added = extra.format(other=stage.c2.app.client_id, same=stage.c1.app.client_id).encode()
    with pytest.raises(PageRefusal):
        await stage.begin(stage.query(stage.c1) + added)
    with pytest.raises(PageRefusal):
        await stage.begin(stage.query(stage.c1, client_id=None))


@pytest.mark.parametrize("query", [b"", b"&&&", b"%ff=%fe", b"client_id=\xff\xfe", b"a=1&" * 1_000, b"=", b"%"])
async def test_what_is_no_request_at_all_is_refused_calmly(stage: Stage, query: bytes) -> None:
    with pytest.raises(PageRefusal):
        await stage.begin(query)
