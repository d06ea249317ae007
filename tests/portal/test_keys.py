"""*Keys and tokens*: shown once, renewed, revoked, and never again readable anywhere."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.cast import DEV
from tests.developers.making import EVERYTHING, new_app, new_developer
from tests.oauth.consent.walking import Browser, Page
from tests.oauth.oauth1.stage import ME, App, Pair, Stage
from tests.portal.site import Place, form_with, shown
from volary.access.levels import Level
from volary.developers import queries
from volary.developers.actions import suspend_app
from volary.developers.models import AppRow
from volary.developers.rules.settings import Authentication
from volary.kit.clock import HOUR
from volary.kit.errors import Refusal
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio

ALL = ("api-key", "app-access-token", "access-token", "client-secret")


async def regenerated(browser: Browser, app: AppRow, kind: str, **chosen: str) -> dict[str, str]:
    """Press *Regenerate* for a credential and go on with it."""
    page = await browser.open(f"/portal/apps/{app.id}/keys/{kind}/regenerate")
    [button] = form_with(page, "Regenerate" if "Regenerate" in page.text else "Generate").buttons
    return shown(await browser.press(page, button, **chosen))


async def revoked(browser: Browser, app: AppRow, kind: str) -> Page:
    """Press *Revoke* for a credential and go on with it; the page afterwards."""
    answer = await browser.press(await browser.open(f"/portal/apps/{app.id}/keys/{kind}/revoke"), "Revoke")
    return await browser.open(answer.location)


@pytest.mark.claim("C180", "C185", "C186")
@pytest.mark.parametrize("in_project", [True, False], ids=["in a Project", "standalone"])
async def test_the_page_shows_hints_and_dates(place: Place, in_project: bool) -> None:
    made = await new_app(place.db, place.cast.dev.id, authentication=EVERYTHING)
    page = await (await place.browser_of(DEV)).open(f"/portal/apps/{made.app.id}/keys")
    assert page.headings[1:] == [
        "API Key (Consumer Key) and API Secret (Consumer Secret)",
        "App Access Token",
        "User Access Token and Access Token Secret",
        "Client ID and Client Secret",
        "Call the API",
    ]
    assert "password manager" in page.text
    hint = page.root.one("section", id="api-key").one("details")
    assert hint.one("summary").text == "Reveal API Key hint"
    assert hint.one("code").text == "…" + made.api_key[-4:]
    assert page.root.one("code", id="client-id").text == made.app.client_id
    for secret in (made.api_key, made.api_key_secret, made.bearer_token, str(made.client_secret)):
        assert secret not in page.answer.text
    assert page.text.count("Last usednot yet") == 3


@pytest.mark.claim("C181", "C182", "C184")
async def test_each_is_renewed_and_revoked_by_its_page(place: Place) -> None:
    made = await new_app(place.db, place.cast.dev.id, authentication=EVERYTHING)
    browser, app = await place.browser_of(DEV), made.app

    async def alive(key: str, bearer: str, secret: str) -> tuple[bool, bool, bool]:
        return (
            await queries.app_by_api_key(place.db, digest(key)) is not None,
            await queries.app_by_bearer(place.db, digest(bearer)) is not None,
            await queries.client_secret_matches(place.db, app.id, digest(secret)),
        )

    key = (await regenerated(browser, app, "api-key"))["API Key"]
    bearer = (await regenerated(browser, app, "app-access-token"))["App Access Token"]
    secret = (await regenerated(browser, app, "client-secret"))["Client Secret"]
    assert await alive(made.api_key, made.bearer_token, str(made.client_secret)) == (False, False, False)
    assert await alive(key, bearer, secret) == (True, True, True)
    for kind, expected in (
        ("api-key", (False, True, True)),
        ("app-access-token", (False, False, True)),
        ("client-secret", (False, False, False)),
    ):
        page = await revoked(browser, app, kind)
        assert "There is none now." in page.root.one("section", id=kind).text
        assert await alive(key, bearer, secret) == expected
    again = await regenerated(browser, app, "api-key")
    assert (await alive(again["API Key"], bearer, secret))[0]


@pytest.mark.claim("C181")
async def test_an_overlap_is_chosen_and_shown(place: Place) -> None:
    made = await new_app(place.db, place.cast.dev.id)
    browser = await place.browser_of(DEV)
    new = await regenerated(browser, made.app, "api-key", overlap="hour")
    section = (await browser.open(f"/portal/apps/{made.app.id}/keys")).root.one("section", id="api-key")
    assert "Old one, still valid for a while" in section.text
    assert section.text.index("…" + new["API Key"][-4:]) < section.text.index("…" + made.api_key[-4:])
    assert await queries.app_by_api_key(place.db, digest(made.api_key)) is not None
    place.db.clock.advance(HOUR)
    assert await queries.app_by_api_key(place.db, digest(made.api_key)) is None
    page = await browser.open(f"/portal/apps/{made.app.id}/keys/api-key/regenerate")
    refused = await browser.send(form_with(page, "Regenerate").edited(overlap="a year"), "Regenerate")
    assert refused.status == 400


@pytest.mark.claim("C140", "C181", "C183", "C184")
async def test_the_owners_token_is_the_owners_at_the_present_level(place: Place, stage: Stage) -> None:
    app, browser = stage.rw1, await place.browser_of(DEV)
    page = await browser.open(f"/portal/apps/{app.row.id}/keys")
    generate = form_with(page, "Generate")
    first = shown(await browser.send(generate, "Generate"))
    pair = Pair(first["Access Token"], first["Access Token Secret"])
    caller = await stage.caller(stage.signed(app, pair, "GET", ME))
    assert (caller.account_id, caller.level) == (place.cast.dev.id, Level.READ_WRITE)
    assert pair.token.startswith(f"{place.cast.dev.id}-")

    settings = await browser.open(f"/portal/apps/{app.row.id}/authentication")
    await browser.send(form_with(settings, "Save").filled(level="read-write-directmessages"), "Save")
    assert (await stage.caller(stage.signed(app, pair, "GET", ME))).level == Level.READ_WRITE
    page = await browser.open(f"/portal/apps/{app.row.id}/keys")
    section = page.root.one("section", id="access-token").text
    assert "Created withRead and write permissions" in section
    assert "permission level has changed since" in section

    second = await regenerated(browser, app.row, "access-token")
    newer = Pair(second["Access Token"], second["Access Token Secret"])
    assert (await stage.caller(stage.signed(app, newer, "GET", ME))).level == Level.DIRECT_MESSAGES
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, pair, "GET", ME))
    assert "There is none now." in (await revoked(browser, app.row, "access-token")).text
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, newer, "GET", ME))


@pytest.mark.claim("C181")
async def test_peoples_tokens_work_with_the_new_key_and_not_with_the_old_one(place: Place, stage: Stage) -> None:
    app, browser = stage.rw1, await place.browser_of(DEV)
    ann = await stage.connect(app, place.cast.ann.id)
    new = await regenerated(browser, app.row, "api-key")
    renewed = App(app.row, new["API Key"], new["API Key Secret"])
    assert (await stage.caller(stage.signed(renewed, ann, "GET", ME))).account_id == place.cast.ann.id
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, ann, "GET", ME))


@pytest.mark.attack("SR-182")
async def test_no_token_is_made_for_somebody_else_or_while_suspended(place: Place, stage: Stage) -> None:
    app, browser = stage.rw1.row, await place.browser_of(DEV)
    page = await browser.open(f"/portal/apps/{app.id}/keys/access-token/regenerate")
    form = form_with(page, "Generate").edited(account_id=str(place.cast.ann.id), user_id=str(place.cast.ann.id))
    made = shown(await browser.send(form, "Generate"))
    assert made["Access Token"].startswith(f"{place.cast.dev.id}-")
    await place.db.write(suspend_app, app.id, reason="spam")
    for kind in ("access-token", "api-key", "app-access-token"):
        page = await browser.open(f"/portal/apps/{app.id}/keys/{kind}/regenerate")
        [button] = form_with(page, "Regenerate").buttons
        assert (await browser.press(page, button)).status == 403
    keys = await browser.open(f"/portal/apps/{app.id}/keys")
    assert "Regenerate" not in keys.text
    assert "Revoke" in keys.text


async def test_a_protocol_that_is_off_gives_no_token(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, authentication=Authentication(oauth1=False))).app
    browser = await place.browser_of(DEV)
    page = await browser.open(f"/portal/apps/{app.id}/keys")
    assert "OAuth 1.0a is switched off" in page.text
    assert not page.root.every("section", id="client-secret")
    for kind in ("access-token", "client-secret"):
        ask = await browser.open(f"/portal/apps/{app.id}/keys/{kind}/regenerate")
        assert (await browser.press(ask, "Generate")).status == 400


@pytest.mark.claim("C185")
@pytest.mark.attack("SR-175")
async def test_no_secret_is_ever_shown_or_kept_readable(place: Place, database_url: str, stage: Stage) -> None:
    """Make one of everything, then look for it in every page and in every byte of the database."""
    browser = await place.browser_of(DEV)
    await new_developer(place.db, place.cast.dev.id)
    wizard = await browser.open("/portal/apps/new?project=standalone")
    created = await browser.press(wizard, "Create App", name="Photo Frame")
    assert created.headers["cache-control"] == "no-store"
    secrets = shown(created)
    app = (await queries.apps_of_member(place.db, place.cast.dev.id))[-1]
    settings = form_with(await browser.open(f"/portal/apps/{app.id}/authentication"), "Save")
    became = shown(await browser.send(settings.filled(oauth2="1", oauth2_type="web"), "Save"))
    assert became.pop("Client ID") == app.client_id
    secrets |= became | await regenerated(browser, app, "access-token")
    assert len(secrets) == 6

    pages = [f"/portal/apps/{app.id}{path}" for path in ("", "/keys", "/authentication", "/callback-tester", "/delete")]
    asks = [f"/portal/apps/{app.id}/keys/{kind}/{verb}" for kind in ALL for verb in ("regenerate", "revoke")]
    for path in ("/portal", *pages, *asks):
        page = await browser.open(path)
        assert page.status == 200
        assert not [label for label, secret in secrets.items() if secret in page.answer.text], path
    stored = b"".join([content async for content in _stored(database_url)])
    assert app.client_id.encode() in stored
    assert not [label for label, secret in secrets.items() for form in _forms(secret) if form in stored]


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield secret.encode().hex().encode()


async def _stored(database_url: str) -> AsyncIterator[bytes]:
    """Everything that a thief of the database would read."""
    if database_url.startswith("sqlite:///"):
        path = Path(database_url.removeprefix("sqlite:///"))
        for file in path.parent.glob(path.name + "*"):
            yield file.read_bytes()
        return
    connection = await asyncpg.connect(database_url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in tables:
            for (row,) in await connection.fetch(f'SELECT t::text FROM "{table}" t'):  # noqa: S608 - a name from the catalogue
                yield row.encode()
    finally:
        await connection.close()
