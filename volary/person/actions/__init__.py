"""Acts that need several rooms in one transaction."""

from volary.person.actions.entering import NewAccount, change_login, have_managed, renew_password, sign_up
from volary.person.actions.leaving import go_away

__all__ = ["NewAccount", "change_login", "go_away", "have_managed", "renew_password", "sign_up"]
