"""The second leg: a person decides about a request token (RFC 5849 §2.2, X facts 1.3, 1.4). The page itself is in `oauth/consent`.

`begin` and `finish` are the pair that `asking` describes. `/oauth/authorize` always shows the page; `/oauth/authenticate` ("Sign in
with…") sets `sign_in`, with which the page is passed over when the person allowed all of it before.
"""

import msgspec
from sqlalchemy import bindparam, select, update

from volary.access.levels import Level
from volary.db import Reader, Tx, statement
from volary.developers.models import ACTIVE, AppRow
from volary.developers.queries import allows_callback, app_by_id
from volary.kit.clock import MINUTE
from volary.kit.secrets import digest, mint_alphanumeric, mint_pin
from volary.kit.urls import extended
from volary.language import mark as _
from volary.oauth import grants
from volary.oauth.asking import AS_ASKED, Choice, Outcome, Redirect, Request
from volary.oauth.errors import PageRefusal
from volary.oauth.models import OAUTH1, request_tokens
from volary.oauth.oauth1.access_token import verifier_digest
from volary.oauth.oauth1.errors import BadData
from volary.oauth.oauth1.parameters import form_pairs
from volary.oauth.oauth1.request_token import APPROVED, DENIED, MOST_TRIES, NEW, OUT_OF_BAND
from volary.oauth.oauth1.tokens import asks_for_email, holder_of
from volary.settings import Settings

AUTHORIZE = ("/oauth/authorize", "/i/oauth/authorize")
AUTHENTICATE = ("/oauth/authenticate", "/i/oauth/authenticate")
PATHS = (*AUTHORIZE, *AUTHENTICATE)
"""The doors of this protocol's page; xdk calls those below /i (X facts 0.1)."""

EXCHANGE = 10 * MINUTE
"""How long an app has to exchange what was approved, and a person to type a PIN."""

_NO_TOKEN = _("There is no request of an app here.")
_SPENT = _("The request of the app is unknown to us, was answered already, or is too old.")
_TRUE = {"true", "t", "1"}
_TAKEN = ("oauth_token", "force_login", "screen_name")


class Asked(msgspec.Struct, frozen=True):
    """A request token that waits for a decision."""

    app_id: int
    callback: str
    level: str
    app_epoch: int


_WAITING = (
    request_tokens.c.digest == bindparam("token"),
    request_tokens.c.state == NEW,
    request_tokens.c.tries < MOST_TRIES,
    request_tokens.c.expires_at > bindparam("now"),
)
_ASKED = statement(select(*(request_tokens.c[name] for name in Asked.__struct_fields__)).where(*_WAITING), Asked)
_APPROVE = statement(
    update(request_tokens)
    .where(*_WAITING, request_tokens.c.app_id == bindparam("of_app"))
    .values({name: bindparam(name) for name in ("account_id", "level", "email", "verifier", "expires_at", "device")})
    .values(state=APPROVED)
)
_DENY = statement(update(request_tokens).where(*_WAITING).values(state=DENIED))


