"""The redirect URI: there, once, and byte for byte on the App's allowlist (RFC 6749 §3.1.2, RFC 9700 §2.1, C216–C220).

A native App that has it switched on may name another port of 127.0.0.1 or [::1] than the listed one (RFC 8252 §7.3, D6).

Nothing is parsed, decoded twice, lower-cased or filled in: two programs that read a URL differently are how a code ends elsewhere.
"""

from volary.db import Reader
from volary.developers.models import AppRow
from volary.developers.queries import callback_urls
from volary.developers.rules.comparing import explain_callback
from volary.developers.rules.loopback import listed_but_for_port
from volary.language import mark as _
from volary.oauth.errors import PageRefusal
from volary.oauth.oauth2.parameters import Query

NOT_LISTED = _(
    "The callback URL of this request is not in the settings of the App %(app)s. "
    "Its developer should check that it is on the list, exactly as it is sent, and that it is HTTP-encoded."
)
NOT_SENT = _("The app %(app)s did not say where to come back to. Its developer must send one redirect_uri.")


async def check(reader: Reader, app: AppRow, query: Query) -> str:
    """The redirect URI. Raises PageRefusal, whose text is for the developer who sees it: it names the App (C230) and no URL (SR-001)."""
    sent = query.once("redirect_uri")
    if sent is None:
        refusal = PageRefusal(
            NOT_SENT, field="redirect_uri", why="redirect_uri is missing, empty or there twice", app=app.name
        )
        raise refusal.because("redirect_missing").named(app.id)
    listed = await callback_urls(reader, app.id)
    if not _allowed(app, sent, listed):
        raise _not_listed(app, sent, listed)
    return sent


async def check_again(reader: Reader, app: AppRow, target: str) -> None:
    """Whether the App still lists the target of a request that was checked some minutes ago. Raises PageRefusal (C217)."""
    if not _allowed(app, target, await callback_urls(reader, app.id)):
        raise PageRefusal(NOT_LISTED, field="redirect_uri", why="the callback URL was taken off the list", app=app.name)


def _allowed(app: AppRow, url: str, listed: list[str]) -> bool:
    return url in listed or (app.takes_any_port and listed_but_for_port(url, listed) is not None)


def _not_listed(app: AppRow, sent: str, listed: list[str]) -> PageRefusal:
    refusal = PageRefusal(
        NOT_LISTED,
        field="redirect_uri",
        why=f"redirect_uri is not listed by app {app.id}: {sent[:200]!r}",
        app=app.name,
    )
    fault = explain_callback(sent, listed).fault
    if fault is not None:
        refusal.hint, refusal.hint_parameters = fault.message, fault.parameters
    refusal.because("callback", url=sent[:300]).named(app.id)
    return refusal
