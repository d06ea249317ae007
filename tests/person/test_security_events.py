"""Security events × what ends: after each event the API and the pages are asked with every kind of credentials (issue 6 §3).

The account is dev's own: so its App's own token is one of the columns. What the table does not name lives on, and is called to show it.
"""

import re
from collections.abc import Awaitable, Callable

import msgspec
import pytest
from sqlalchemy import bindparam, insert

from tests.cast import ANN, DEV, Part, People
from tests.conftest import HeldDatabase
from tests.factors.authenticating import Phone, secured
from tests.oauth.consent.site import SETTINGS, Pair, Place, answer_in, place_of
from tests.oauth.consent.walking import Browser
from tests.sessions.arriving import HOME, arrived_from
from volary.access.levels import Level
from volary.accounts.queries import secret_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Tx, statement
from volary.factors.models import passkeys
from volary.factors.queries import passkeys_of
from volary.factors.rules.codes import new_secret
from volary.kit.secrets import digest
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.oauth.grants import narrow
from volary.oauth.oauth1.tokens import make_own_token
from volary.oauth.revoking import revoke
from volary.operator.actions.actors import Actor
from volary.operator.actions.people import lock, sign_out
from volary.person.actions import change_login, choose_password, go_away, renew_password
from volary.person.actions.locking import lock_own, secure
from volary.sessions.actions.ending import end_other_sessions, end_session, reset_password
from volary.sessions.actions.proving import drop_passkey, lose_second_step, start_codes, stop_second_step
from volary.sessions.actions.resetting import write_reset
from volary.sessions.actions.sign_in import Proof, check_password
from volary.sessions.queries import live_session
from volary.sessions.rules.browsers import COOKIE, held_tokens

pytestmark = pytest.mark.anyio

SESSIONS = {"this session", "other session"}
TOKENS = {"OAuth 2.0 access token", "refresh token", "OAuth 1.0a token", "own token"}
CODE = "unused code"
EVERYTHING = SESSIONS | TOKENS | {CODE}
"""All but the App's own bearer token, which is nobody's: nothing that happens to a person ends it."""


