"""Every page of the product with something on it, and how to get there."""

from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import Any, NamedTuple
from urllib.parse import quote

from playwright.async_api import FilePayload
from sqlalchemy import bindparam, update

from tests.browser.acting import APP_PAGES, act
from tests.browser.calls import LONG_URL, SOME, make_calls
from tests.browser.conftest import Stage
from tests.browser.console import CONSOLE, appoint
from tests.browser.own_data import OWN, leave, wait_for_data
from tests.browser.security import SECURITY
from tests.browser.social import SOCIAL, make_polls, make_posts, make_spaces
from tests.browser.window import Window
from tests.flows.app import App
from tests.flows.making import Person, new_app
from tests.media.samples import picture
from volary.access.caller import in_person
from volary.access.levels import Level
from volary.access.scopes import SCOPES
from volary.accounts.actions import change_email, update_profile
from volary.accounts.rules.profiles import Profile
from volary.db import Database, Tx, statement
from volary.developers.actions import (
    accept_invitation,
    create_app,
    invite,
    own_team,
    refuse_developer,
    rename_team,
    rotate_api_key,
    set_tier,
    sign_up,
    suspend_app,
)
from volary.developers.actions.values import NewApp
from volary.developers.queries import invitations_to
from volary.developers.rules.settings import Authentication, Details
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.graph.actions.mutes import mute
from volary.help.pages.articles import TOPICS
from volary.kit.clock import DAY
from volary.messages.actions.reach import block_messages
from volary.portal.actions import remove_app
from volary.sessions.models import sessions


class Gallery(NamedTuple):
    """Who and what is on the pages. Ann has connected apps, Bob has not; Dev has Projects and Apps of every kind, Eve has none yet; Fred
    has a long name, and entered his password long ago. Gwen is a developer in Dev's team, to which Fred is invited; Hal and Ida want to be
    developers: one waits, the other was refused.
    """

    stage: Stage
    ann: Person
    bob: Person
    dev: Person
    eve: Person
    fred: Person
    gwen: Person
    hal: Person
    ida: Person
    oda: Person
    made: dict[str, NewApp]
    apps: dict[str, App]
    polls: dict[str, int]
    spaces: dict[str, str]
    team: dict[str, int]

    def people(self, who: str) -> list[Person]:
        one = {name: getattr(self, name) for name in ("ann", "bob", "dev", "eve", "fred", "gwen", "hal", "ida", "oda")}
        return [one[who]] if who in one else [self.bob, self.ann] if who == "both" else []

    def numbers(self) -> dict[str, int | str | None]:
        """What paths are made of: the id of each App by its key, of its Project, of posts and Spaces, and names of people."""
        projects = {f"{name}_project": made.app.project_id for name, made in self.made.items()}
        names = {f"{one.username[:3]}_name": one.username for one in (self.ann, self.bob, self.dev, self.eve)}
        apps = {name: made.app.id for name, made in self.made.items()}
        return apps | projects | names | self.polls | self.spaces | self.team


Reach = Callable[[Gallery, Window], Awaitable[None]]


class Shown(NamedTuple):
    """A page: its name, who looks at it, its path or the way there, and the status that is right."""

    name: str
    who: str
    way: str | Reach
    status: int = 200

    async def reach(self, gallery: Gallery, window: Window) -> None:
        if isinstance(self.way, str):
            await window.open(self.way.format(**gallery.numbers()))
        else:
            await self.way(gallery, window)
        assert window.status == self.status, window.page.url


async def make_apps(db: Database, dev: Person, base: str, callback: str) -> tuple[dict[str, NewApp], dict[str, App]]:
    """Dev's Apps: one that may ask for everything, a native one, one with long texts, a suspended and a standalone one."""
    await db.write(sign_up, dev.id, agreed=True, use_case="Birds")
    await db.write(set_tier, (await db.write(own_team, dev.id)).id, "elevated")
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
            "website": f"https://www.{'hauptbetriebswerk' * 3}.{'elektrizitaeten' * 4}.example/{'fahrplan/' * 12}",
            "callbacks": (callback, LONG_URL),
        },
        "bad": {"name": "Free Followers"},
        "dead": {"name": "Quiet Bot", "oauth2": False, "type": None},
    }
    for key, order in orders.items():
        made[key], apps[key] = await new_app(db, dev.id, base, callback, **order)
    alone = Details(name="Loose Screw", callbacks=(callback, "http://sensor.example/cb"))
    made["alone"] = await db.write(create_app, dev.id, alone, Authentication(), project_id=None)
    return made, apps


