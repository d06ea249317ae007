"""The pages of *Security and account access* for the gallery, each with somebody of its own whose second step is on."""

from typing import Any

from sqlalchemy import bindparam, insert

from tests.browser.window import Window
from tests.factors.authenticating import Phone, Secured, secured
from tests.flows.making import Person
from volary.db import Database, Tx, statement
from volary.factors.models import passkeys
from volary.kit.clock import DAY
from volary.sessions.actions.locking import Link, offer_lock, offer_way_back

WHO = "somebody new"
_KEEP = statement(
    insert(passkeys).values(
        {name: bindparam(name) for name in ("id", "account_id", "credential_id", "credential", "sign_count", "name")}
        | {"created_at": bindparam("at")}
    )
)


async def _pressed(window: Window, within: str = "main form:not([data-passkey])") -> None:
    async with window.page.expect_navigation():
        await window.page.locator(f"{within} button[type=submit]").first.click()


async def _person(gallery: Any, window: Window) -> Person:
    """Somebody new, with two passkeys, for whom nobody is signed in yet in this window."""
    await window.context.clear_cookies(name="session")
    person: Person = await gallery.stage.person("Sec Scholten")

    async def keep(db: Database) -> None:
        async def kept(tx: Tx) -> None:
            for name in ("Sec’s laptop", "Donaudampfschifffahrtsgesellschaftskapitänsschlüssel"[:50]):
                one = tx.new_id()
                await tx.run(
                    _KEEP,
                    id=one,
                    account_id=person.id,
                    credential_id=str(one).encode(),
                    credential=b"-",
                    sign_count=0,
                    name=name,
                    at=tx.now - DAY,
                )

        await db.write(kept)

    await gallery.stage.beside(keep)
    return person


async def _signed_in(gallery: Any, window: Window) -> Person:
    person = await _person(gallery, window)
    await window.open("/login")
    await window.type(login=person.username, password=person.password)
    await _pressed(window)
    return person


async def _with_second_step(gallery: Any, person: Person) -> Secured:
    made: Secured = await gallery.stage.beside(secured, person.id)
    return made


async def _step(gallery: Any, window: Window) -> Secured:
    person = await _person(gallery, window)
    held = await _with_second_step(gallery, person)
    await window.open("/login")
    await window.type(login=person.username, password=person.password)
    await _pressed(window)
    return held


async def step(gallery: Any, window: Window) -> None:
    await _step(gallery, window)


async def step_refused(gallery: Any, window: Window) -> None:
    await _step(gallery, window)
    await window.type(code="not a code")
    await _pressed(window)


async def consent_step(gallery: Any, window: Window) -> None:
    person = await _person(gallery, window)
    await _with_second_step(gallery, person)
    await window.open(gallery.apps["bird"].asking())
    await window.type(login=person.username, password=person.password)
    await _pressed(window, "main form:has([name=password])")


async def two_factor_on(gallery: Any, window: Window) -> None:
    person = await _signed_in(gallery, window)
    await _with_second_step(gallery, person)
    await window.open("/settings/two-factor")


async def two_factor_off_refused(gallery: Any, window: Window) -> None:
    await two_factor_on(gallery, window)
    await window.type(code="123")
    await _pressed(window, "main form:has([name=code])")


async def set_up(gallery: Any, window: Window) -> None:
    await _signed_in(gallery, window)
    await window.open("/settings/two-factor")
    await _pressed(window, "main #app form")


async def recovery_codes(gallery: Any, window: Window) -> None:
    await set_up(gallery, window)
    secret = await window.page.locator("#secret").inner_text()
    now = await window.run("Date.now()")
    await window.type(code=Phone(secret).code(int(now)))
    await _pressed(window, "main #enter form")


async def passkeys_held(gallery: Any, window: Window) -> None:
    await _signed_in(gallery, window)
    await window.open("/settings/passkeys")


async def passkey_new(gallery: Any, window: Window) -> None:
    await passkeys_held(gallery, window)
    await _pressed(window, "main form[action$='/new']")


async def passkey_removed(gallery: Any, window: Window) -> None:
    await passkeys_held(gallery, window)
    async with window.page.expect_navigation():
        await window.page.locator("main a[href$='/remove']").first.click()


async def sign_ins(gallery: Any, window: Window) -> None:
    person = await _person(gallery, window)
    await window.open("/login")
    await window.type(login=person.username, password="not this one")
    await _pressed(window)
    await window.type(password=person.password)
    await _pressed(window)
    await window.open("/settings/sign-ins")


async def lock(gallery: Any, window: Window) -> None:
    person = await _person(gallery, window)

    async def offered(db: Database) -> str:
        return await db.write(offer_lock, person.id, f"{person.username}@example.org")

    await window.open(f"/account/lock?token={await gallery.stage.beside(offered)}")


async def locked(gallery: Any, window: Window) -> None:
    await lock(gallery, window)
    await _pressed(window, "main form[action$='/account/lock']")


async def _unlock(gallery: Any, window: Window) -> None:
    person = await _person(gallery, window)

    async def offered(db: Database) -> str:
        return await db.write(offer_way_back, Link(person.id, f"{person.username}@example.org", db.now))

    await window.open(f"/account/unlock?token={await gallery.stage.beside(offered)}")


async def unlock(gallery: Any, window: Window) -> None:
    await _unlock(gallery, window)


async def unlock_refused(gallery: Any, window: Window) -> None:
    await _unlock(gallery, window)
    await window.type(password="password")
    await _pressed(window)


SECURITY: tuple[tuple[str, str, Any, int], ...] = (
    ("sign-in-step", WHO, step, 200),
    ("sign-in-step-refused", WHO, step_refused, 400),
    ("consent-step", WHO, consent_step, 200),
    ("settings-two-factor", "ann", "/settings/two-factor", 200),
    ("settings-two-factor-on", WHO, two_factor_on, 200),
    ("settings-two-factor-off-refused", WHO, two_factor_off_refused, 400),
    ("settings-two-factor-set-up", WHO, set_up, 200),
    ("settings-recovery-codes", WHO, recovery_codes, 200),
    ("settings-passkeys-none", "ann", "/settings/passkeys", 200),
    ("settings-passkeys", WHO, passkeys_held, 200),
    ("settings-passkey-new", WHO, passkey_new, 200),
    ("settings-passkey-remove", WHO, passkey_removed, 200),
    ("settings-sign-ins", WHO, sign_ins, 200),
    ("settings-compromised", "ann", "/settings/compromised", 200),
    ("settings-compromised-unconfirmed", "fred", "/settings/compromised", 200),
    ("settings-review", "ann", "/settings/review", 200),
    ("settings-review-nothing", "bob", "/settings/review", 200),
    ("lock", WHO, lock, 200),
    ("lock-gone", "nobody", "/account/lock?token=as-in-the-letter", 404),
    ("locked", WHO, locked, 200),
    ("unlock", WHO, unlock, 200),
    ("unlock-refused", WHO, unlock_refused, 400),
)
"""Name, who looks, path or way, and status."""
