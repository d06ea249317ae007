"""The refusals of this room that a caller may have to tell apart."""

from volary.kit.errors import Conflict, Forbidden, Invalid, NotFound
from volary.language import mark as _


class BadAddress(Invalid):
    """A URL breaks a rule; the message says which one, `url` is the URL (C217 to C225, SR-169)."""

    def __init__(self, field: str, url: str, message: str, parameters: dict[str, str | int]) -> None:
        super().__init__(message, field=field)
        self.parameters = parameters
        self.url = url

    def __str__(self) -> str:
        return f"{self.url}: {super().__str__()}"


class TooManyCallbacks(Invalid):
    """More callback URLs than an App may have (C219)."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("An App can have at most %(limit)s callback URLs. Nothing was saved."), field="callbacks", limit=limit
        )


class NameTaken(Conflict):
    """Another App has this name, or one that reads the same."""

    def __init__(self) -> None:
        super().__init__(_("Another App already has this name. Please choose another one."), field="name")


class ProjectFull(Conflict):
    """The access tier allows no further App in this Project (C146, C147)."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("With your access tier, a Project can hold at most this many Apps: %(limit)s."),
            field="project",
            limit=limit,
        )


class TooManyApps(Conflict):
    """A developer has as many Apps, or Projects, as the installation allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _(
                "You have %(limit)s of them, which is as many as possible here. Delete one that you do not need any more."
            ),
            limit=limit,
        )


class NotADeveloper(Forbidden):
    """Creating something new needs a developer account (C161)."""

    def __init__(self) -> None:
        super().__init__(_("To create an App or a Project, sign up for a developer account first."))


class AppUnknown(NotFound):
    """No such App, or another team's: the two are told alike (SR-172)."""

    def __init__(self) -> None:
        super().__init__(_("There is no such App."))


class ProjectUnknown(NotFound):
    """No such Project, or another team's."""

    def __init__(self) -> None:
        super().__init__(_("There is no such Project."))


class AppSuspended(Forbidden):
    """The App is suspended: its owner can read its settings, and not get anything new for it (C176, SR-182)."""

    def __init__(self) -> None:
        super().__init__(_("This App is suspended."))


class TeamUnknown(NotFound):
    """No such team, or one that the account is not in."""

    def __init__(self) -> None:
        super().__init__(_("There is no such team."))


class MemberUnknown(NotFound):
    """The account is not in the team."""

    def __init__(self) -> None:
        super().__init__(_("This account is not in the team."))


class InvitationUnknown(NotFound):
    """The invitation was for somebody else, was withdrawn or answered, or has expired."""

    def __init__(self) -> None:
        super().__init__(_("This invitation is no longer there. Ask for a new one."))


class NotForThisRole(Forbidden):
    """A member of the team whose role does not reach that far (C162, SR-183)."""

    def __init__(self) -> None:
        super().__init__(_("Your role in this team does not allow this. Ask an administrator of the team."))


class LastAdministrator(Conflict):
    """A team is never left without an administrator."""

    def __init__(self) -> None:
        super().__init__(_("The team needs an administrator. Make somebody else one first."))


class TeamFull(Conflict):
    """A team has as many members as it can have, those who are invited counted."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("A team can have at most %(limit)s members, invitations included."), limit=limit)


class DeveloperWaits(Forbidden):
    """The developer account was not decided about yet."""

    def __init__(self) -> None:
        super().__init__(
            _("Your developer account waits for an operator. You can create Apps as soon as it is approved.")
        )


class DeveloperRefused(Forbidden):
    """The operator refused the developer account, and said why."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("Your developer account was refused: %(reason)s"), reason=reason)


class NameReserved(Conflict):
    """The operator keeps this name from Apps (SR-168)."""

    def __init__(self) -> None:
        super().__init__(_("This name is reserved. Please choose another one."), field="name")


class AppealUnknown(NotFound):
    """There is no such appeal."""

    def __init__(self) -> None:
        super().__init__(_("There is no such appeal."))
