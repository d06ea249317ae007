"""A walk of chance through everything that people, apps, developers and time do to tokens, each step compared with the model.

The walk is the same for the same seed. It speaks to the doors as apps do, and to the actions as pages do.
"""

import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import bindparam, update

from tests.oauth.families.model import EMAIL, OFFLINE, Access, Account, App, Code, Model, Refresh
from tests.oauth.oauth1.stage import ME
from tests.oauth.oauth1.stage import App as SigningApp
from tests.oauth.oauth1.stage import Stage as SigningStage
from tests.oauth.oauth2.stage import VERIFIER, Got, Stage
from volary.access.levels import Level
from volary.accounts.models import ACTIVE, LOCKED, accounts
from volary.db import Statement, Tx, statement
from volary.developers.actions import NewApp, edit_authentication, restore_app, suspend_app
from volary.developers.models import apps
from volary.developers.rules.settings import Authentication
from volary.kit.errors import Refusal
from volary.oauth.jobs import sweep
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.oauth.revoking import drop_pending, revoke
from volary.portal.actions import discard_outdated

Thing = TypeVar("Thing")

MOST = 40
"""Tokens of a kind that a walk remembers."""
TIMES = {
    1: 4, 1_000: 8, 5_000: 8, 9_999: 6, 10_000: 6, 29_999: 3, 30_000: 3, 3_600_000: 2, 7_200_000: 2, 90_000_000: 1,
    180 * 86_400_000: 1,
}  # fmt: skip
"""How long is waited, and how often: mostly moments, in which things touch each other."""
SCOPES = ("tweet.read", "users.read", "tweet.write", "dm.read", EMAIL)
KINDS = {"c1": "web", "c2": "bot", "p1": "native"}

_STATE = statement(update(accounts).where(accounts.c.id == bindparam("of")).values(state=bindparam("state")))
_EPOCH = statement(update(accounts).where(accounts.c.id == bindparam("of")).values(epoch=accounts.c.epoch + 1))
_APP_EPOCH = statement(update(apps).where(apps.c.id == bindparam("of")).values(epoch=apps.c.epoch + 1))


class Differs(AssertionError):
    """The server did something else than the model."""


async def _run(tx: Tx, asked: Statement[None], values: dict[str, Any]) -> None:
    await tx.run(asked, **values)


