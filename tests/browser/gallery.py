"""Every page of the product with something on it, and how to get there."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.app import App
from tests.flows.making import Person, new_app
from volary.access.levels import Level
from volary.access.scopes import SCOPES
from volary.db import Database
from volary.developers.actions import create_app, set_tier, sign_up, suspend_app
from volary.developers.actions.values import NewApp
from volary.developers.rules.settings import Authentication, Details
from volary.help.pages import TOPICS

SOME = "tweet.read users.read follows.read tweet.write like.write offline.access"


class Gallery(NamedTuple):
    """Who and what is on the pages. Ann has connected apps, Bob has not; Dev has Projects and Apps of every kind."""

    stage: Stage
    ann: Person
    bob: Person
    dev: Person
    made: dict[str, NewApp]
    apps: dict[str, App]

    def people(self, who: str) -> list[Person]:
        return {"nobody": [], "ann": [self.ann], "bob": [self.bob], "both": [self.bob, self.ann], "dev": [self.dev]}[
            who
        ]


Reach = Callable[[Gallery, Window], Awaitable[None]]


class Shown(NamedTuple):
    """A page: its name, who looks at it, its path or the way there, and the status that is right."""

    name: str
    who: str
    way: str | Reach
    status: int = 200

    async def reach(self, gallery: Gallery, window: Window) -> None:
        if isinstance(self.way, str):
            numbers = {name: made.app.id for name, made in gallery.made.items()}
            projects = {f"{name}_project": made.app.project_id for name, made in gallery.made.items()}
            await window.open(self.way.format(**numbers, **projects))
        else:
            await self.way(gallery, window)
        assert window.status == self.status, window.page.url


async def make_apps(db: Database, dev: Person, base: str, callback: str) -> tuple[dict[str, NewApp], dict[str, App]]:
    """Dev's Apps: one that may ask for everything, a native one, one with long texts, a suspended and a standalone one."""
    await db.write(sign_up, dev.id, agreed=True, use_case="Birds")
    await db.write(set_tier, dev.id, "elevated")
    made: dict[str, NewApp] = {}
    apps: dict[str, App] = {}
    orders: dict[str, dict[str, Any]] = {
        "bird": {"name": "Nightjar", "level": Level.DIRECT_MESSAGES, "email": True},
        "small": {"name": "Pocket Poll", "type": "native", "organization": "", "description": "", "website": ""},
        "long": {
            "name": "Donaudampfschifffahrtsgesellscha",
            "description": "Schifffahrtsgesellschaftsfahrplanauskunft " * 4,
            "organization": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunt",
            "level": Level.READ,
        },
        "bad": {"name": "Free Followers"},
        "dead": {"name": "Quiet Bot", "oauth2": False, "type": None},
    }
    for key, order in orders.items():
        made[key], apps[key] = await new_app(db, dev.id, base, callback, **order)
    alone = Details(name="Loose Screw", callbacks=(callback, "http://sensor.example/cb"))
    made["alone"] = await db.write(create_app, dev.id, alone, Authentication(), project_id=None)
    return made, apps


async def furnish(stage: Stage) -> Gallery:
    """Make everybody and everything, and let Ann connect what she has connected."""
    ann, bob = await stage.person("Ann Ameland"), await stage.person("Bob Bakker")
    dev = await stage.person("Dev Devrient")
    made, apps = await stage.beside(make_apps, dev, stage.base, stage.sink.callback)
    browser = stage.server.browser()
    browser.open(f"{stage.base}/login")
    browser.press("Sign in", username=ann.username, password=ann.password)
    for name in ("bird", "small", "long", "bad"):
        browser.open(apps[name].asking(SOME if name == "bird" else "tweet.read users.read"))
        browser.press("Authorize app")
        apps[name].connected(browser.url)
    browser.open(apps["bird"].asking1(x_auth_access_type="read"))
    browser.press("Authorize app")
    apps["bird"].connected1(browser.url)

    async def suspend(db: Database) -> None:
        await db.write(suspend_app, made["bad"].app.id, reason="It followed people who had not asked for it.")

    await stage.beside(suspend)
    return Gallery(stage, ann, bob, dev, made, apps)


# --- ways that are longer than an address ---


async def wrong_password(gallery: Gallery, window: Window) -> None:
    await window.open("/login")
    await window.sign_in("nobody_here", "not this", await _submit(window))


async def wrong_sign_up(gallery: Gallery, window: Window) -> None:
    await window.open("/signup")
    await window.run("document.querySelector('main form').noValidate = true")
    await window.type(username="not a name", email="nor an address", password="password")
    await window.press(await _submit(window))


async def oauth2(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["bird"].asking(SOME))


async def every_scope(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["bird"].asking(" ".join(SCOPES)))


async def oauth1(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["bird"].asking1())


async def long_names(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["long"].asking1())


async def unlisted(gallery: Gallery, window: Window) -> None:
    app = gallery.apps["bird"]
    there, app.callback = app.callback, "https://elsewhere.example/callback"
    asking = app.asking()
    app.callback = there
    await window.open(asking)


async def pin(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["small"].asking1(callback="oob"))
    await _decide(window, "allow")


async def denied(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["small"].asking1())
    await _decide(window, "cancel")


