"""*Keys and tokens*: each credential with its hint and dates, renewed or revoked on a page of its own that says who is affected."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec

from volary.access.levels import Level
from volary.developers import actions
from volary.developers.models import API_KEY, BEARER, CLIENT_SECRET, CredentialRow
from volary.developers.queries import credentials_of_app, held_credentials
from volary.developers.rules.credentials import OVERLAPS
from volary.developers.rules.roles import Act
from volary.developers.rules.settings import LEVELS
from volary.kit.errors import Invalid, NotFound
from volary.language import mark as _
from volary.oauth.oauth1.tokens import own_token
from volary.portal.actions import make_own_token_of, revoke_own_token_of
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import Shown, app_of, framed, shown_once
from volary.web import Form, Response, Visit, page

_C = TypeVar("_C", bound=CredentialRow)
_HERE = "/portal/apps/{app_id}/keys"
_ONE = _HERE + "/{kind}"


class Kind(msgspec.Struct, frozen=True):
    """A kind of credential on this page, in catalogue sentences."""

    path: str
    title: str
    stored: str | None
    """The kind of its rows; None for the owner's access token, which stands with people's tokens."""
    renew: Callable[[Visit, int, int], Awaitable[list[Shown]]]
    revoke: Callable[[Visit, int], Awaitable[None]]
    renewing: str
    """What renewing does to what is in use."""
    revoking: str
    """What revoking does."""
    overlaps: bool = True
    renewer: Act = Act.RENEW_CREDENTIALS
    """What somebody has to be allowed to renew it."""


async def _new_key(visit: Visit, app_id: int, overlap: int) -> list[Shown]:
    pair = await visit.db.write(actions.rotate_api_key, visit.me.account_id, app_id, overlap=overlap)
    return [Shown(_("API Key"), pair.key), Shown(_("API Key Secret"), pair.secret)]


async def _new_bearer(visit: Visit, app_id: int, overlap: int) -> list[Shown]:
    token = await visit.db.write(actions.rotate_bearer, visit.me.account_id, app_id, overlap=overlap)
    return [Shown(_("App Access Token"), token)]


async def _new_own_token(visit: Visit, app_id: int, overlap: int) -> list[Shown]:
    pair = await visit.db.write(make_own_token_of, visit.me.account_id, app_id)
    return [Shown(_("Access Token"), pair.token), Shown(_("Access Token Secret"), pair.secret)]


async def _new_client_secret(visit: Visit, app_id: int, overlap: int) -> list[Shown]:
    secret = await visit.db.write(actions.rotate_client_secret, visit.me.account_id, app_id, overlap=overlap)
    return [Shown(_("Client Secret"), secret)]


async def _end_key(visit: Visit, app_id: int) -> None:
    await visit.db.write(actions.revoke_api_keys, visit.me.account_id, app_id)


async def _end_bearer(visit: Visit, app_id: int) -> None:
    await visit.db.write(actions.revoke_bearer, visit.me.account_id, app_id)


async def _end_own_token(visit: Visit, app_id: int) -> None:
    await visit.db.write(revoke_own_token_of, visit.me.account_id, app_id)


async def _end_client_secret(visit: Visit, app_id: int) -> None:
    await visit.db.write(actions.revoke_client_secrets, visit.me.account_id, app_id)


KINDS = (
    Kind(
        "api-key",
        _("API Key (Consumer Key) and API Secret (Consumer Secret)"),
        API_KEY,
        _new_key,
        _end_key,
        _(
            "Requests that are signed with the old API Key are refused once it ends. "
            "What people allowed the App stays, and works with the new API Key."
        ),
        _(
            "Every request that is signed with the API Key is refused from now on. "
            "What people allowed the App stays, and works again with a new API Key."
        ),
    ),
    Kind(
        "app-access-token",
        _("App Access Token"),
        BEARER,
        _new_bearer,
        _end_bearer,
        _("Requests with the old App Access Token are refused once it ends."),
        _("Every request with the App Access Token is refused from now on."),
    ),
    Kind(
        "access-token",
        _("User Access Token and Access Token Secret"),
        None,
        _new_own_token,
        _end_own_token,
        _("The old Access Token ends at once. The new one has the App's present permission level."),
        _("Every request with your own Access Token is refused from now on. Other people's tokens stay."),
        overlaps=False,
        renewer=Act.OWN_TOKEN,
    ),
    Kind(
        "client-secret",
        _("Client ID and Client Secret"),
        CLIENT_SECRET,
        _new_client_secret,
        _end_client_secret,
        _(
            "The App cannot get or refresh tokens with the old Client Secret once it ends. The Client ID stays the same."
        ),
        _("The App cannot get or refresh tokens until it has a new Client Secret. The Client ID stays the same."),
    ),
)
_BY_PATH = {kind.path: kind for kind in KINDS}
_OVERLAPS = [
    ("now", _("Now")),
    ("hour", _("In one hour")),
    ("day", _("In 24 hours")),
    ("week", _("In 7 days")),
    ("month", _("In 30 days")),
]
ALL = "all"
"""What the form of revoking says for every credential of a kind."""


@page("GET", _HERE, signed_in=True)
async def keys(visit: Visit) -> Response:
    """Hints and dates; no secret is ever shown here (C185, C186)."""
    app = await app_of(visit)
    rows = await credentials_of_app(visit.db, app.id)
    own = await own_token(visit.db, app)
    return await framed(
        visit,
        "portal/keys.html",
        app,
        kinds={kind.path: kind for kind in KINDS},
        rows={kind.path: _of_kind(rows, kind) for kind in KINDS},
        own=own,
        own_level=LEVELS[Level.from_wire(own.level)] if own else None,
    )


@page("GET", _ONE + "/regenerate", signed_in=True)
async def ask_before_renewing(visit: Visit) -> Response:
    """Who is affected, and how long the old one lives on."""
    return await _ask(visit, "portal/regenerate.html", Form(visit, {"overlap": "now"}), _kind(visit).renewer)


@page("POST", _ONE + "/regenerate", signed_in=True)
@proven
async def renew(visit: Visit) -> Response:
    """Make a new credential and show it this once (C181 to C183)."""
    kind, form = _kind(visit), Form(visit)
    app = await app_of(visit, kind.renewer)
    overlap = OVERLAPS.get(form["overlap"] or "now")
    if overlap is None:
        form.refuse("overlap", _("Choose when the old one ends."))
        return await _ask(visit, "portal/regenerate.html", form, kind.renewer, 400)
    try:
        shown = await kind.renew(visit, app.id, overlap)
    except Invalid as refusal:
        form.add(refusal)
        return await _ask(visit, "portal/regenerate.html", form, kind.renewer, refusal.status)
    return shown_once(visit, app, shown)


@page("GET", _ONE + "/revoke", signed_in=True)
async def ask_before_revoking(visit: Visit) -> Response:
    """What stops working."""
    return await _ask(visit, "portal/revoke.html", Form(visit, {"which": ALL}), Act.REVOKE_CREDENTIALS)


@page("POST", _ONE + "/revoke", signed_in=True, always=True)
@proven
async def revoke(visit: Visit) -> Response:
    """End a credential; the page then says that none is there (C184)."""
    app, kind = await app_of(visit, Act.REVOKE_CREDENTIALS), _kind(visit)
    chosen = visit.form.get("which", ALL)
    if chosen == ALL or kind.stored is None:
        await kind.revoke(visit, app.id)
    else:
        await visit.db.write(actions.revoke_one, visit.me.account_id, app.id, kind.stored, chosen)
    return visit.redirect(f"/portal/apps/{app.id}/keys", notice=_("It was revoked."))


async def _ask(visit: Visit, template: str, form: Form, act: Act, status: int = 200) -> Response:
    app, kind = await app_of(visit, act), _kind(visit)
    rows = _of_kind(await held_credentials(visit.db, app.id), kind)
    exists = bool(rows) if kind.stored else await own_token(visit.db, app) is not None
    return await framed(
        visit,
        template,
        app,
        status,
        form=form,
        kind=kind,
        exists=exists,
        rows=rows,
        overlaps=_OVERLAPS,
    )


def _kind(visit: Visit) -> Kind:
    kind = _BY_PATH.get(visit.path["kind"])
    if kind is None:
        raise NotFound(_("There is no such kind of credential."))
    return kind


def _of_kind(rows: Sequence[_C], kind: Kind) -> list[_C]:
    """Its rows: the present one first, then those that live on for a while."""
    return sorted((row for row in rows if row.kind == kind.stored), key=lambda row: row.expires_at is not None)