async def make_team(db: Database, gallery: dict[str, Person], made: dict[str, NewApp]) -> dict[str, int]:
    """Dev's team: Gwen is in it, Fred is invited; a key overlaps with the one before, and an App was deleted."""
    dev, gwen, fred = gallery["dev"], gallery["gwen"], gallery["fred"]
    team = await db.write(own_team, dev.id)
    await db.write(rename_team, dev.id, team.id, "Donaudampfschifffahrtsgesellschaft Nachtschwalben")
    await db.write(invite, dev.id, team.id, gwen.username, "developer")
    [invitation] = await invitations_to(db, gwen.id)
    await db.write(accept_invitation, gwen.id, invitation.id)
    await db.write(invite, dev.id, team.id, fred.username, "administrator")
    [invitation] = await invitations_to(db, fred.id)
    await db.write(rotate_api_key, dev.id, made["small"].app.id, overlap=30 * DAY)
    gone = await db.write(create_app, dev.id, Details(name="Früher einmal"), Authentication())
    await db.write(remove_app, dev.id, gone.app.id)
    told = "A bot that posts the water level of our river each morning, and answers whoever asks it for last year's."
    for name in ("hal", "ida"):
        await db.write(sign_up, gallery[name].id, agreed=True, use_case=told, by_operator=True)
    await db.write(refuse_developer, gallery["ida"].id, reason="Which river is it? Please tell us, and ask again.")
    return {"team": team.id, "gwen": gwen.id, "invitation": invitation.id, "gone": gone.app.id}


async def furnish(stage: Stage) -> Gallery:
    """Make everybody and everything, and let Ann connect what she has connected."""
    ann, bob = await stage.person("Ann Ameland"), await stage.person("Bob Bakker")
    dev, eve = await stage.person("Dev Devrient"), await stage.person("Eve Eberhard")
    fred = await stage.person("Friedrichwilhelmhohenzollernsigmaringenvonundzubad")
    gwen, hal, ida, oda = [await stage.person(name) for name in ("Gwen Gast", "Hal Haas", "Ida Immer", "Oda Ott")]
    made, apps = await stage.beside(make_apps, dev, stage.base, stage.sink.callback)
    browser = stage.server.browser()
    browser.open(f"{stage.base}/login")
    browser.press("Sign in", username=ann.username, password=ann.password)
    for name in ("bird", "small", "long", "bad"):
        browser.open(apps[name].asking(SOME if name == "bird" else "tweet.read users.read"))
        browser.press("Authorize app")
        apps[name].connected(browser.url)
    browser.open(apps["dead"].asking1())
    browser.press("Authorize app")  # and the app never comes for its token
    browser.open(apps["bird"].asking1(x_auth_access_type="read"))
    browser.press("Authorize app")
    apps["bird"].connected1(browser.url)

    async def suspend(db: Database) -> None:
        await db.write(suspend_app, made["bad"].app.id, reason="It followed people who had not asked for it.")

    async def know(db: Database) -> None:
        ann_calls = in_person(ann.id, ann.username)
        await db.write(update_profile, ann.id, Profile(name="Ann Ameland", protected=1))
        for person in (eve, fred):
            asks = in_person(person.id, person.username)
            for followed in (ann, bob):
                await db.write(follow, asks, followed.id)
        await db.write(block, ann_calls, bob.id)
        await db.write(mute, ann_calls, fred.id)
        await db.write(change_email, fred.id, f"{'von.und.zu.' * 5}fred@{'hohenzollern-' * 4}sigmaringen.example")
        await db.write(block_messages, ann_calls, bob.id)

    async def agree(db: Database) -> None:
        for person in (eve, fred):
            await db.write(sign_up, person.id, agreed=True, use_case="")

    await stage.beside(suspend)
    await stage.beside(appoint, oda.id)
    await stage.beside(agree)
    await stage.beside(know)
    spaces = await stage.beside(make_spaces, dev, eve)
    asked = await stage.beside(make_polls, dev, ann) | await stage.beside(make_posts, dev, eve, made["bird"].app.id)
    await stage.beside(make_calls, made["bird"], ann)
    await stage.beside(act, made["bird"].app.id, made["small"].app.id, ann, dev)
    in_team = {"dev": dev, "gwen": gwen, "fred": fred, "hal": hal, "ida": ida}
    team = await stage.beside(make_team, in_team, made)
    await stage.beside(wait_for_data, {"dev": dev, "fred": fred, "gwen": gwen, "hal": hal})
    return Gallery(stage, ann, bob, dev, eve, fred, gwen, hal, ida, oda, made, apps, asked, spaces, team)


