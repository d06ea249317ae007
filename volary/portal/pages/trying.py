"""*Try it*: a developer makes one call of the API from the portal, through access that their App has.

The server makes the call itself, as the Caller that the App's token would be: no secret is read, shown or sent, and the page chooses
neither headers nor host. Need and limits hold, the call stands in the App's request log, and only who could hold the token may use it:
the owner their own access token, who renews credentials the App's own.
"""

import time

import msgspec

from volary.access.caller import Caller
from volary.api.answer import Answer
from volary.api.reference.entries import Entry, Reference
from volary.api.serve import Api
from volary.developers.models import AppRow
from volary.developers.queries import apps_of_member, teams_of_member
from volary.developers.rules.roles import Act, may
from volary.kit.errors import NotFound
from volary.language import mark as _
from volary.oauth.trying import app_calling, owner_calling
from volary.oauth.uses import Uses
from volary.portal.forms.trying import NotSent, Wanted, example_of, wanted_of
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import app_of, framed
from volary.usage.actions.noting import Calls
from volary.usage.rules.bounds import TRIED
from volary.web import Form, Response, Visit, page

_HERE = "/portal/apps/{app_id}/try/{operation}"
_LIMIT = 128 * 1024
_LONGEST = 100_000
ME, APP = "me", "app"


class Got(msgspec.Struct, frozen=True):
    """What a call was answered with, as texts."""

    status: int
    milliseconds: float
    headers: list[tuple[str, str]]
    text: str
    cut: bool
    request_id: str
    target: str


@page("GET", "/portal/try/{operation}", signed_in=True)
async def choose(visit: Visit) -> Response:
    """Through which App? One's only one is not asked for."""
    entry = _entry(visit)
    me = visit.me.account_id
    roles = {team.id: team.role for team in await teams_of_member(visit.db, me)}
    usable = [
        app
        for app in await apps_of_member(visit.db, me)
        if may(Act.RENEW_CREDENTIALS, roles.get(app.team_id, ""), owner=app.owner_id == me)
    ]
    if len(usable) == 1:
        return visit.redirect(f"/portal/apps/{usable[0].id}/try/{entry.key}")
    return visit.render("portal/try_choose.html", entry=entry, apps=usable)


@page("GET", _HERE, signed_in=True)
async def form(visit: Visit) -> Response:
    """What the operation takes, filled in with an example."""
    app, entry = await app_of(visit, Act.RENEW_CREDENTIALS), _entry(visit)
    mine = app.owner_id == visit.me.account_id and entry.need.oauth1 is not None
    values = example_of(entry, visit.me.account_id) | {"way": ME if mine else APP}
    return await _show(visit, app, entry, Form(visit, values))


@page("POST", _HERE, signed_in=True, form_limit=_LIMIT)
@proven
async def call(visit: Visit) -> Response:
    """Make the call and show its answer."""
    app, entry, sent = await app_of(visit, Act.RENEW_CREDENTIALS), _entry(visit), Form(visit)
    caller = await _caller(visit, app, sent)
    if not entry.reads and not sent.checked("confirmed"):
        sent.refuse("confirmed", _("Confirm that this changes something for real."))
    try:
        wanted = wanted_of(visit, sent, entry, TRIED + visit.request_id)
    except NotSent as refusal:
        sent.add(refusal)
        return await _show(visit, app, entry, sent, 400)
    if caller is None or not sent.good:
        return await _show(visit, app, entry, sent, 400)
    return await _show(visit, app, entry, sent, got=await _called(visit, entry, wanted, caller))


def _entry(visit: Visit) -> Entry:
    entry = visit.resources[Reference].get(visit.path["operation"])
    if entry is None:
        raise NotFound(_("There is no such operation on this server."))
    return entry


async def _caller(visit: Visit, app: AppRow, sent: Form) -> Caller | None:
    """Whom the call is made as; None, with a word in the form, where the App has no such access."""
    if sent["way"] == ME:
        caller = await owner_calling(visit.db, app.id, visit.me.account_id)
        without = _("You have no access token for this App, or it no longer works. Generate one under Keys and tokens.")
    elif sent["way"] == APP:
        caller = await app_calling(visit.db, app.id)
        without = _("This App has no App Access Token, or it is suspended. Generate one under Keys and tokens.")
    else:
        caller, without = None, _("Choose as whom to call.")
    if caller is None:
        sent.refuse("way", without)
    return caller


async def _called(visit: Visit, entry: Entry, wanted: Wanted, caller: Caller) -> Got:
    began = time.perf_counter()
    answer = await visit.resources[Api].tried(entry.operation, wanted.raw, caller, wanted.values)
    seconds = time.perf_counter() - began
    visit.resources[Calls].note(answer, entry.operation.name, began, seconds, wanted.raw.request_id)
    if caller.grant_id is not None and caller.family_id is not None:
        visit.resources[Uses].family(caller.family_id, caller.grant_id, visit.db.now, visit.address)
    return _told(answer, seconds, wanted)


def _told(answer: Answer, seconds: float, wanted: Wanted) -> Got:
    """An answer as texts. What is very long is cut."""
    text = answer.body[:_LONGEST].decode("utf-8", "replace")
    cut = len(answer.body) > _LONGEST
    if not cut and text:
        text = msgspec.json.format(answer.body, indent=2).decode("utf-8", "replace")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    headers.append(("content-type", answer.content_type.decode("latin-1")))
    headers.append(("x-transaction-id", wanted.raw.request_id))
    return Got(
        answer.status, round(seconds * 1000, 1), sorted(headers), text, cut, wanted.raw.request_id, wanted.target
    )


async def _show(
    visit: Visit, app: AppRow, entry: Entry, sent: Form, status: int = 200, got: Got | None = None
) -> Response:
    return await framed(
        visit,
        "portal/try.html",
        app,
        status,
        entry=entry,
        form=sent,
        got=got,
        possible=not entry.operation.large and not entry.operation.gives_bytes and not _needs_consent(entry),
        needs_consent=_needs_consent(entry),
        own=app.owner_id == visit.me.account_id,
        selecting=[one for one in entry.parameters if one.place == "query" and _selects(one.name)],
        asking=[one for one in entry.parameters if one.place != "body" and not _selects(one.name)],
    )


def _needs_consent(entry: Entry) -> bool:
    """Whether an operation takes only what a person allowed by OAuth 2.0: a token that neither the portal nor the developer makes alone."""
    return entry.need.oauth1 is None and not entry.need.app_only


def _selects(name: str) -> bool:
    return name == "expansions" or name.endswith(".fields")
