"""*Privacy*: who sees one, who finds one, who writes to one, and whom one keeps away."""

from volary.accounts.actions import be_discoverable
from volary.accounts.queries import account_by_id, own_by_id
from volary.language import mark as _
from volary.web import Form, Response, Visit, page

PRIVACY = "/settings/privacy"
SAVED = _("Your choice was saved.")


@page("GET", PRIVACY, signed_in=True)
async def privacy(visit: Visit) -> Response:
    """What is chosen now, and the ways to everything else that keeps others away."""
    own, me = await own_by_id(visit.db, visit.me.account_id), await account_by_id(visit.db, visit.me.account_id)
    form = Form(visit, {"by_email": own.discoverable_by_email if own else 0})
    return visit.render(
        "person/privacy.html",
        form=form,
        protected=me is not None and me.protected,
        confirmed=me is not None and me.email_confirmed_at is not None,
    )


@page("POST", PRIVACY, signed_in=True)
async def save_privacy(visit: Visit) -> Response:
    """Say whether people find one by one's address."""
    await visit.db.write(be_discoverable, visit.me.account_id, Form(visit).checked("by_email"))
    return visit.redirect(PRIVACY, notice=SAVED)
