"""*Your account*: what others see, how pages speak to you, and by which names you sign in."""

from volary.accounts.actions import update_profile
from volary.accounts.errors import UsernameTaken
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.profiles import time_zones
from volary.kit.errors import Unauthenticated
from volary.language import LANGUAGES
from volary.language import mark as _
from volary.person.actions import change_login
from volary.person.forms import check_login, read_profile
from volary.person.pages.signin import with_retry
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.rules.arrivals import arrival_of
from volary.web import Form, Response, Visit, page

WRONG_CURRENT = _("This is not your current password.")

_PROFILE = ("name", "description", "location", "website", "language", "time_zone")


@page("GET", "/settings/account", signed_in=True)
async def account(visit: Visit) -> Response:
    """Both forms, with what is kept now."""
    return await _shown(visit)


@page("POST", "/settings/account", signed_in=True)
async def save_profile(visit: Visit) -> Response:
    """Change the profile. A language that was chosen here comes before one that was chosen in the footer."""
    form = Form(visit)
    profile = read_profile(form)
    if not form.good:
        return await _shown(visit, profile=form, status=400)
    await visit.db.write(update_profile, visit.me.account_id, profile)
    if profile.language != visit.language:
        visit.drop_cookie("language")
    return visit.redirect("/settings/account", notice=_("Your profile was saved."))


@page("POST", "/settings/account/login", signed_in=True)
async def save_login(visit: Visit) -> Response:
    """Change username and email address, which takes the password (SR-163). A new address is not confirmed."""
    form = Form(visit)
    check_login(form)
    if not form.good:
        return await _shown(visit, login=form, status=400)
    arrival = arrival_of(visit)
    try:
        proof = await check_password(
            visit.db, visit.resources[PasswordHasher], visit.me.username, form["current_password"], arrival
        )
        await visit.db.write(change_login, proof, form.text("username"), form.text("email"))
    except WrongPassword:
        form.refuse("current_password", WRONG_CURRENT)
        return await _shown(visit, login=form, status=400)
    except (UsernameTaken, TooManyGuesses) as refusal:
        form.add(refusal)
        return with_retry(await _shown(visit, login=form, status=refusal.status), refusal)
    return visit.redirect("/settings/account", notice=_("Your username and email address were saved."))


async def _shown(visit: Visit, profile: Form | None = None, login: Form | None = None, status: int = 200) -> Response:
    me = await _me(visit)
    kept = {name: getattr(me, name) for name in _PROFILE} | {"language": me.language or visit.language}
    return visit.render(
        "person/account.html",
        status,
        profile=profile or _kept(visit, kept | {"protected": me.protected}),
        login=login or _kept(visit, {"username": me.username, "email": me.email}),
        me=me,
        tongues=[(language.code, language.name) for language in LANGUAGES],
        zones=[(zone, zone.replace("_", " ")) for zone in sorted(time_zones())],
    )


def _kept(visit: Visit, values: dict[str, object]) -> Form:
    """A form of what is kept, also on the answer to the other form."""
    form = Form(visit)
    form.values = {name: "" if value is None else str(value) for name, value in values.items()}
    return form


async def _me(visit: Visit) -> AccountRow:
    me = await account_by_id(visit.db, visit.me.account_id)
    if me is None:
        raise Unauthenticated(_("Sign in first."), why="the account went away during the request")
    return me
