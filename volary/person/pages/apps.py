"""*Apps and sessions*: the apps that are connected to an account, what each may do, and revoking it (C001, C014-C019)."""

import msgspec

from volary.accounts.queries import account_by_id
from volary.developers.queries import app_by_id
from volary.developers.rules.icons import icon_path
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.oauth.connected import ConnectedApp, connected_app, connected_apps, connected_devices
from volary.oauth.consent.destination import host_of
from volary.oauth.consent.names import plain
from volary.oauth.consent.sentences import Line, Lists, in_short, of_grant
from volary.oauth.revoking import revoke, revoke_all, revoke_each
from volary.person.pages.sessions import shown_sessions
from volary.person.rules.uses import last_used, unused
from volary.web import Form, Response, Visit, page

APPS = "/settings/apps"

REVOKED = _("%(app)s is no longer connected to your account. It lost its access at once.")
REVOKED_ONE = _("1 app is no longer connected to your account.")
REVOKED_SEVERAL = _("%(number)s apps are no longer connected to your account.")
NONE_CHOSEN = _("No app was selected, so nothing was changed.")
REVOKED_ALL = _("No app is connected to your account any more.")
NOT_CONNECTED = _("This app is not connected to your account, or not any more.")


class Shown(msgspec.Struct, frozen=True):
    """A connected app as the pages show it."""

    app: ConnectedApp
    name: str
    picture: str
    host: str
    lists: Lists
    brief: tuple[Line, ...]
    used: str
    asks_for_more: bool
    unused: bool


@page("GET", APPS, signed_in=True)
async def apps_and_sessions(visit: Visit) -> Response:
    """Every connected app with its permissions, the newest first or as asked for; below them every session."""
    every = [_shown(visit, app) for app in await connected_apps(visit.db, visit.me.account_id)]
    order = visit.query.get("sort", "")
    only = visit.query.get("only", "") == "unused"
    apps = [shown for shown in _in_order(every, order) if shown.unused or not only]
    return visit.render(
        "person/apps.html",
        apps=apps,
        number=len(every),
        unused=sum(shown.unused for shown in every),
        form=Form(visit, {"sort": order, "only": "unused" if only else ""}),
        sessions=await shown_sessions(visit),
    )


@page("GET", "/settings/apps-and-sessions", signed_in=True)
async def by_its_name(visit: Visit) -> Response:
    """The same under the name that people are told."""
    return visit.redirect(APPS)


@page("GET", APPS + "/{app_id}", signed_in=True)
async def one_app(visit: Visit) -> Response:
    """An app's own page: all that is known about it, and *Revoke access* as its last control (C018)."""
    shown = await named(visit)
    registered = await app_by_id(visit.db, shown.app.app_id)
    owner = await account_by_id(visit.db, registered.owner_id) if registered else None
    devices = await connected_devices(visit.db, visit.me.account_id, shown.app.app_id)
    return visit.render("person/app.html", shown=shown, owner=owner.username if owner else "", devices=devices)


@page("GET", APPS + "/{app_id}/revoke", signed_in=True)
async def ask_about_one(visit: Visit) -> Response:
    """*Revoke app permissions* (C127): what it means, and the button."""
    return visit.render("person/revoke.html", shown=await named(visit))


@page("POST", APPS + "/{app_id}/revoke", signed_in=True, always=True)
async def revoke_one(visit: Visit) -> Response:
    """Disconnect an app: every token of it for this account is dead from the next request on (C019)."""
    shown = await named(visit)
    await visit.db.write(revoke, visit.me.account_id, app_id=shown.app.app_id, address=visit.address)
    return visit.redirect(APPS, notice=REVOKED, app=shown.name)


@page("GET", APPS + "/revoke-all", signed_in=True)
async def ask_about_all(visit: Visit) -> Response:
    """What disconnecting every app means, and the button (ecosystem A6)."""
    apps = [_shown(visit, app) for app in await connected_apps(visit.db, visit.me.account_id)]
    return visit.render("person/revoke_all.html", apps=apps)


@page("POST", APPS + "/revoke-all", signed_in=True, always=True)
async def revoke_every_one(visit: Visit) -> Response:
    """Disconnect every app, for instance after a password was given away (C097)."""
    await visit.db.write(revoke_all, visit.me.account_id, address=visit.address)
    return visit.redirect(APPS, notice=REVOKED_ALL)


@page("POST", APPS + "/revoke-several", signed_in=True, always=True)
async def revoke_several(visit: Visit) -> Response:
    """Disconnect the apps that are ticked in the list, all in one action."""
    chosen = [app_id for name in visit.form if name.startswith("app-") and (app_id := id_in(name[4:])) is not None]
    number = await visit.db.write(revoke_each, visit.me.account_id, chosen, address=visit.address)
    if not number:
        return visit.redirect(APPS, notice=NONE_CHOSEN)
    return visit.redirect(APPS, notice=REVOKED_ONE if number == 1 else REVOKED_SEVERAL, number=number)


def _in_order(apps: list[Shown], order: str) -> list[Shown]:
    """The newest first, unless it is asked for by name or by use, the longest unused first."""
    if order == "name":
        return sorted(apps, key=lambda shown: shown.name.casefold())
    if order == "used":
        return sorted(apps, key=lambda shown: shown.app.last_used_at or 0)
    return apps


async def named(visit: Visit) -> Shown:
    """The connected app that the path names. Raises NotFound for one that is not this account's, and for what is no number."""
    app_id = id_in(visit.path["app_id"])
    found = None if app_id is None else await connected_app(visit.db, visit.me.account_id, app_id)
    if found is None:
        raise NotFound(NOT_CONNECTED)
    return _shown(visit, found)


def _shown(visit: Visit, app: ConnectedApp) -> Shown:
    email = bool(app.email) and app.effective_email
    level = app.effective_level
    return Shown(
        app=app,
        name=plain(app.name),
        picture=visit.settings.path_prefix + icon_path(app.app_id, app.icon_version),
        host=host_of(app.website),
        lists=of_grant(level, app.effective_scopes, email=email),
        brief=in_short(level, app.effective_scopes, email=email),
        used=last_used(app.last_used_at, visit.db.now),
        asks_for_more=level is not None and level.wire != app.oauth1_level,
        unused=unused(app.last_used_at, app.created_at, visit.db.now),
    )
