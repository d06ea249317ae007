"""Who may do what in a team: the one table that queries, pages, the command line and tests read (C162, contradiction 27).

Administrators do everything. A developer sees everything, and changes the Apps that an administrator gave into their care: those whose
*owner* they are. An App's own access token acts as its owner, so it is the owner's alone (SR-182). Whoever is not in the team finds
nothing there (SR-172), and a member who may not do something is told so (SR-183).
"""

import enum
from collections.abc import Mapping

from volary.language import mark as _

ADMINISTRATOR, DEVELOPER = "administrator", "developer"
OWNER = "owner"
"""Not a role of a member, but how a member stands to one App."""

ROLES = {ADMINISTRATOR: _("Administrator"), DEVELOPER: _("Developer")}
"""The roles with their labels, the higher one first."""


class Act(enum.Enum):
    """What is done in the portal. The value is its name in templates."""

    SEE = "see"
    EDIT_APP = "edit_app"
    SET_PERMISSIONS = "set_permissions"
    RENEW_CREDENTIALS = "renew_credentials"
    REVOKE_CREDENTIALS = "revoke_credentials"
    OWN_TOKEN = "own_token"
    CREATE_APP = "create_app"
    MOVE_APP = "move_app"
    GIVE_APP = "give_app"
    DELETE_APP = "delete_app"
    UNDELETE_APP = "undelete_app"
    CREATE_PROJECT = "create_project"
    EDIT_PROJECT = "edit_project"
    DELETE_PROJECT = "delete_project"
    RENAME_TEAM = "rename_team"
    INVITE = "invite"
    SET_ROLE = "set_role"
    REMOVE_MEMBER = "remove_member"
    LEAVE = "leave"
    ASK_FOR_TIER = "ask_for_tier"


_EVERYBODY = frozenset({ADMINISTRATOR, DEVELOPER})
_ADMINISTRATORS = frozenset({ADMINISTRATOR})
_IN_CARE = frozenset({ADMINISTRATOR, OWNER})

WHO_MAY: Mapping[Act, frozenset[str]] = {
    Act.SEE: _EVERYBODY,
    Act.EDIT_APP: _IN_CARE,
    Act.SET_PERMISSIONS: _IN_CARE,
    Act.RENEW_CREDENTIALS: _IN_CARE,
    Act.REVOKE_CREDENTIALS: _IN_CARE,
    Act.OWN_TOKEN: frozenset({OWNER}),
    Act.CREATE_APP: _ADMINISTRATORS,
    Act.MOVE_APP: _ADMINISTRATORS,
    Act.GIVE_APP: _ADMINISTRATORS,
    Act.DELETE_APP: _ADMINISTRATORS,
    Act.UNDELETE_APP: _ADMINISTRATORS,
    Act.CREATE_PROJECT: _ADMINISTRATORS,
    Act.EDIT_PROJECT: _ADMINISTRATORS,
    Act.DELETE_PROJECT: _ADMINISTRATORS,
    Act.RENAME_TEAM: _ADMINISTRATORS,
    Act.INVITE: _ADMINISTRATORS,
    Act.SET_ROLE: _ADMINISTRATORS,
    Act.REMOVE_MEMBER: _ADMINISTRATORS,
    Act.LEAVE: _EVERYBODY,
    Act.ASK_FOR_TIER: _ADMINISTRATORS,
}
"""The table. A member in two ways (an administrator who owns the App) may what either may."""


def may(act: Act, role: str, *, owner: bool = False) -> bool:
    """Whether a member with this role may do it; `owner` tells whether the App in question is theirs."""
    return role in WHO_MAY[act] or (owner and OWNER in WHO_MAY[act])


def acts_of(role: str, *, owner: bool = False) -> frozenset[str]:
    """The names of everything that a member may do, for templates."""
    return frozenset(act.value for act in Act if may(act, role, owner=owner))
