"""The page itself: who asks, whom, for what, and where the answer goes."""

import msgspec
from starlette.responses import Response

from volary.access.levels import Level
from volary.accounts.queries import account_by_id
from volary.developers.models import AppRow
from volary.developers.queries import app_by_id, icon_versions
from volary.developers.rules.icons import icon_path
from volary.oauth.asking import Request
from volary.oauth.consent import buttons, sentences
from volary.oauth.consent.concerns import Concern, concerns
from volary.oauth.consent.destination import OUT_OF_BAND, Destination, destination, host_of
from volary.oauth.consent.limiting import Offer, offer, span_of
from volary.oauth.consent.names import plain
from volary.oauth.errors import PageRefusal
from volary.oauth.grants import live_grant
from volary.oauth.models import OAUTH1, GrantRow
from volary.sessions.actions.stepping import Asked
from volary.web import Form, SignedIn, Visit

TIPS = "/help/security"
"""The help page that says how to tell that one is on the real site (C096)."""

APPS = "/settings/apps"
"""*Apps and sessions*, where each connected app has a row that can be pointed at."""

FIRST, SAME, MORE = "first", "same", "more"
"""What a request is to somebody: new, nothing new, or more than before."""


class Person(msgspec.Struct, frozen=True):
    """An account that could be connected, and whether this app is connected to it already."""

    account: SignedIn
    connected: bool


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template says."""

    token: str
    app: AppRow
    name: str
    picture: str
    owner: str
    people: tuple[Person, ...]
    lists: sentences.Lists
    before: str
    how_long: str
    destination: Destination
    password: bool
    button: str
    action: str
    here: str
    base: str
    host: str
    again: bool
    step: Asked | None
    offer: Offer
    concerns: tuple[Concern, ...]
    settings: str
    tips: str = TIPS


async def show(
    visit: Visit,
    request: Request,
    token: str,
    *,
    form: Form | None = None,
    again: bool = False,
    step: Asked | None = None,
    status: int = 200,
) -> Response:
    """Render the page for a stored request. `again`: because the account in the browser changed (SR-137). `step`: the password was right,
    and the account asks for a second step (contradiction 9).

    Raises PageRefusal when the App is gone meanwhile.
    """
    app = await app_by_id(visit.db, request.app_id)
    if app is None:
        raise PageRefusal(why="the app was deleted while its request waited")
    grants = {account.account_id: await live_grant(visit.db, account.account_id, app.id) for account in visit.accounts}
    password = step is None and needs_password(visit, request)
    had = grants[visit.accounts[0].account_id] if len(visit.accounts) == 1 and not (password or step) else None
    owner = await account_by_id(visit.db, app.owner_id)
    lists = _lists(request, had)
    ask = Ask(
        token=token,
        app=app,
        name=plain(app.name),
        picture=visit.settings.path_prefix + icon_path(app.id, (await icon_versions(visit.db, [app.id])).get(app.id)),
        owner=owner.username if owner else "",
        people=tuple(Person(account, grants[account.account_id] is not None) for account in visit.accounts),
        lists=lists,
        before=_before(request, had, lists),
        how_long=sentences.how_long(request.protocol, request.scopes),
        destination=destination(request.target),
        password=password,
        button=buttons.label(visit.user_agent, signed_in=not password, sign_in_flow=request.sign_in),
        action=visit.request.scope["path"],
        here=request.here,
        base=visit.settings.public_url.rstrip("/"),
        host=host_of(app.website),
        again=again,
        step=step,
        offer=offer(visit, request),
        concerns=await concerns(visit.db, app, request),
        settings=f"{APPS}#app-{app.id}" if any(grants.values()) else APPS,
    )
    if request.target != OUT_OF_BAND:
        visit.allow_form_target(request.target)
    return visit.render("oauth/consent.html", status, ask=ask, form=form or _form(visit, request, had))


def needs_password(visit: Visit, request: Request) -> bool:
    """Whether the person must prove who they are on the page itself: nobody is signed in, or the app wants it (`force_login`)."""
    return not visit.accounts or request.force_login


def covered(request: Request, grant: GrantRow | None) -> bool:
    """Whether an OAuth 1.0a request asks for nothing that the grant does not hold already (SR-065)."""
    if grant is None or grant.level is None:
        return False
    enough = Level.from_wire(grant.level) >= Level.from_wire(request.level)
    return enough and bool(grant.email or not request.email)


def _lists(request: Request, had: GrantRow | None) -> sentences.Lists:
    if request.protocol != OAUTH1:
        return sentences.of_scopes(request.scopes, had.scopes.split() if had and had.scopes else None)
    before = Level.from_wire(had.level) if had and had.level else None
    return sentences.of_level(
        Level.from_wire(request.level), email=request.email, had=before, had_email=bool(had and had.email)
    )


def _before(request: Request, had: GrantRow | None, lists: sentences.Lists) -> str:
    if had is None or not (had.level if request.protocol == OAUTH1 else had.scopes):
        return FIRST
    return MORE if any(line.new for line in (*lists.able, *lists.view, *lists.do)) else SAME


def _form(visit: Visit, request: Request, had: GrantRow | None) -> Form:
    known = visit.current.username if visit.current else ""
    return Form(visit, {"login": request.screen_name or known, "lasting": span_of(had)})
