"""What an operation needs of its caller, and the comparison of the two. Narrow by default: a scheme that is not named is refused."""

import msgspec

from volary.access.caller import Caller, Scheme
from volary.access.errors import LevelTooLow, NotEnrolled, ScopeMissing, UnsupportedAuthentication
from volary.access.levels import Level


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """Which proofs an operation takes and how much each must permit.

    `oauth1`: the lowest level that suffices, None where OAuth 1.0a is not taken. `scopes`: the OAuth 2.0 scopes that must all be there,
    None where user tokens are not taken. `app_only`: whether an app may call on its own behalf. `project`: whether the app must belong
    to a Project (v2: yes).
    """

    oauth1: Level | None = None
    scopes: frozenset[str] | None = None
    app_only: bool = False
    project: bool = True

    def check(self, caller: Caller) -> None:
        """Let the caller pass, or raise the refusal that says which rule it does not meet."""
        scheme = caller.scheme
        if scheme is Scheme.OAUTH2_USER and self.scopes is not None:
            missing = self.scopes - caller.scopes
            refused: Exception | None = ScopeMissing(missing) if missing else None
        elif scheme is Scheme.OAUTH1 and self.oauth1 is not None:
            refused = LevelTooLow() if caller.level < self.oauth1 else None
        elif scheme is Scheme.APP_ONLY and self.app_only:
            refused = None
        else:
            refused = UnsupportedAuthentication(scheme.value, self.supported)
        if self.project and not caller.enrolled and caller.app_id is not None:
            raise NotEnrolled(caller.app_id)
        if refused is not None:
            raise refused

    @property
    def supported(self) -> tuple[str, ...]:
        """The schemes that the operation takes, by X's names, in X's order."""
        names = (
            (Scheme.APP_ONLY, self.app_only),
            (Scheme.OAUTH1, self.oauth1 is not None),
            (Scheme.OAUTH2_USER, self.scopes is not None),
        )
        return tuple(scheme.value for scheme, taken in names if taken)