class Walk:
    """One server, one model, one source of chance."""

    def __init__(self, stage: Stage, seed: int, broken: str = "") -> None:
        self.stage, self.db = stage, stage.db
        self.made: dict[str, NewApp] = {"c1": stage.c1, "c2": stage.c2, "p1": stage.p1}
        self.people = {"ann": stage.cast.ann.id, "bob": stage.cast.bob.id}
        signing = dict(zip(("R1", "RW1", "RWD1"), _signing(self.made).values(), strict=True))
        self.signing = SigningStage(stage.db, TableNonces(stage.db), stage.cast, signing, stage.settings)
        self.chance = random.Random(seed)
        self.model = Model(
            {name: App(name, KINDS[name] != "native") for name in self.made},
            {name: Account(name) for name in self.people},
            broken,
        )
        self.texts: dict[object, Any] = {}
        """What the server gave for each thing of the model: kept here, so that the model never sees a token."""
        self.trace: list[str] = []
        self.steps: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (6, self.consent), (8, self.exchange), (10, self.connect), (1, self.guess), (16, self.refresh), (12, self.retry),
            (20, self.use), (4, self.revoke), (2, self.disconnect), (14, self.wait), (4, self.suspend), (6, self.switch),
            (4, self.person), (1, self.epoch), (2, self.password), (8, self.authorize), (14, self.sign), (2, self.invalidate),
            (2, self.discard), (2, self.sweep), (6, self.mend),
        ]  # fmt: skip

    async def go(self, steps: int) -> None:
        """Raises Differs at the first step at which server and model are not of one mind."""
        weights = [weight for weight, _ in self.steps]
        for _ in range(steps):
            (step,) = self.chance.choices([step for _, step in self.steps], weights)
            self.model.now = self.db.now
            await step()
            live = await self.stage.live_families()
            self.same(live, self.model.live_families(), f"{step.__name__}: live families")
            if len(self.model.accesses) > 3 * MOST or len(self.model.signings) > 3 * MOST:
                self.model.forget(MOST)

    def same(self, found: object, expected: object, what: str) -> None:
        self.trace.append(f"{self.db.now} {what}: {found!r}")
        if found != expected:
            raise Differs("\n".join([*self.trace[-30:], f"… expected {expected!r}"]))

    # ------------------------------------------------------------------------------------------------------- what chance takes

    def app(self) -> App:
        return self.chance.choice(list(self.model.apps.values()))

    def account(self) -> Account:
        return self.chance.choice(list(self.model.accounts.values()))

    def caller(self, owner: App) -> App:
        """Mostly the App that a token belongs to."""
        return owner if self.chance.random() < 0.9 else self.app()

    def recent(self, things: list[Thing]) -> Thing | None:
        """One of those that were made, the latest most often."""
        if not things:
            return None
        back = min(int(self.chance.expovariate(0.25)), len(things) - 1)
        return things[-1 - back]

    def id_of(self, app: App) -> int:
        return self.made[app.name].app.id

    # --------------------------------------------------------------------------------------------------------------- OAuth 2.0

    async def consent(self) -> None:
        app, account = self.app(), self.account()
        if not (app.active and app.oauth2 and account.active):
            return
        wanted = [scope for scope in SCOPES if self.chance.random() < 0.5 and (scope != EMAIL or app.email)]
        scopes = (*wanted, *([OFFLINE] if self.chance.random() < 0.8 else [])) or ("users.read",)
        text = await self.stage.code(self.made[app.name], self.people[account.name], scope=" ".join(scopes))
        self.texts[self.model.consent(app, account, scopes)] = text

    async def connect(self) -> None:
        """The whole of it, as apps do."""
        before = len(self.model.codes)
        await self.consent()
        if len(self.model.codes) > before:
            code = self.model.codes[-1]
            await self._exchange(code, code.grant.app, right=True)

    async def exchange(self) -> None:
        code = self.recent(self.model.codes)
        if code is not None:
            await self._exchange(code, self.caller(code.grant.app), right=self.chance.random() < 0.75)

    async def guess(self) -> None:
        """Wrong verifiers in a row, and then the right one."""
        await self.consent()
        code = self.recent(self.model.codes)
        if code is not None:
            for _ in range(self.chance.choice((4, 5, 6))):
                await self._exchange(code, code.grant.app, right=False)
            await self._exchange(code, code.grant.app, right=True)

    async def _exchange(self, code: Code, app: App, *, right: bool) -> None:
        verifier = VERIFIER if right else "w" * 43
        got = await self.stage.exchange(self.made[app.name], self.texts[code], code_verifier=verifier)
        self._given(got, self.model.exchange(app, code, right=right), f"exchange by {app.name}, right {right}")

    async def refresh(self) -> None:
        token = self.recent(self.model.refreshes)
        if token is not None:
            await self._refresh(token)

    async def retry(self) -> None:
        """The last rotated token once more: an honest client whose answer was lost, or a thief."""
        rotated = [one for one in self.model.refreshes if one.rotated is not None]
        if rotated:
            await self._refresh(max(rotated, key=lambda one: one.rotated or 0))

    async def _refresh(self, token: Refresh) -> None:
        app, chance = self.caller(token.family.grant.app), self.chance.random()
        scopes = None if chance < 0.8 else token.scopes[:1] if chance < 0.9 else (*token.scopes, "like.write")
        more = {} if scopes is None else {"scope": " ".join(scopes)}
        got = await self.stage.refresh(self.made[app.name], self.texts[token], **more)
        self._given(got, self.model.refresh(app, token, scopes), f"refresh by {app.name} for {scopes}")

    def _given(self, got: Got, expected: tuple[Access, Refresh | None] | int, what: str) -> None:
        self.same(got.status, expected if isinstance(expected, int) else 200, what)
        if isinstance(expected, int):
            return
        access, refresh = expected
        self.same(got.json["scope"], " ".join(access.scopes), f"{what}: scope")
        for thing, name in ((access, "access_token"), (refresh, "refresh_token")):
            text = got.json.get(name)
            self.same(text is None, thing is None, f"{what}: no {name}")
            if thing is not None and self.texts.setdefault(thing, text) != text:
                raise Differs(f"{what}: another {name}")

    async def use(self) -> None:
        token = self.recent(self.model.accesses)
        if token is None:
            return
        try:
            scopes = (await self.stage.caller(self.texts[token])).scopes
        except Refusal:
            scopes = None
        self.same(scopes, self.model.use(token), "use")

    async def revoke(self) -> None:
        token: Access | Refresh | None = self.recent(self.model.refreshes)
        if token is None or self.chance.random() < 0.5:
            token = self.recent(self.model.accesses)
        if token is None:
            return
        app = self.caller(token.family.grant.app)
        got = await self.stage.post("/2/oauth2/revoke", {"token": self.texts[token]}, self.made[app.name])
        self.same(got.status, self.model.revoke(app, token), f"revoke by {app.name}")

    # -------------------------------------------------------------------------------------------------------------- OAuth 1.0a

    async def authorize(self) -> None:
        app, account = self.app(), self.account()
        if not (app.active and app.oauth1 and account.active):
            return
        signing = _signing(self.made)[app.name]
        pair = await self.signing.connect(signing, self.people[account.name])
        self.texts[self.model.authorized(app, account, app.level, email=app.email)] = (signing, pair)

    async def sign(self) -> None:
        token = self.recent(self.model.signings)
        if token is None:
            return
        app, pair = self.texts[token]
        try:
            caller = await self.signing.caller(self.signing.signed(app, pair, "GET", ME))
            found = (caller.level, caller.email)
        except Refusal:
            found = None
        self.same(found, self.model.sign(token), "sign")

    async def invalidate(self) -> None:
        token = self.recent(self.model.signings)
        if token is None:
            return
        app, pair = self.texts[token]
        answer = await self.signing.door(self.signing.signed(app, pair, "POST", "/1.1/oauth/invalidate_token"))
        alive = self.model.sign(token) is not None
        self.same(answer.status, 200 if alive else 401, "invalidate")
        if alive:
            self.model.end(token.family)

    # ------------------------------------------------------------------------------------------------- people, developers, time

    async def disconnect(self) -> None:
        app, account = self.app(), self.account()
        done = await self.db.write(revoke, self.people[account.name], app_id=self.id_of(app))
        self.same(done, self.model.disconnect(app, account), f"{account.name} disconnects {app.name}")

    async def wait(self) -> None:
        (time,) = self.chance.choices(list(TIMES), list(TIMES.values()))
        self.db.clock.advance(time)

    async def suspend(self) -> None:
        app = self.app()
        if app.active and self.chance.random() < 0.3:
            await self.db.write(suspend_app, self.id_of(app), reason="test")
            app.active = False
        elif not app.active:
            await self.db.write(restore_app, self.id_of(app))
            app.active = True
        self.trace.append(f"{app.name} active: {app.active}")

    async def switch(self) -> None:
        """The developer changes one of the user authentication settings."""
        app = self.app()
        setting = self.chance.choice(("oauth1", "oauth2", "email", "one_family", "level"))
        if setting == "level":
            app.level = self.chance.choice(list(Level))
        else:
            setattr(app, setting, not getattr(app, setting))
        await self._set(app)
        self.trace.append(f"{app.name} {setting}: {getattr(app, setting)}")

    async def mend(self) -> None:
        """Everything is switched on again: a walk among what is dead would see little."""
        for app in self.model.apps.values():
            if not (app.oauth1 and app.oauth2 and app.email):
                app.oauth1 = app.oauth2 = app.email = True
                await self._set(app)
            if not app.active:
                await self.db.write(restore_app, self.id_of(app))
                app.active = True
        for account in self.model.accounts.values():
            if not account.active:
                account.active = True
                await self._write(_STATE, self.people[account.name], state=ACTIVE)

    async def _set(self, app: App) -> None:
        how = Authentication(
            oauth1=app.oauth1, level=app.level, email=app.email, oauth2=app.oauth2, type=KINDS[app.name],
            one_family=app.one_family,
        )  # fmt: skip
        owner = self.made[app.name].app.owner_id
        secret = await self.db.write(edit_authentication, owner, self.id_of(app), how)
        if secret is not None:
            self.made[app.name] = msgspec.structs.replace(self.made[app.name], client_secret=secret)

    async def person(self) -> None:
        account = self.account()
        account.active = not account.active or self.chance.random() < 0.7
        await self._write(_STATE, self.people[account.name], state=ACTIVE if account.active else LOCKED)

    async def epoch(self) -> None:
        if self.chance.random() < 0.5:
            account = self.account()
            account.epoch += 1
            await self._write(_EPOCH, self.people[account.name])
        else:
            app = self.app()
            app.epoch += 1
            await self._write(_APP_EPOCH, self.id_of(app))

    async def _write(self, asked: Statement[None], of: int, **values: str) -> None:
        await self.db.write(_run, asked, {"of": of, **values})
        self.trace.append(f"{of}: {values or 'epoch'}")

    async def password(self) -> None:
        account = self.account()
        await self.db.write(drop_pending, self.people[account.name])
        self.model.new_password(account)
        self.trace.append(f"{account.name}: new password")

    async def discard(self) -> None:
        app = self.app()
        while await self.db.write(discard_outdated, self.made[app.name].app.owner_id, self.id_of(app)):
            pass
        self.model.discard(app)
        self.trace.append(f"{app.name}: discarded")

    async def sweep(self) -> None:
        await sweep(self.db)
        self.model.sweep()


def _signing(made: dict[str, NewApp]) -> dict[str, SigningApp]:
    return {name: SigningApp(app.app, app.api_key, app.api_key_secret) for name, app in made.items()}