async def begin(reader: Reader, settings: Settings, path: str, query: bytes) -> Request | Redirect:
    """Check what the browser brought (`asking.Begin`). A callback in it is not looked at: the first leg fixed it (SR-057).

    Raises PageRefusal.
    """
    sent = _read(query)
    token = sent.get("oauth_token", "")
    if not token:
        raise PageRefusal(_NO_TOKEN, field="oauth_token", why="no oauth_token")
    asked = await reader.one(_ASKED, token=digest(token), now=reader.now)
    if asked is None:
        raise PageRefusal(
            _SPENT,
            field="oauth_token",
            why="the request token is unknown, decided, expired, or ended by wrong verifiers",
        )
    app = await _app(reader, asked.app_id, asked.app_epoch, asked.callback)
    oob = asked.callback == OUT_OF_BAND
    return Request(
        protocol=OAUTH1,
        app_id=app.id,
        target=asked.callback,
        level=min(Level.from_wire(asked.level), Level.from_wire(app.oauth1_level)).wire,
        email=asks_for_email(app),
        # An app without a way back cannot sign anybody in, and one that has the switch off may only connect (SR-065).
        sign_in=path in AUTHENTICATE and bool(app.sign_in_enabled) and not oob,
        force_login=sent.get("force_login", "").lower() in _TRUE,
        screen_name=_printable(sent.get("screen_name", "")),
        extra={"oauth_token": token, "epoch": str(asked.app_epoch)},
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
    """Carry out the decision (`asking.Finish`). The App and its callback are checked again. Raises PageRefusal."""
    token, app_epoch = request.extra["oauth_token"], int(request.extra["epoch"])
    if not approved:
        await tx.run(_DENY, token=digest(token), now=tx.now)
        return Outcome(denied=True, back="" if request.target == OUT_OF_BAND else _back(request, denied=token))
    app = await _app(tx, request.app_id, app_epoch, request.target)
    holder = None if account_id is None else await holder_of(tx, account_id)
    if holder is None:
        raise PageRefusal(why="nobody is signed in, or the account is not active")
    verifier = mint_pin() if request.target == OUT_OF_BAND else mint_alphanumeric(32)
    level, email = _allowed(request, app, choice)
    changed = await tx.run(
        _APPROVE,
        token=digest(token),
        now=tx.now,
        of_app=app.id,
        account_id=holder.id,
        level=level.wire,
        email=int(email),
        verifier=verifier_digest(tx.keys, token, verifier),
        expires_at=tx.now + EXCHANGE,
        device=choice.device,
    )
    if not changed:
        raise PageRefusal(_SPENT, why="the request token was decided or expired meanwhile")
    await grants.record(tx, holder.id, app.id, level=level, email=email, lasting=choice.lasting, address=address)
    if request.target == OUT_OF_BAND:
        return Outcome(pin=verifier)
    return Outcome(url=_back(request, oauth_token=token, oauth_verifier=verifier))


def _back(request: Request, **parameters: str) -> str:
    """The app's callback with the answer appended; what stands in its query stays as it is (X facts 1.4)."""
    return extended(request.target, parameters)


def _allowed(request: Request, app: AppRow, choice: Choice) -> tuple[Level, bool]:
    """What was shown to the person, as far as they agreed and the App's settings still reach."""
    most = Level.READ if choice.read_only else Level.from_wire(request.level)
    return min(most, Level.from_wire(app.oauth1_level)), request.email and asks_for_email(app)


async def _app(reader: Reader, app_id: int, epoch: int, callback: str) -> AppRow:
    """The App, if it may still ask and the callback is still on its list (C187, C217). Raises PageRefusal."""
    app = await app_by_id(reader, app_id)
    if app is None or app.state != ACTIVE or not app.oauth1_enabled or app.epoch != epoch:
        refusal = PageRefusal(
            field="oauth_token",
            why=f"App {app_id} is gone or suspended, its tokens were ended, or its OAuth 1.0a is off",
        )
        raise refusal.because("request_token").named(app_id)
    if callback != OUT_OF_BAND and not await allows_callback(reader, app_id, callback):
        refusal = PageRefusal(field="oauth_callback", why=f"the callback is no longer on the list of App {app_id}")
        raise refusal.because("callback", url=callback).named(app_id)
    return app


def _read(query: bytes) -> dict[str, str]:
    """The parameters that the page takes, each once; others are ignored. Raises PageRefusal."""
    sent: dict[str, str] = {}
    try:
        for key, value in form_pairs(query):
            name = key.decode()
            if name in _TAKEN:
                if name in sent:
                    raise PageRefusal(_NO_TOKEN, field=name, why=f"{name} is there twice")
                sent[name] = value.decode()
    except (BadData, UnicodeDecodeError) as error:
        raise PageRefusal(_NO_TOKEN, why=f"the query cannot be read: {error}") from error
    return sent


def _printable(text: str) -> str:
    return text if len(text) <= 100 and text.isprintable() else ""
