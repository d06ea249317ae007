"""Less than an app asks for: what the person can choose on the consent page, and what they chose (decision 0055).

Single scopes can be left out where the app calls them optional. "Read only" and how long the access lasts are the person's to choose
whatever the app says: both only narrow, and they could do the same a moment later in their settings.
"""

import msgspec

from volary.access.levels import Level
from volary.access.scopes import OFFLINE, acts
from volary.kit.clock import DAY, HOUR
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.oauth.asking import Choice, Request
from volary.oauth.models import OAUTH1, GrantRow
from volary.sessions.rules.devices import device_of
from volary.web import Visit

ALWAYS, MONTH, ONE_HOUR = "always", "month", "hour"
_SCOPE, _FIELDS = "scope-", ("read_only", "lasting")
SPANS = {ALWAYS: 0, MONTH: 30 * DAY, ONE_HOUR: HOUR}

_LASTING = ((ALWAYS, _("Until I revoke access")), (MONTH, _("For 30 days")), (ONE_HOUR, _("For one hour")))
_SHORT = ((ALWAYS, _("For two hours, as the app asks")), (ONE_HOUR, _("For one hour")))
_UNKNOWN = _("Please choose how long the app may use your account.")


class Offer(msgspec.Struct, frozen=True):
    """What the page offers besides yes and no."""

    ticks: dict[str, bool]
    """The optional scopes, and whether each is ticked at present."""
    read_only: bool
    spans: tuple[tuple[str, str], ...]
    """For how long, by value and label."""
    chosen: dict[str, str]
    """What was chosen on the page before, as fields of a form: a second step of the sign-in carries it along unchanged."""


def offer(visit: Visit, request: Request) -> Offer:
    """What can be chosen for a request; a form that is shown again keeps what was chosen."""
    sent = visit.form if visit.form.get("request") else None
    ticks = {name: sent is None or field(name) in sent for name in request.scopes if name in request.optional}
    stays = request.protocol == OAUTH1 or OFFLINE in request.scopes
    spans = tuple((value, visit.t(label)) for value, label in (_LASTING if stays else _SHORT))
    chosen = {name: value for name, value in visit.form.items() if name in _FIELDS or name.startswith(_SCOPE)}
    return Offer(ticks, _can_be_read_only(request), spans, chosen)


def field(scope: str) -> str:
    """The name of an optional scope's box in the form."""
    return f"{_SCOPE}{scope}"


def span_of(had: GrantRow | None) -> str:
    """What is chosen before anybody chose: whoever set an end before is not given access without one by a press too quick."""
    return MONTH if had is not None and had.expires_at is not None else ALWAYS


def choice_of(visit: Visit, request: Request) -> Choice:
    """What the form says. Raises Invalid for an answer that the page does not offer."""
    span = visit.form.get("lasting")
    if span is not None and span not in SPANS:
        raise Invalid(_UNKNOWN, field="lasting")
    return Choice(
        left_out=frozenset(name for name in request.optional if field(name) not in visit.form),
        read_only="read_only" in visit.form and _can_be_read_only(request),
        lasting=SPANS[span] if span else None,
        device=device_text(visit.user_agent),
    )


def device_text(user_agent: str) -> str:
    """The browser and its system by their makers' names, to tell an app's sign-ins apart by."""
    device = device_of(user_agent)
    return ", ".join(part for part in (device.browser, device.system) if part)


def _can_be_read_only(request: Request) -> bool:
    """Whether something acts, and something that does not would be left."""
    if request.protocol == OAUTH1:
        return Level.from_wire(request.level) > Level.READ
    left = {name for name in request.scopes if not acts(name)} - {OFFLINE} - request.optional
    return any(acts(name) for name in request.scopes) and bool(left)
