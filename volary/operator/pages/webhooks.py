"""Webhooks in the console: who is told of what happens to Apps, what was sent, and what came back."""

from volary.kit.errors import Conflict, Invalid
from volary.language import mark as _
from volary.operator.actions.webhooks import add, redeliver, remove, renew, test
from volary.operator.pages.entry import actor_of, console, number_in, older_than
from volary.operator.queries.apps import PAGE
from volary.web import Form, Response, Visit
from volary.webhooks.actions import ANNOUNCED
from volary.webhooks.errors import WebhookUnknown
from volary.webhooks.models import WebhookRow
from volary.webhooks.queries import count_waiting, every_webhook, latest_deliveries

_ALL = "/operator/webhooks"
_HERE = _ALL + "/{webhook_id}"
_REFUSED = _("We cannot send there. Enter the web address of another server, at most twenty in all.")
_UNKNOWN = _("There is no such webhook, or no such delivery.")


@console("GET", _ALL)
async def list_webhooks(visit: Visit) -> Response:
    """Every webhook, with what waits for it; and the form for another one."""
    return await _list(visit, Form(visit))


@console("POST", _ALL, dangerous=True)
async def add_it(visit: Visit) -> Response:
    """Tell another address; its secret is shown this once."""
    form = Form(visit)
    kinds = [kind for kind in sorted(ANNOUNCED) if form.checked(kind)]
    try:
        made = await visit.db.write(add, actor_of(visit), form.text("url"), kinds, visit.settings.origins)
    except (Invalid, Conflict) as refusal:
        form.refuse("url", _REFUSED)
        return await _list(visit, form, refusal.status)
    return visit.render("operator/webhook_secret.html", number=made.id, url=made.url, secret=made.secret)


@console("GET", _HERE)
async def show_webhook(visit: Visit) -> Response:
    """One webhook, with what was sent in the last thirty days."""
    hook = await _webhook(visit)
    if hook is None:
        return visit.problem(404, visit.t(_UNKNOWN))
    rows = await latest_deliveries(visit.db, hook.id, PAGE + 1, older_than(visit).before)
    return visit.render(
        "operator/webhook.html",
        hook=hook,
        waiting=await count_waiting(visit.db, hook.id),
        rows=rows[:PAGE],
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
    )


@console("POST", _HERE + "/test")
async def test_it(visit: Visit) -> Response:
    """Send an event that means nothing."""
    hook_id = number_in(visit, "webhook_id")
    try:
        await visit.db.write(test, actor_of(visit), hook_id)
    except WebhookUnknown:
        return visit.problem(404, visit.t(_UNKNOWN))
    return visit.redirect(f"{_ALL}/{hook_id}", notice=_("A test is on its way. Look at this page again in a moment."))


@console("POST", _HERE + "/renew", dangerous=True)
async def renew_it(visit: Visit) -> Response:
    """Sign with a new secret from now on; it is shown this once."""
    hook = await _webhook(visit)
    if hook is None:
        return visit.problem(404, visit.t(_UNKNOWN))
    secret = await visit.db.write(renew, actor_of(visit), hook.id)
    return visit.render("operator/webhook_secret.html", number=hook.id, url=hook.url, secret=secret)


@console("POST", _HERE + "/remove", dangerous=True)
async def remove_it(visit: Visit) -> Response:
    """Tell the address nothing any more."""
    try:
        await visit.db.write(remove, actor_of(visit), number_in(visit, "webhook_id"))
    except WebhookUnknown:
        return visit.problem(404, visit.t(_UNKNOWN))
    return visit.redirect(_ALL, notice=_("The webhook is removed."))


@console("POST", _HERE + "/deliveries/{delivery_id}")
async def redeliver_it(visit: Visit) -> Response:
    """Send something again: the same number and the same bytes."""
    try:
        await visit.db.write(redeliver, actor_of(visit), number_in(visit, "delivery_id"))
    except WebhookUnknown:
        return visit.problem(404, visit.t(_UNKNOWN))
    return visit.redirect(f"{_ALL}/{number_in(visit, 'webhook_id')}", notice=_("It is sent again."))


async def _list(visit: Visit, form: Form, status: int = 200) -> Response:
    hooks = await every_webhook(visit.db)
    rows = [(hook, await count_waiting(visit.db, hook.id)) for hook in hooks]
    return visit.render("operator/webhooks.html", status, form=form, rows=rows, kinds=sorted(ANNOUNCED))


async def _webhook(visit: Visit) -> WebhookRow | None:
    wanted = number_in(visit, "webhook_id")
    return next((hook for hook in await every_webhook(visit.db) if hook.id == wanted), None)
