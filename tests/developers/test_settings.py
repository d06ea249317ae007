"""Changing what an App says and what it may ask for."""

import asyncio

import msgspec
import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import EVERYTHING, FULL, LINKS, new_app
from volary.access.levels import Level
from volary.activity.models import EventRow, events
from volary.db import statement
from volary.developers import queries
from volary.developers.actions import add_callback, edit_authentication, edit_details
from volary.developers.errors import BadAddress, NameTaken, TooManyCallbacks
from volary.developers.models import CLIENT_SECRET
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Busy, Invalid
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio

_EVENTS = statement(events.select().order_by(events.c.id), EventRow)


async def test_details_are_changed_together(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id, "Before")).app
    await db.write(edit_details, cast.dev.id, app.id, FULL)
    after = await queries.app_by_id(db, app.id)
    assert after is not None
    for field in Details.__struct_fields__:
        if field != "callbacks":
            assert getattr(after, field) == getattr(FULL, field)
    assert await queries.callback_urls(db, app.id) == list(FULL.callbacks)
    assert after.client_id == app.client_id


async def test_an_old_name_is_free_again_and_ones_own_is_no_conflict(db: HeldDatabase, cast: People) -> None:
    app, other = (await new_app(db, cast.dev.id, "Before")).app, (await new_app(db, cast.ann.id, "Other")).app
    await db.write(edit_details, cast.dev.id, app.id, Details(name="BEFORE"))
    with pytest.raises(NameTaken):
        await db.write(edit_details, cast.ann.id, other.id, Details(name="before"))
    await db.write(edit_details, cast.dev.id, app.id, Details(name="After"))
    await db.write(edit_details, cast.ann.id, other.id, Details(name="Before"))


async def test_one_bad_callback_saves_nothing(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    before = await queries.callback_urls(db, app.id)
    for urls in (["https://a.test/", "javascript:x"], [f"https://a.test/{n}" for n in range(11)]):
        with pytest.raises(Invalid):
            await db.write(edit_details, cast.dev.id, app.id, Details(name="New", callbacks=tuple(urls)))
    after = await queries.app_by_id(db, app.id)
    assert after == app
    assert await queries.callback_urls(db, app.id) == before


@pytest.mark.claim("C219")
@pytest.mark.attack("SR-177")
async def test_the_eleventh_callback_is_refused_one_by_one(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    for number in range(9):
        await db.write(add_callback, cast.dev.id, app.id, f"https://a.test/{number}")
    listed = await queries.callback_urls(db, app.id)
    assert len(listed) == 10
    with pytest.raises(TooManyCallbacks):
        await db.write(add_callback, cast.dev.id, app.id, "https://a.test/10")
    await db.write(add_callback, cast.dev.id, app.id, listed[3])
    assert await queries.callback_urls(db, app.id) == listed


@pytest.mark.claim("C219")
@pytest.mark.attack("SR-315")
async def test_parallel_adds_stop_at_ten(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    nine = Details(name="Frame", callbacks=tuple(f"https://a.test/{number}" for number in range(9)))
    await db.write(edit_details, cast.dev.id, app.id, nine)
    answers = await asyncio.gather(
        *(db.write(add_callback, cast.dev.id, app.id, f"https://b.test/{number}") for number in range(5)),
        return_exceptions=True,
    )
    assert len(await queries.callback_urls(db, app.id)) == 10
    assert sum(isinstance(answer, TooManyCallbacks | Busy) for answer in answers) == 4


async def test_an_added_callback_meets_the_same_rules(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    with pytest.raises(BadAddress):
        await db.write(add_callback, cast.dev.id, app.id, "data:text/html,x")


@pytest.mark.claim("C063", "C064")
async def test_email_is_switched_on_and_off_and_holds_its_links(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    on = Authentication(email=True)
    await db.write(edit_authentication, cast.dev.id, app.id, on)
    with pytest.raises(Invalid) as refused:
        await db.write(edit_details, cast.dev.id, app.id, Details(name="Frame", terms_url=LINKS["terms_url"]))
    assert refused.value.field == "privacy_url"
    await db.write(edit_authentication, cast.dev.id, app.id, msgspec.structs.replace(on, email=False))
    await db.write(edit_details, cast.dev.id, app.id, Details(name="Frame"))
    with pytest.raises(Invalid) as refused:
        await db.write(edit_authentication, cast.dev.id, app.id, on)
    assert refused.value.field == "terms_url"


@pytest.mark.claim("C187", "C191")
async def test_each_protocol_is_switched_by_itself(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    for oauth1 in (True, False):
        for oauth2 in (True, False):
            wanted = Authentication(oauth1=oauth1, oauth2=oauth2, type="spa", level=Level.READ_WRITE)
            await db.write(edit_authentication, cast.dev.id, app.id, wanted)
            after = await queries.app_by_id(db, app.id)
            assert after is not None
            assert (after.oauth1_enabled, after.oauth2_enabled) == (oauth1, oauth2)
            assert after.oauth1_level == "read-write"


@pytest.mark.claim("C197")
async def test_a_client_secret_comes_and_goes_with_the_type(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app

    async def become(kind: str, *, oauth2: bool = True) -> str | None:
        wanted = Authentication(oauth2=oauth2, type=kind)
        return await db.write(edit_authentication, cast.dev.id, app.id, wanted)

    assert await become("spa") is None
    first = await become("web")
    assert first is not None
    assert await become("bot") is None
    assert await queries.client_secret_matches(db, app.id, digest(first))
    assert await become("native") is None
    assert not await queries.client_secret_matches(db, app.id, digest(first))
    second = await become("bot")
    assert second not in (None, first)
    assert await become("bot", oauth2=False) is None
    third = await become("bot")
    assert third not in (None, second)
    kinds = [row.kind for row in await queries.credentials_of_app(db, app.id)]
    assert kinds.count(CLIENT_SECRET) == 1


@pytest.mark.claim("C172")
async def test_every_use_case_that_was_given_stays_in_the_record(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    for said in ("Photos.", "Photos.", "Photos, and posting them."):
        await db.write(edit_details, cast.dev.id, app.id, Details(name="Frame", use_case=said))
    details = [msgspec.json.decode(event.detail or "{}") for event in await db.all(_EVENTS)]
    history = [(one["name"], one["use_case"]) for one in details if "use_case" in one]
    assert history == [("Photo Frame", "Photos."), ("Frame", "Photos, and posting them.")]


async def test_no_secret_stands_in_the_record(db: HeldDatabase, cast: People) -> None:
    made = await new_app(db, cast.dev.id, authentication=EVERYTHING)
    told = " ".join(event.detail for event in await db.all(_EVENTS))
    for secret in (made.api_key, made.api_key_secret, made.bearer_token, made.client_secret):
        assert secret not in (None, "")
        assert str(secret) not in told