# --- ways that are longer than an address ---


async def wrong_password(gallery: Gallery, window: Window) -> None:
    await window.open("/login")
    await window.sign_in("nobody_here", "not this", await _submit(window))


async def wrong_sign_up(gallery: Gallery, window: Window) -> None:
    await window.open("/signup")
    await window.run("document.querySelector('main form').noValidate = true")
    await window.type(username="not a name", email="nor an address", password="password")
    await window.press(await _submit(window))


async def come_back(gallery: Gallery, window: Window) -> None:
    jan = await gallery.stage.person("Jan Jansen")
    await gallery.stage.beside(leave, jan.id)
    await window.open("/login")
    await window.sign_in(jan.username, jan.password, await _submit(window))


async def oauth2(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["bird"].asking(SOME))


async def every_scope(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["bird"].asking(" ".join(SCOPES)))


async def optional_scopes(gallery: Gallery, window: Window) -> None:
    """Some scopes can be unticked, and what can be limited besides is unfolded."""
    await window.open(gallery.apps["bird"].asking(SOME, optional_scope="like.write follows.read offline.access"))
    await window.page.locator("form#consent details").evaluate("one => { one.open = true; }")


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


async def mistaken(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.apps["bird"].asking().replace("response_type=code", "response_type=token"))


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


async def tried(gallery: Gallery, window: Window) -> None:
    await window.open(f"/portal/apps/{gallery.made['bird'].app.id}/try/get_2_users_by_username_username")
    await window.page.locator('main [name="way"][value="app"]').check()
    await window.type(p_username=gallery.fred.username)
    await _send(window, "main form:has([name=way]) button[type=submit]")
    assert await window.page.locator("#answer-body").count()


def refused(path: str, **texts: str) -> Reach:
    """Send the form of a page with what cannot be right."""

    async def way(gallery: Gallery, window: Window) -> None:
        await window.open(path.format(**gallery.numbers()))
        await window.run("for (const form of document.forms) form.noValidate = true")
        for name, text in texts.items():
            field = window.page.locator(f'main [name="{name}"]')
            if await field.first.get_attribute("type") in {"checkbox", "radio"}:
                await window.page.locator(f'main [name="{name}"][value="{text}"]').set_checked(True)
            else:
                await field.fill(text)
        within = f"main form:has([name={next(iter(texts))}])" if texts else "main form"
        await _send(window, f"{within} button[type=submit]")

    return way


async def leaving_refused(gallery: Gallery, window: Window) -> None:
    await window.open("/portal/teams/{team}/leave".format(**gallery.numbers()))
    await _send(window, "main form button[type=submit]")


async def new_app_made(gallery: Gallery, window: Window) -> None:
    await window.open("/portal/apps/new?project=standalone")
    await window.type(name=f"App {token_hex(4)}")
    await _send(window, "main form button[type=submit]")


_LONG_AGO = statement(update(sessions).where(sessions.c.account_id == bindparam("account_id")).values(proved_at=1))


async def proof(gallery: Gallery, window: Window) -> None:
    async def age(db: Database) -> None:
        async def aged(tx: Tx) -> int:
            return await tx.run(_LONG_AGO, account_id=gallery.fred.id)

        assert await db.write(aged)

    await gallery.stage.beside(age)
    await window.open("/portal/apps/new?project=standalone")
    await window.type(name="Frame")
    await _send(window, "main form button[type=submit]")