class World(msgspec.Struct):
    """Dev's account with one of each kind of credentials."""

    place: Place
    this: Browser
    other: Browser
    tokens: dict[str, str]
    oauth1: Pair
    own: Pair
    code: str

    @property
    def db(self) -> HeldDatabase:
        return self.place.db

    @property
    def me(self) -> int:
        return self.place.cast.dev.id

    async def session_of(self, browser: Browser) -> int:
        held = held_tokens({COOKIE: browser.client.cookies.get(COOKIE) or ""})
        found = await live_session(self.db, digest(held[0]))
        assert found is not None
        return found.session_id

    async def proof(self, part: Part = DEV) -> Proof:
        return await check_password(self.db, self.place.hasher, part.username, part.password, arrived_from(HOME))

    async def keep(self, token: str) -> None:
        """The browser goes on under the session's new token, as the page has it do."""
        self.this.hold(COOKIE, token)

    async def dead(self) -> set[str]:
        """What opens nothing any more. The refresh token and the code come last: asking them changes something."""
        app = self.place.app
        works = {
            "this session": (await self.this.open("/settings/security")).status == 200,
            "other session": (await self.other.open("/settings/security")).status == 200,
            "OAuth 2.0 access token": (await app.me(self.tokens["access_token"])).status_code == 200,
            "OAuth 1.0a token": (await app.verified(self.oauth1)).status_code == 200,
            "own token": (await app.verified(self.own)).status_code == 200,
            "app-only bearer token": (await self._app_only()) == 200,
        }
        works["refresh token"] = await self._exchanged(
            {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        )
        works[CODE] = await self._exchanged(
            {
                "grant_type": "authorization_code",
                "code": self.code,
                "redirect_uri": "https://frame.test/cb",
                "code_verifier": "v" * 43,
            }
        )
        return {name for name, alive in works.items() if not alive}

    async def _app_only(self) -> int:
        app = self.place.app
        headers = {"authorization": f"Bearer {app.made.bearer_token}"}
        return (await app.client.get("/2/users/by/username/ann", headers=headers)).status_code

    async def _exchanged(self, form: dict[str, str]) -> bool:
        app = self.place.app
        auth = (app.made.app.client_id, app.made.client_secret or "")
        return (await app.client.post("/2/oauth2/token", data=form, auth=auth)).status_code == 200


async def asked_code(browser: Browser, place: Place) -> str:
    page = await browser.open(place.app.asking("tweet.read tweet.write users.read offline.access"))
    return (await browser.press(page, "Authorize app")).location


@pytest.fixture
async def world(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> World:
    place = await place_of(db, cast, hasher)
    this, other = await place.browser_of(DEV), await place.browser_of(DEV)
    asked = await place.app.request_token()
    page = await this.open(f"/oauth/authorize?oauth_token={asked.token}")
    verifier = answer_in((await this.press(page, "Authorize app")).location)["oauth_verifier"]
    oauth1 = await place.app.access_token(asked, verifier)
    tokens = await place.app.tokens(await asked_code(this, place))
    own = await db.write(make_own_token, place.app.made.app)
    code = answer_in(await asked_code(this, place))["code"]
    return World(place, this, other, tokens, oauth1, Pair(own.token, own.secret), code)


# ------------------------------------------------------------------------------------------------------------- the events

Event = Callable[[World], Awaitable[None]]


async def nothing(world: World) -> None:
    """The control: everything works."""


async def new_password(world: World) -> None:
    mine = await world.session_of(world.this)
    await world.keep(await world.db.write(renew_password, await world.proof(), ANN.password_hash, mine, HOME))


async def forgotten_password(world: World) -> None:
    await world.db.write(write_reset, world.me, "en")
    (row,) = [row for row in await latest_letters(world.db) if "reset_password" in row.template]
    text = read(world.db.keys, Writer(SETTINGS), row).text
    found = re.search(r"token=(\S+)", text)
    assert found is not None
    await world.db.write(choose_password, found[1], ANN.password_hash, HOME)


async def password_by_the_operator(world: World) -> None:
    secret = await secret_by_id(world.db, world.me)
    await world.db.write(reset_password, world.me, secret.password if secret else None, ANN.password_hash)


async def second_step_on(world: World) -> None:
    secret = new_secret()
    mine, code = await world.session_of(world.this), Phone(secret).code(world.db.now)
    token, _ = await world.db.write(start_codes, world.me, mine, secret, code, HOME)
    await world.keep(token)


async def second_step_off(world: World) -> None:
    held, mine = await secured(world.db, world.me), await world.session_of(world.this)
    token = await world.db.write(stop_second_step, world.me, mine, held.codes[0], arrived_from(HOME))
    assert isinstance(token, str)
    await world.keep(token)


async def second_step_lost(world: World) -> None:
    await secured(world.db, world.me)
    await world.db.write(lose_second_step, world.me, actor_id=0)


_KEEP_PASSKEY = statement(
    insert(passkeys).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        credential_id=b"which",
        credential=b"key",
        sign_count=0,
        name="Laptop",
        created_at=bindparam("created_at"),
    )
)


async def passkey_removed(world: World) -> None:
    await world.db.write(_with_passkey, world.me)
    (row,) = await passkeys_of(world.db, world.me)
    token, _ = await world.db.write(drop_passkey, world.me, await world.session_of(world.this), row.id, HOME)
    await world.keep(token)


async def _with_passkey(tx: Tx, account_id: int) -> None:
    await tx.run(_KEEP_PASSKEY, id=tx.new_id(), account_id=account_id, created_at=tx.now)


async def session_ended(world: World) -> None:
    await world.db.write(end_session, world.me, await world.session_of(world.other))


async def others_logged_out(world: World) -> None:
    await world.db.write(end_other_sessions, world.me, await world.session_of(world.this))


async def signed_out_by_the_operator(world: World) -> None:
    await world.db.write(sign_out, Actor(), world.me)


async def new_address(world: World) -> None:
    await world.db.write(change_login, await world.proof(), "dev", "new@example.org")


async def app_revoked(world: World) -> None:
    await world.db.write(revoke, world.me, app_id=world.place.app.id)


async def token_given_back(world: World) -> None:
    app = world.place.app
    auth = (app.made.app.client_id, app.made.client_secret or "")
    given = {"token": world.tokens["refresh_token"]}
    assert (await app.client.post("/2/oauth2/revoke", data=given, auth=auth)).status_code == 200


async def scope_dropped(world: World) -> None:
    kept = {"tweet.read", "users.read", "offline.access"}
    app_id = world.place.app.id
    await world.db.write(
        narrow, world.me, app_id, level=Level.READ, email=False, scopes=kept, expires_at=None, address=HOME
    )


async def secured_account(world: World) -> None:
    mine = await world.session_of(world.this)
    token, _ = await world.db.write(secure, await world.proof(), ANN.password_hash, mine, HOME)
    await world.keep(token)


async def locked_by_its_owner(world: World) -> None:
    await world.db.write(lock_own, world.me, HOME)


async def locked_by_the_operator(world: World) -> None:
    await world.db.write(lock, Actor(), world.me, reason="spam")


async def deactivated(world: World) -> None:
    await world.db.write(go_away, world.me)


TABLE: list[tuple[Event, set[str]]] = [
    (nothing, set()),
    (new_password, {"other session", CODE}),
    (forgotten_password, SESSIONS | {CODE}),
    (password_by_the_operator, SESSIONS),
    (second_step_on, {"other session"}),
    (second_step_off, {"other session"}),
    (second_step_lost, SESSIONS),
    (passkey_removed, {"other session"}),
    (session_ended, {"other session"}),
    (others_logged_out, {"other session"}),
    (signed_out_by_the_operator, SESSIONS),
    (new_address, set()),
    (app_revoked, TOKENS | {CODE}),
    (token_given_back, {"OAuth 2.0 access token", "refresh token"}),
    (scope_dropped, set()),
    (secured_account, {"other session", CODE} | TOKENS),
    (locked_by_its_owner, EVERYTHING),
    (locked_by_the_operator, EVERYTHING),
    (deactivated, EVERYTHING),
]


@pytest.mark.claim("C005", "C007", "C019", "C097")
@pytest.mark.attack("SR-161", "SR-221", "SR-223")
@pytest.mark.parametrize("event, ends", TABLE, ids=[event.__name__ for event, _ in TABLE])
async def test_an_event_ends_this_and_nothing_else(world: World, event: Event, ends: set[str]) -> None:
    await event(world)
    assert await world.dead() == ends


@pytest.mark.attack("SR-225")
async def test_a_dropped_scope_is_refused_to_every_kind_of_token(world: World) -> None:
    app = world.place.app

    async def posted() -> list[int]:
        bearer = {"authorization": f"Bearer {world.tokens['access_token']}"}
        by_oauth2 = await app.client.post("/2/tweets", json={"text": "two"}, headers=bearer)
        signed = [
            await app.signed("POST", f"/1.1/statuses/update.json?status=one{number}", pair)
            for number, pair in enumerate((world.oauth1, world.own))
        ]
        return [by_oauth2.status_code, *(answer.status_code for answer in signed)]

    assert await posted() == [201, 200, 200]
    await scope_dropped(world)
    assert await posted() == [403, 401, 401], "version 1.1 answers a level that is too low by 401"
