"""Acts that need several rooms in one transaction."""

from volary.person.actions.entering import (
    NewAccount,
    change_login,
    choose_password,
    have_managed,
    renew_password,
    sign_up,
)
from volary.person.actions.leaving import go_away, leave_for_now

__all__ = [
    "NewAccount",
    "change_login",
    "choose_password",
    "go_away",
    "have_managed",
    "leave_for_now",
    "renew_password",
    "sign_up",
]
