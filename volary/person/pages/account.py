"""*Your account*: what others see, how pages speak to you, and by which names you sign in."""

from babel import Locale

from volary.accounts.actions import ask_to_confirm, change_contact, confirm_email, update_profile
from volary.accounts.errors import EmailTaken, LinkUnknown, UsernameTaken
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id, own_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.profiles import countries, time_zones
from volary.kit.errors import Unauthenticated
from volary.language import LANGUAGES
from volary.language import mark as _
from volary.person.actions import change_login
from volary.person.forms import check_contact, check_login, read_profile
from volary.person.pages.going import with_retry
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.rules.arrivals import arrival_of
from volary.web import Form, Response, Visit, page

CONFIRM = "/settings/account/email"
"""Where the link of the letter leads; `accounts/letters/confirm_email` writes it out."""

SAVED = _("Your username and email address were saved.")
SAVED_AND_ASKED = _("Your username and email address were saved. We sent you a link to confirm the address.")
ASKED = _("We sent you a link. It holds for a day.")
ENOUGH = _("No further link was sent: there were enough of them for today, or there is nothing to confirm.")
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
        asked = await visit.db.write(change_login, proof, form.text("username"), form.text("email"), visit.language)
    except WrongPassword:
        form.refuse("current_password", WRONG_CURRENT)
        return await _shown(visit, login=form, status=400)
    except (UsernameTaken, TooManyGuesses) as refusal:
        form.add(refusal)
        return with_retry(await _shown(visit, login=form, status=refusal.status), refusal)
    return visit.redirect("/settings/account", notice=SAVED_AND_ASKED if asked else SAVED)


@page("POST", "/settings/account/contact", signed_in=True)
async def save_contact(visit: Visit) -> Response:
    """Keep another phone number and country. They are nobody else's business."""
    form = Form(visit)
    check_contact(form)
    if not form.good:
        return await _shown(visit, contact=form, status=400)
    await visit.db.write(change_contact, visit.me.account_id, form.text("phone"), form.text("country"))
    return visit.redirect("/settings/account", notice=_("Your phone number and country were saved."))


@page("POST", "/settings/account/confirm", signed_in=True)
async def write_again(visit: Visit) -> Response:
    """Send another letter to the address that is not confirmed yet."""
    sent = await visit.db.write(ask_to_confirm, visit.me.account_id, language=visit.language)
    return visit.redirect("/settings/account", notice=ASKED if sent else ENOUGH)


@page("GET", CONFIRM, signed_in=True)
async def ask_for_confirmation(visit: Visit) -> Response:
    """What the link of a letter leads to. It asks for a press: mail programs open links by themselves, to look at them."""
    return visit.render("person/confirm_email.html", me=await _me(visit), token=visit.query.get("token", "")[:100])


@page("POST", CONFIRM, signed_in=True)
async def confirm(visit: Visit) -> Response:
    """Confirm the address that the link was sent to. A link that does not hold answers 404, and says what to do."""
    try:
        await visit.db.write(
            confirm_email, visit.me.account_id, visit.form.get("token", "")[:100], address=visit.address
        )
    except (LinkUnknown, EmailTaken) as refusal:
        me = await _me(visit)
        return visit.render("person/confirm_email.html", refusal.status, me=me, token="", why=visit.t(refusal.message))
    return visit.redirect("/settings/account", notice=_("Your email address is confirmed."))


async def _shown(
    visit: Visit,
    profile: Form | None = None,
    login: Form | None = None,
    contact: Form | None = None,
    status: int = 200,
) -> Response:
    me, own = await _me(visit), await own_by_id(visit.db, visit.me.account_id)
    kept = {name: getattr(me, name) for name in _PROFILE} | {"language": me.language or visit.language}
    return visit.render(
        "person/account.html",
        status,
        profile=profile or _kept(visit, kept | {"protected": me.protected}),
        login=login or _kept(visit, {"username": me.username, "email": me.email}),
        contact=contact or _kept(visit, {"phone": own.phone, "country": own.country} if own else {}),
        lands=[("", visit.t("Not said")), *sorted(_countries(visit.language), key=lambda land: land[1])],
        me=me,
        tongues=[(language.code, language.name) for language in LANGUAGES],
        zones=[(zone, zone.replace("_", " ")) for zone in sorted(time_zones())],
    )


def _countries(language: str) -> list[tuple[str, str]]:
    """Codes and names of countries, as a language names them."""
    names = Locale.parse(language).territories
    return [(code, names.get(code, code)) for code in countries()]


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
