"""The refusals of access: each says which rule was not met, the API prints X's body for it (X facts 4.3)."""

from volary.kit.errors import Forbidden


class UnsupportedAuthentication(Forbidden):
    """The caller proved who it is in a way that this operation does not take (C136)."""

    def __init__(self, used: str, supported: tuple[str, ...]) -> None:
        super().__init__("This kind of credentials cannot be used here.")
        self.used = used
        self.supported = supported


class LevelTooLow(Forbidden):
    """The OAuth 1.0a permission level of the app or of its token does not reach this far (C202–C204)."""

    def __init__(self) -> None:
        super().__init__("The app's permission level does not allow this.")


class ScopeMissing(Forbidden):
    """The OAuth 2.0 token lacks a scope."""

    def __init__(self, missing: frozenset[str]) -> None:
        super().__init__(
            "The app was not given the permission that this needs.", why="missing " + " ".join(sorted(missing))
        )
        self.missing = missing


class FurtherPermissionMissing(Forbidden):
    """The operation takes a permission that only the platform's operator gives, and the app was not given it (C193)."""

    def __init__(self, app_id: int, permission: str) -> None:
        super().__init__(
            "This takes a further permission, which the operator of the platform gives to an App: %(permission)s.",
            permission=permission,
        )
        self.app_id = app_id
        self.permission = permission


class NotEnrolled(Forbidden):
    """The app stands outside every Project, and v2 wants one (C148)."""

    def __init__(self, app_id: int) -> None:
        super().__init__("The app must be attached to a Project to use this version of the API.")
        self.app_id = app_id
