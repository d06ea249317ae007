"""*Automation* and *Managing account*: the label of an account that a program runs, from the side of either account (C163-C168)."""

from volary.accounts.actions import end_label
from volary.accounts.errors import Refused
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id, automated_by, manager_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.errors import Unauthenticated
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.person.actions import have_managed
from volary.person.errors import CodeDue
from volary.person.pages.going import with_retry
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.rules.arrivals import arrival_of
from volary.web import Form, Response, Visit, page

AUTOMATION = "/settings/account/automation"
MANAGING = AUTOMATION + "/managing"

APPLIED = _("The label was applied: your account now shows that it is automated, and that %(name)s runs it.")
REMOVED = _("The label was removed. Your account no longer says that it is automated.")
REMOVED_FROM = _("The label of %(name)s was removed.")
MANAGER_MISSING = _("Enter the account that runs this one.")


@page("GET", AUTOMATION, signed_in=True)
async def automation(visit: Visit) -> Response:
    """What the label is, which account runs this one, and which ones this one runs."""
    me = await _me(visit)
    bots = await automated_by(visit.db, me.id)
    return visit.render("person/automation.html", me=me, manager=await manager_of(visit.db, me), bots=bots)


@page("GET", MANAGING, signed_in=True)
async def managing(visit: Visit) -> Response:
    """The form; once there is a label, who runs the account and how to remove it."""
    return await _shown(visit, Form(visit))


@page("POST", MANAGING, signed_in=True)
async def choose(visit: Visit) -> Response:
    """Label the account, for whoever knows the password of the one that runs it. Guesses count as those of a sign-in to that one do."""
    form = Form(visit)
    if not form.text("manager"):
        form.refuse("manager", MANAGER_MISSING)
        return await _shown(visit, form, 400)
    try:
        arrival, hasher = arrival_of(visit), visit.resources[PasswordHasher]
        proof = await check_password(visit.db, hasher, form.text("manager"), form["password"], arrival)
        wrong = await visit.db.write(have_managed, visit.me.account_id, proof, form["code"], arrival)
    except CodeDue as refusal:
        form.add(refusal)
        return await _shown(visit, form, 400)
    except WrongPassword as refusal:
        form.refuse("password", refusal.message)
        return await _shown(visit, form, 400)
    except (Refused, TooManyGuesses) as refusal:
        form.add(refusal)
        return with_retry(await _shown(visit, form, refusal.status), refusal)
    if wrong is not None:
        form.refuse("code", wrong.message, **wrong.parameters)
        return await _shown(visit, form, 400)
    return visit.redirect(MANAGING, notice=APPLIED, name=f"@{proof.username}")


@page("POST", MANAGING + "/remove", signed_in=True, always=True)
async def remove(visit: Visit) -> Response:
    """Take the label off this account. It is no error when somebody did so meanwhile."""
    me = await _me(visit)
    if me.automated_by is not None:
        await visit.db.write(end_label, me.id, me.automated_by, address=visit.address)
    return visit.redirect(MANAGING, notice=REMOVED)


@page("POST", AUTOMATION + "/remove", signed_in=True, always=True)
async def remove_from(visit: Visit) -> Response:
    """Take the label off an account that this one runs."""
    bot = await account_by_id(visit.db, id_in(visit.form.get("account", "")) or 0)
    if bot is None or not await visit.db.write(end_label, bot.id, visit.me.account_id, address=visit.address):
        return visit.redirect(AUTOMATION)
    return visit.redirect(AUTOMATION, notice=REMOVED_FROM, name=f"@{bot.username}")


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    me = await _me(visit)
    others = [one.username for one in visit.accounts[1:]]
    manager = await manager_of(visit.db, me)
    return visit.render("person/managing.html", status, form=form, me=me, manager=manager, others=others)


async def _me(visit: Visit) -> AccountRow:
    me = await account_by_id(visit.db, visit.me.account_id)
    if me is None:
        raise Unauthenticated(_("Sign in first."), why="the account went away during the request")
    return me