async def gone(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["small"].asking())
    await window.run("document.querySelector('[name=request]').value = 'x'.repeat(43)")
    await _decide(window, "allow")


async def wrong_app(gallery: Gallery, window: Window) -> None:
    await window.open(f"/portal/apps/{gallery.made['bird'].app.id}")
    await window.run("for (const form of document.forms) form.noValidate = true")
    await window.type(callbacks="http://localhost:8000/cb", name="", website="nothing")
    await _send(window, "main form:has([name=callbacks]) button[type=submit]")


async def wrong_new_app(gallery: Gallery, window: Window) -> None:
    await window.open("/portal/apps/new")
    await window.run("document.querySelector('main form').noValidate = true")
    await _send(window, "main form button[type=submit]")


async def once(gallery: Gallery, window: Window) -> None:
    await window.open(f"/portal/apps/{gallery.made['dead'].app.id}/keys/api-key/regenerate")
    await _send(window, "main form button[type=submit]")


async def _submit(window: Window) -> str:
    return (await window.page.locator("main form button[type=submit]").first.inner_text()).strip()


async def _decide(window: Window, decision: str) -> None:
    await _send(window, f"[name=decision][value={decision}]")


async def _send(window: Window, button: str) -> None:
    async with window.page.expect_navigation():
        await window.page.locator(button).click()


_BIRD, _ALONE = "/portal/apps/{bird}", "/portal/apps/{alone}"
_TESTER = _BIRD + "/callback-tester"

PAGES = (
    Shown("welcome", "nobody", "/"),
    Shown("sign-in", "nobody", "/login"),
    Shown("sign-in-refused", "nobody", wrong_password, 401),
    Shown("sign-up", "nobody", "/signup"),
    Shown("sign-up-refused", "nobody", wrong_sign_up, 400),
    Shown("help", "nobody", "/help"),
    *(Shown(topic.path[1:].replace("/", "-"), "nobody", topic.path) for topic in TOPICS),
    Shown("not-found", "nobody", "/nothing/here", 404),
    Shown("consent-2-signed-out", "nobody", oauth2),
    Shown("consent-1-signed-out", "nobody", oauth1),
    Shown("consent-unlisted-callback", "nobody", unlisted, 400),
    Shown("consent-unknown-token", "nobody", "/oauth/authorize?oauth_token=unknown", 400),
    Shown("consent-2", "bob", oauth2),
    Shown("consent-2-every-scope", "bob", every_scope),
    Shown("consent-2-more", "ann", every_scope),
    Shown("consent-1", "bob", oauth1),
    Shown("consent-1-more", "ann", oauth1),
    Shown("consent-1-long-names", "bob", long_names),
    Shown("consent-choice", "both", oauth2),
    Shown("consent-pin", "ann", pin),
    Shown("consent-denied", "ann", denied),
    Shown("consent-gone", "ann", gone, 400),
    Shown("add-account", "ann", "/login?add=1"),
    Shown("settings", "ann", "/settings"),
    Shown("settings-account", "ann", "/settings/account"),
    Shown("settings-security", "ann", "/settings/security"),
    Shown("settings-password", "ann", "/settings/password"),
    Shown("settings-apps", "ann", "/settings/apps"),
    Shown("settings-apps-empty", "bob", "/settings/apps"),
    Shown("settings-app", "ann", "/settings/apps/{bird}"),
    Shown("settings-app-long-names", "ann", "/settings/apps/{long}"),
    Shown("settings-app-suspended", "ann", "/settings/apps/{bad}"),
    Shown("settings-app-revoke", "ann", "/settings/apps/{bird}/revoke"),
    Shown("settings-apps-revoke-all", "ann", "/settings/apps/revoke-all"),
    Shown("settings-sessions", "ann", "/settings/sessions"),
    Shown("portal-signed-up-not", "ann", "/portal"),
    Shown("portal-sign-up", "ann", "/portal/signup"),
    Shown("portal", "dev", "/portal"),
    Shown("portal-project-new", "dev", "/portal/projects/new"),
    Shown("portal-project", "dev", "/portal/projects/{bird_project}"),
    Shown("portal-project-delete", "dev", "/portal/projects/{bird_project}/delete"),
    Shown("portal-app-new", "dev", "/portal/apps/new"),
    Shown("portal-app-new-refused", "dev", wrong_new_app, 400),
    Shown("portal-app", "dev", _BIRD),
    Shown("portal-app-refused", "dev", wrong_app, 400),
    Shown("portal-app-standalone", "dev", _ALONE),
    Shown("portal-app-suspended", "dev", "/portal/apps/{bad}/keys"),
    Shown("portal-keys", "dev", _BIRD + "/keys"),
    Shown("portal-regenerate", "dev", _BIRD + "/keys/api-key/regenerate"),
    Shown("portal-revoke", "dev", _BIRD + "/keys/client-secret/revoke"),
    Shown("portal-shown-once", "dev", once),
    Shown("portal-authentication", "dev", _BIRD + "/authentication"),
    Shown("portal-tester", "dev", _TESTER),
    Shown("portal-tester-refused", "dev", _TESTER + "?url=http%3A%2F%2F127.0.0.1%3A9999%2Fcallback%2F"),
    Shown("portal-attach", "dev", _ALONE + "/attach"),
    Shown("portal-delete", "dev", _BIRD + "/delete"),
)