async def form_expired(gallery: Gallery, window: Window) -> None:
    await window.open("/login")
    await window.run("document.querySelector('main form [name=csrf]').value = 'old'")
    await window.sign_in("ann", "x", await _submit(window))


async def cookies_off(gallery: Gallery, window: Window) -> None:
    await window.open("/login")
    await window.context.clear_cookies(name="visit")
    language = next((one["value"] for one in await window.context.cookies() if one["name"] == "language"), "en")
    await window.context.clear_cookies()
    await window.run("document.querySelector('main form').action = '/login'")
    await window.sign_in("ann", "x", await _submit(window))
    await window.choose_language(language)


async def from_elsewhere(gallery: Gallery, window: Window) -> None:
    await window.open(gallery.stage.sink.callback)
    async with window.page.expect_navigation(url=f"{window.base}/login"):
        await window.run(
            """(to) => { const form = document.createElement("form"); form.method = "post"; form.action = to;
            document.body.append(form); form.submit(); }""",
            f"{window.base}/login",
        )


async def chosen_pictures(gallery: Gallery, window: Window) -> None:
    """The page of pictures with both of them, which one sends first."""
    for which in ("picture", "banner"):
        await window.open("/settings/pictures")
        file: FilePayload = {"name": "birds.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", 900, 400)}
        await window.page.locator(f"main [name={which}]").set_input_files(file)
        await _send(window, f"main form:has([name={which}]) button[type=submit]")


async def too_large(gallery: Gallery, window: Window) -> None:
    await window.open("/login")
    await window.run("document.querySelector('main form [name=login]').value = 'x'.repeat(200000)")
    await window.run("document.querySelector('main form').noValidate = true")
    await _send(window, "main form:has([name=login]) button[type=submit]")


async def _submit(window: Window) -> str:
    return (await window.page.locator("main form button[type=submit]").first.inner_text()).strip()


async def _decide(window: Window, decision: str) -> None:
    await _send(window, f"[name=decision][value={decision}]")


async def _send(window: Window, button: str) -> None:
    async with window.page.expect_navigation():
        await window.page.locator(button).click()


_LONG = "/portal/apps/{long}"
_BIRD, _ALONE = "/portal/apps/{bird}", "/portal/apps/{alone}"
_TESTER = _BIRD + "/callback-tester"
_TEAM = "/portal/teams/{team}"

