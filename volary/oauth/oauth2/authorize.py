"""The authorization endpoint: the list of checks in their order, and what a decision leads to (RFC 6749 §4.1.1, §4.1.2).

`/i/oauth2/authorize`, `/2/oauth2/authorize` and `/oauth2/authorize` are one door (D12, contradiction 17). `response_mode` and unknown
parameters are ignored: a code leaves in the query of a listed URL or not at all (SR-036, SR-038).
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from volary.access.scopes import EMAIL, OFFLINE, acts
from volary.accounts.models import ACTIVE, accounts
from volary.db import Reader, Tx, statement
from volary.kit.urls import extended
from volary.language import mark as _
from volary.oauth import grants, tokens
from volary.oauth.asking import AS_ASKED, Choice, Outcome, Redirect, Request
from volary.oauth.errors import PageRefusal
from volary.oauth.models import OAUTH2
from volary.oauth.oauth2.checks import client, pkce, redirect_uri, response_type, scope, state
from volary.oauth.oauth2.errors import BackRefusal
from volary.oauth.oauth2.metadata import issuer
from volary.oauth.oauth2.parameters import Query, query_of
from volary.settings import Settings

PATHS = ("/i/oauth2/authorize", "/2/oauth2/authorize", "/oauth2/authorize")

_NOTHING = _("Nothing was connected, because no permission was left. Go back to the app and start again there.")
_EPOCH = statement(
    select(accounts.c.epoch).where(accounts.c.id == bindparam("account_id"), accounts.c.state == ACTIVE), int
)


async def begin(reader: Reader, settings: Settings, path: str, query: bytes) -> Request | Redirect:
    """Check an authorization request (`asking.Begin`). Raises PageRefusal."""
    sent = query_of(query)
    app = await client.check(reader, sent)
    target = await redirect_uri.check(reader, app, sent)
    answer = _answer(sent, settings)
    try:
        response_type.check(sent)
        scopes = scope.check(sent, app)
        optional = scope.check_optional(sent, scopes)
        challenge = pkce.check(sent, app, settings)
        state.check(sent)
    except BackRefusal as refusal:
        told = {"error": refusal.error, "error_description": str(refusal)}
        return Redirect(app.id, extended(target, told | answer), refusal)
    return Request(
        protocol=OAUTH2,
        app_id=app.id,
        target=target,
        scopes=scopes,
        optional=optional,
        email=EMAIL in scopes,
        extra={"challenge": challenge.digest, "method": challenge.method, **answer},
    )


async def finish(
    tx: Tx,
    request: Request,
    account_id: int | None,
    *,
    approved: bool,
    address: str,
    choice: Choice = AS_ASKED,
) -> Outcome:
    """Grant and give a code, or decline (`asking.Finish`). The App and its callback are checked again. Raises PageRefusal."""
    app = await client.check_again(tx, request.app_id)
    await redirect_uri.check_again(tx, app, request.target)
    answer: dict[str, str] = {name: request.extra[name] for name in ("state", "iss") if name in request.extra}
    if not approved:
        return Outcome(url=extended(request.target, {"error": "access_denied", **answer}))
    if account_id is None:
        raise PageRefusal(why="nobody is signed in")
    epoch = await tx.one(_EPOCH, account_id=account_id)
    if epoch is None:
        raise PageRefusal(why="the account is not active")
    scopes = given(request, choice)
    grant_id = await grants.record(tx, account_id, app.id, scopes=scopes, lasting=choice.lasting, address=address)
    code = await tokens.issue_code(
        tx,
        app_id=app.id,
        account_id=account_id,
        grant_id=grant_id,
        redirect_uri=request.target,
        scopes=" ".join(scopes),
        challenge=tokens.Challenge(request.extra["challenge"], request.extra["method"]),
        app_epoch=app.epoch,
        account_epoch=epoch,
        device=choice.device,
    )
    return Outcome(url=extended(request.target, _with_code(answer, code)))


def given(request: Request, choice: Choice) -> tuple[str, ...]:
    """The scopes that the person agrees to. Only what the app called optional can be left out one by one; "read only" leaves out
    everything that acts, so something must be there to see. Raises PageRefusal.
    """
    kept = tuple(
        name
        for name in request.scopes
        if name not in choice.left_out & request.optional and not (choice.read_only and acts(name))
    )
    if kept != request.scopes and not set(kept) - {OFFLINE}:
        raise PageRefusal(_NOTHING, why="every scope was left out")
    return kept


def _answer(sent: Query, settings: Settings) -> dict[str, str]:
    """What every answer carries, whether it grants or refuses: the state, and where it is switched on the issuer (RFC 9207)."""
    echoed = state.echoed(sent)
    answer = {} if echoed is None else {"state": echoed}
    if settings.issuer_in_answers:
        answer["iss"] = issuer(settings)
    return answer


def _with_code(answer: Mapping[str, str], code: str) -> dict[str, str]:
    """The parameters of a granting answer in X's order: state, then code (X facts 2.2)."""
    first = {"state": answer["state"]} if "state" in answer else {}
    return {**first, "code": code, **answer}
