"""What is read from the forms of this room; what is wrong stands beside its field."""

from collections.abc import Callable

from volary.accounts.errors import Refused, UsernameTaken
from volary.accounts.queries import account_by_username
from volary.accounts.rules import passwords
from volary.accounts.rules.names import checked_name, checked_username
from volary.accounts.rules.profiles import (
    Profile,
    checked_country,
    checked_description,
    checked_email,
    checked_language,
    checked_location,
    checked_phone,
    checked_time_zone,
    checked_website,
)
from volary.person.actions import NewAccount
from volary.web import Form, Visit


async def read_sign_up(visit: Visit, form: Form) -> NewAccount:
    """What somebody wants to sign up with; the form says everything that is wrong with it, the password included."""
    username, email = form.text("username"), form.text("email")
    new = NewAccount(username, form.text("name") or username, email, visit.language)
    if _sound(form, checked_username, username) and await account_by_username(visit.db, username) is not None:
        form.add(UsernameTaken())
    if form.text("name"):
        _sound(form, checked_name, new.name)
    if email:
        _sound(form, checked_email, email)
    check_new_password(form, form["password"], username, new.name, email)
    return new


def check_new_password(form: Form, password: str, *personal: str) -> None:
    """Say in the form what is wrong with a new password, which stands in its field `password`."""
    try:
        passwords.check(password, *personal)
    except Refused as refusal:
        form.add(refusal)


def read_profile(form: Form) -> Profile:
    """A profile; the form says everything that is wrong with it."""
    profile = Profile(
        name=form.text("name"),
        description=form.text("description"),
        location=form.text("location"),
        website=form.text("website"),
        language=form.text("language"),
        time_zone=form.text("time_zone"),
        protected=int(form.checked("protected")),
    )
    _sound(form, checked_name, profile.name)
    _sound(form, checked_description, profile.description)
    _sound(form, checked_location, profile.location)
    _sound(form, checked_website, profile.website)
    _sound(form, checked_language, profile.language)
    _sound(form, checked_time_zone, profile.time_zone)
    return profile


def check_contact(form: Form) -> None:
    """Say in the form what is wrong with a phone number and a country."""
    _sound(form, checked_phone, form.text("phone"))
    _sound(form, checked_country, form.text("country"))


def check_login(form: Form) -> None:
    """Say in the form what is wrong with a username and an address that somebody wants to take."""
    _sound(form, checked_username, form.text("username"))
    if form.text("email"):
        _sound(form, checked_email, form.text("email"))


def _sound(form: Form, check: Callable[[str], str], value: str) -> bool:
    """Whether a rule takes a value; if not, the form says why."""
    try:
        check(value)
    except Refused as refusal:
        form.add(refusal)
        return False
    return True
