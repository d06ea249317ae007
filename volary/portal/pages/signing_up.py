"""The developer agreement and the use case, which stand before everything new, and what became of them."""

from volary.developers.actions import sign_up
from volary.developers.queries import developer_account
from volary.developers.rules.texts import USE_CASE_TOLD
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.portal.forms.settings import show
from volary.web import Form, Response, Visit, local_path, page

SIGN_UP = "/portal/signup"
AFTER = "then"


@page("GET", SIGN_UP, signed_in=True)
async def show_sign_up(visit: Visit) -> Response:
    """The agreement, or what was said to it. Apps that one owns already need none (C160)."""
    developer = await developer_account(visit.db, visit.me.account_id)
    if developer is not None and developer.approved:
        return visit.redirect("/portal")
    then = local_path(visit.query.get(AFTER), "/portal")
    return await _show(visit, Form(visit, {AFTER: then, "use_case": developer.use_case if developer else ""}))


@page("POST", SIGN_UP, signed_in=True)
async def accept(visit: Visit) -> Response:
    """Make the developer account, and go on to what was wanted; where an operator decides, to the page that says so."""
    form, waits = Form(visit), visit.settings.developer_approval == "operator"
    try:
        await visit.db.write(
            sign_up, visit.me.account_id, agreed=form.checked("agreed"), use_case=form["use_case"], by_operator=waits
        )
    except Invalid as refusal:
        return await _show(visit, form, show(visit, form, refusal))
    developer = await developer_account(visit.db, visit.me.account_id)
    if developer is not None and not developer.approved:
        return visit.redirect(SIGN_UP, notice=_("Thank you. An operator reads your request."))
    return visit.redirect(
        local_path(form[AFTER], "/portal"), notice=_("Welcome. You can create Projects and Apps now.")
    )


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    developer = await developer_account(visit.db, visit.me.account_id)
    read = visit.settings.developer_approval == "operator" or (developer is not None and developer.was_refused)
    least = USE_CASE_TOLD if read else 0
    return visit.render("portal/sign_up.html", status, form=form, developer=developer, least=least)