PAGES = (
    Shown("welcome", "nobody", "/"),
    Shown("sign-in", "nobody", "/login"),
    Shown("sign-in-refused", "nobody", wrong_password, 401),
    Shown("sign-up", "nobody", "/signup"),
    Shown("sign-up-refused", "nobody", wrong_sign_up, 400),
    Shown("help", "nobody", "/help"),
    *(Shown(topic.path[1:].replace("/", "-"), "nobody", topic.path) for topic in TOPICS),
    Shown("help-api", "nobody", "/help/api"),
    Shown("help-api-nothing", "nobody", "/help/api?q=quinquireme"),
    Shown("help-api-operation", "nobody", "/help/api/get_2_tweets_search_recent"),
    Shown("help-api-operation-write", "dev", "/help/api/post_2_tweets"),
    Shown("help-api-operation-old", "ann", "/help/api/post_1_1_statuses_update_json"),
    Shown("not-found", "nobody", "/nothing/here", 404),
    Shown("not-yours", "bob", "/settings/apps/{bird}", 404),
    Shown("wrong-method", "nobody", "/language", 405),
    Shown("form-expired", "nobody", form_expired, 403),
    Shown("form-from-elsewhere", "nobody", from_elsewhere, 403),
    Shown("cookies-off", "nobody", cookies_off, 403),
    Shown("too-large", "nobody", too_large, 413),
    Shown("consent-2-signed-out", "nobody", oauth2),
    Shown("consent-1-signed-out", "nobody", oauth1),
    Shown("consent-unlisted-callback", "nobody", unlisted, 400),
    Shown("consent-mistaken", "nobody", mistaken, 400),
    Shown("consent-unknown-token", "nobody", "/oauth/authorize?oauth_token=unknown", 400),
    Shown("consent-2", "bob", oauth2),
    Shown("consent-2-every-scope", "bob", every_scope),
    Shown("consent-2-optional", "bob", optional_scopes),
    Shown("consent-2-more", "ann", every_scope),
    Shown("consent-1", "bob", oauth1),
    Shown("consent-1-more", "ann", oauth1),
    Shown("consent-1-long-names", "bob", long_names),
    Shown("consent-long-person", "fred", oauth2),
    Shown("settings-long-person", "fred", "/settings/account"),
    Shown("consent-choice", "both", oauth2),
    Shown("consent-pin", "ann", pin),
    Shown("consent-denied", "ann", denied),
    Shown("consent-gone", "ann", gone, 400),
    Shown("add-account", "ann", "/login?add=1"),
    Shown("settings", "ann", "/settings"),
    Shown("confirm-email", "fred", "/settings/account/email?token=as-in-the-letter"),
    Shown("confirm-email-nothing", "ann", "/settings/account/email?token=as-in-the-letter"),
    Shown("settings-account", "ann", "/settings/account"),
    Shown(
        "settings-managing-refused", "bob", refused("/settings/account/automation/managing", manager="x", code="y"), 400
    ),
    Shown("settings-data-refused", "bob", refused("/settings/data", current_password="y"), 400),
    Shown("settings-deactivate-refused", "bob", refused("/settings/data/deactivate", current_password="y"), 400),
    Shown("come-back", "", come_back),
    Shown("settings-account-refused", "ann", refused("/settings/account", name="", website="nothing"), 400),
    Shown("settings-password-refused", "ann", refused("/settings/password", current_password="x", password="y"), 400),
    Shown("settings-security", "ann", "/settings/security"),
    *(Shown(*row) for row in SECURITY),
    Shown("settings-password", "ann", "/settings/password"),
    Shown("settings-apps", "ann", "/settings/apps"),
    Shown("settings-apps-empty", "bob", "/settings/apps"),
    Shown("settings-app", "ann", "/settings/apps/{bird}"),
    Shown("settings-app-long-names", "ann", "/settings/apps/{long}"),
    Shown("settings-app-suspended", "ann", "/settings/apps/{bad}"),
    Shown("settings-app-signed-out", "ann", "/settings/apps/{dead}"),
    Shown("settings-app-revoke", "ann", "/settings/apps/{bird}/revoke"),
    Shown("settings-apps-revoke-all", "ann", "/settings/apps/revoke-all"),
    Shown("settings-sessions", "ann", "/settings/sessions"),
    Shown("settings-follow-requests", "ann", "/settings/follow-requests"),
    Shown("settings-follow-requests-empty", "bob", "/settings/follow-requests"),
    Shown("settings-followers", "bob", "/settings/followers"),
    Shown("settings-blocked", "ann", "/settings/blocked"),
    Shown("settings-muted", "ann", "/settings/muted"),
    Shown("settings-messages", "ann", "/settings/messages"),
    Shown("settings-messages-blocked", "ann", "/settings/messages/blocked"),
    Shown("settings-messages-blocked-empty", "bob", "/settings/messages/blocked"),
    Shown("settings-pictures", "ann", "/settings/pictures"),
    Shown("settings-pictures-chosen", "bob", chosen_pictures),
    Shown("spaces", "dev", "/spaces"),
    Shown("spaces-refused", "dev", refused("/spaces", title=""), 400),
    Shown("space-announced", "dev", "/spaces/{announced}"),
    Shown("space-live", "ann", "/spaces/{live}"),
    *(Shown(*row) for row in (*CONSOLE, *OWN, *SOCIAL, *APP_PAGES)),
    Shown("portal-signed-up-not", "ann", "/portal"),
    Shown("portal-sign-up", "ann", "/portal/signup"),
    Shown("portal-sign-up-refused", "ann", refused("/portal/signup", use_case="Birds"), 400),
    Shown("portal-try-choose", "dev", "/portal/try/get_2_users_me"),
    Shown("portal-try-choose-none", "bob", "/portal/try/get_2_users_me"),
    Shown("portal-try", "dev", _BIRD + "/try/get_2_tweets_search_recent"),
    Shown("portal-try-write-refused", "dev", refused(_BIRD + "/try/post_2_tweets", way="me"), 400),
    Shown("portal-try-file", "dev", _BIRD + "/try/post_2_media_upload"),
    Shown("portal-try-answer", "dev", tried),
    Shown("portal-empty", "eve", "/portal"),
    Shown("portal", "dev", "/portal"),
    Shown("portal-project-new-refused", "dev", refused("/portal/projects/new", name=""), 400),
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
    Shown("portal-proof", "fred", proof, 403),
    Shown("portal-shown-once-new", "eve", new_app_made),
    Shown("portal-authentication-refused", "dev", refused(_ALONE + "/authentication", oauth2="1", email="1"), 400),
    Shown("portal-authentication", "dev", _BIRD + "/authentication"),
    Shown("portal-tester", "dev", _TESTER),
    Shown("portal-tester-refused", "dev", _TESTER + "?url=http%3A%2F%2F127.0.0.1%3A9999%2Fcallback%2F"),
    Shown("portal-app-long", "dev", _LONG),
    Shown("portal-tester-long", "dev", f"{_LONG}/callback-tester?url={quote(LONG_URL + '/', safe='')}"),
    Shown("portal-usage", "dev", _BIRD + "/usage"),
    Shown("portal-usage-empty", "dev", _ALONE + "/usage?days=90"),
    Shown("portal-log", "dev", _BIRD + "/log"),
    Shown("portal-log-strangers", "dev", _BIRD + "/log?who=strangers"),
    Shown("portal-log-empty", "dev", _ALONE + "/log"),
    Shown("portal-attach", "dev", _ALONE + "/attach"),
    Shown("poll", "bob", "/posts/{poll}/poll"),
    Shown("poll-refused", "bob", refused("/posts/{poll}/poll"), 400),
    Shown("poll-voted", "ann", "/posts/{poll}/poll"),
    Shown("poll-signed-out", "nobody", "/posts/{poll}/poll"),
    Shown("poll-ended", "bob", "/posts/{ended}/poll"),
    Shown("portal-delete", "dev", _BIRD + "/delete"),
    Shown("portal-undelete", "dev", "/portal/apps/{gone}/undelete"),
    Shown("portal-undelete-refused", "dev", refused("/portal/apps/{gone}/undelete", name="Nightjar"), 409),
    Shown("portal-move", "dev", _BIRD + "/attach"),
    Shown("portal-owner", "dev", _BIRD + "/owner"),
    Shown("portal-keys-two", "dev", "/portal/apps/{small}/keys"),
    Shown("portal-revoke-one-of-two", "dev", "/portal/apps/{small}/keys/api-key/revoke"),
    Shown("portal-team", "dev", _TEAM),
    Shown("portal-team-refused", "dev", refused(_TEAM, username="nobody_here", role="developer"), 404),
    Shown("portal-team-rename-refused", "dev", refused(_TEAM, name=""), 400),
    Shown("portal-member", "dev", _TEAM + "/members/{gwen}"),
    Shown("portal-history", "dev", _TEAM + "/history"),
    Shown("portal-tier", "dev", _TEAM + "/tier"),
    Shown("portal-tier-refused", "dev", refused(_TEAM + "/tier", why=""), 400),
    Shown("portal-leave", "gwen", _TEAM + "/leave"),
    Shown("portal-leave-refused", "dev", leaving_refused, 409),
    Shown("portal-invited", "fred", "/portal"),
    Shown("portal-invitation", "fred", "/portal/invitations/{invitation}"),
    Shown("portal-developer", "gwen", "/portal"),
    Shown("portal-developer-team", "gwen", _TEAM),
    Shown("portal-developer-app", "gwen", _BIRD),
    Shown("portal-developer-keys", "gwen", _BIRD + "/keys"),
    Shown("portal-developer-authentication", "gwen", _BIRD + "/authentication"),
    Shown("portal-developer-project", "gwen", "/portal/projects/{bird_project}"),
    Shown("portal-developer-not-allowed", "gwen", _BIRD + "/delete", 403),
    Shown("portal-waiting", "hal", "/portal"),
    Shown("portal-sign-up-waiting", "hal", "/portal/signup"),
    Shown("portal-refused", "ida", "/portal"),
    Shown("portal-sign-up-refused-by-operator", "ida", "/portal/signup"),
    Shown("portal-delete-refused", "dev", refused(_BIRD + "/delete", typed="Nightingale"), 400),
)
