"""What tokens should do, in plain Python: no database, no digests, no statements.

Every rule has a name and can be left out (`broken`), so that a test can see that a walk would notice its absence.
"""

from dataclasses import dataclass, field

from volary.access.levels import Level

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
OFFLINE, EMAIL = "offline.access", "users.email"

RULES = (
    "an access token expires",
    "a refresh token expires",
    "a refresh token is rotated once",
    "a replay ends the family",
    "a confidential client may retry",
    "a public client may not",
    "the grace has an end",
    "the use of the successor ends the grace",
    "a code lives for thirty seconds",
    "a code is taken once",
    "five tries end a code",
    "another client gets nothing",
    "an app ends its own families alone",
    "revoking a token ends its family",
    "a person's revoking ends every family",
    "the last consent decides about staying connected",
    "a new password drops codes",
    "a suspended app does nothing",
    "a protocol that is off does nothing",
    "an account that is not active does nothing",
    "an epoch ends what was before it",
    "a lower level bites at once",
    "a discarded level ends its tokens",
    "the email switch bites at once",
    "one family where the app wants one",
)


@dataclass
class App:
    name: str
    confidential: bool
    level: Level = Level.DIRECT_MESSAGES
    active: bool = True
    oauth1: bool = True
    oauth2: bool = True
    email: bool = True
    one_family: bool = False
    epoch: int = 0


@dataclass
class Account:
    name: str
    active: bool = True
    epoch: int = 0


@dataclass
class Grant:
    app: App
    account: Account
    scopes: frozenset[str] = frozenset()
    live: bool = True


@dataclass(eq=False)
class Family:
    grant: Grant
    oauth2: bool
    live: bool = True


@dataclass(eq=False)
class Made:
    """What hangs from a family, with the epochs of its beginning."""

    family: Family
    epochs: tuple[int, int]
    swept: bool = field(default=False, kw_only=True)


@dataclass(eq=False)
class Lasting(Made):
    """A token of OAuth 2.0."""

    scopes: tuple[str, ...]
    expires: int


@dataclass(eq=False)
class Access(Lasting):
    watched: int = 0
    """Until when its first use would be noted."""


@dataclass(eq=False)
class Refresh(Lasting):
    rotated: int | None = None
    successor: "tuple[Access, Refresh, tuple[str, ...]] | None" = None


@dataclass(eq=False)
class Signing(Made):
    """A token of OAuth 1.0a."""

    level: Level
    email: bool


@dataclass(eq=False)
class Code:
    grant: Grant
    epochs: tuple[int, int]
    scopes: tuple[str, ...]
    made: int
    tries: int = 0
    family: Family | None = None
    dropped: bool = False


@dataclass
class Model:
    """The whole of it. Each method says what the server should answer, and does what the server should do."""

    apps: dict[str, App]
    accounts: dict[str, Account]
    broken: str = ""
    now: int = 0
    grants: list[Grant] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    refreshes: list[Refresh] = field(default_factory=list)
    signings: list[Signing] = field(default_factory=list)

    def holds(self, rule: str) -> bool:
        assert rule in RULES, rule
        return rule != self.broken

    # ---------------------------------------------------------------------------------------------------- what is alive

    def speaks(self, app: App, *, oauth2: bool) -> bool:
        """Whether the App may do anything by this protocol."""
        if not app.active and self.holds("a suspended app does nothing"):
            return False
        return (app.oauth2 if oauth2 else app.oauth1) or not self.holds("a protocol that is off does nothing")

    def holds_up(self, grant: Grant, epochs: tuple[int, int], *, oauth2: bool) -> bool:
        """Whether what hangs from a grant may live."""
        person = grant.account.active or not self.holds("an account that is not active does nothing")
        same = epochs == (grant.app.epoch, grant.account.epoch) or not self.holds("an epoch ends what was before it")
        return grant.live and person and same and self.speaks(grant.app, oauth2=oauth2)

    def alive(self, made: Made) -> bool:
        family = made.family
        return family.live and self.holds_up(family.grant, made.epochs, oauth2=family.oauth2)

    def end(self, family: Family) -> None:
        family.live = False

    def live_families(self) -> int:
        return sum(family.live for family in self.families)

    # ----------------------------------------------------------------------------------------------------- consent, codes

    def grant_of(self, app: App, account: Account) -> Grant:
        for grant in self.grants:
            if grant.live and grant.app is app and grant.account is account:
                return grant
        self.grants.append(Grant(app, account))
        return self.grants[-1]

    def consent(self, app: App, account: Account, scopes: tuple[str, ...]) -> Code:
        grant = self.grant_of(app, account)
        kept = grant.scopes
        if self.holds("the last consent decides about staying connected"):
            kept -= {OFFLINE}
        grant.scopes = kept | frozenset(scopes)
        self.codes.append(Code(grant, (app.epoch, account.epoch), scopes, self.now))
        return self.codes[-1]

    def exchange(self, app: App, code: Code, *, right: bool) -> tuple[Access, Refresh | None] | int:
        if not self.speaks(app, oauth2=True):
            return 401
        if code.dropped or (code.grant.app is not app and self.holds("another client gets nothing")):
            return 400
        if code.family is not None and self.holds("a code is taken once"):
            self.end(code.family)
            return 400
        if self.now - code.made >= 30 * SECOND and self.holds("a code lives for thirty seconds"):
            return 400
        if code.tries >= 5 and self.holds("five tries end a code"):
            return 400
        if not right:
            code.tries += 1
            return 400
        if not self.holds_up(code.grant, code.epochs, oauth2=True):
            return 400
        code.family = self.start(code.grant, oauth2=True)
        return self.tokens(code.family, code.epochs, code.scopes, code.scopes)

    def start(self, grant: Grant, *, oauth2: bool) -> Family:
        if oauth2 and grant.app.one_family and self.holds("one family where the app wants one"):
            for other in self.families:
                if other.grant is grant and other.oauth2:
                    self.end(other)
        self.families.append(Family(grant, oauth2))
        return self.families[-1]

    def tokens(
        self, family: Family, epochs: tuple[int, int], scopes: tuple[str, ...], whole: tuple[str, ...], watched: int = 0
    ) -> tuple[Access, Refresh | None]:
        access = Access(family, epochs, scopes, self.now + 2 * HOUR, watched)
        self.accesses.append(access)
        if OFFLINE not in whole:
            return access, None
        refresh = Refresh(family, epochs, whole, self.now + 180 * DAY)
        self.refreshes.append(refresh)
        return access, refresh

    # ------------------------------------------------------------------------------------------------------------ refresh

    def usable(self, token: Refresh) -> bool:
        in_time = self.now < token.expires or not self.holds("a refresh token expires")
        return in_time and self.alive(token) and OFFLINE in token.family.grant.scopes

    def refresh(self, app: App, token: Refresh, scopes: tuple[str, ...] | None) -> tuple[Access, Refresh | None] | int:
        if not self.speaks(app, oauth2=True):
            return 401
        other = token.family.grant.app is not app and self.holds("another client gets nothing")
        if token.swept or other:
            return 400
        asked = token.scopes if scopes is None else scopes
        if token.rotated is not None and self.holds("a refresh token is rotated once"):
            return self.again(app, token, asked)
        if not set(asked) <= set(token.scopes) or not self.usable(token):
            return 400
        access, following = self.tokens(token.family, token.epochs, asked, token.scopes, self.now + 10 * SECOND)
        assert following is not None
        token.rotated, token.successor = self.now, (access, following, asked)
        return access, following

    def again(self, app: App, token: Refresh, asked: tuple[str, ...]) -> tuple[Access, Refresh | None] | int:
        assert token.successor is not None
        assert token.rotated is not None
        access, following, before = token.successor
        in_time = self.now < token.rotated + 10 * SECOND or not self.holds("the grace has an end")
        unused = (access.watched and following.rotated is None) or not self.holds(
            "the use of the successor ends the grace"
        )
        who = app.confidential and self.holds("a confidential client may retry")
        if not app.confidential and not self.holds("a public client may not"):
            who = True
        if who and in_time and unused and asked == before and self.usable(following):
            return access, following
        if self.holds("a replay ends the family"):
            self.end(token.family)
        return 400

    # ---------------------------------------------------------------------------------------------------------------- use

    def use(self, token: Access) -> frozenset[str] | None:
        """The scopes of a call, or None when it is refused."""
        if not self.alive(token) or (self.now >= token.expires and self.holds("an access token expires")):
            return None
        if token.watched > self.now:
            token.watched = 0
        email = token.family.grant.app.email or not self.holds("the email switch bites at once")
        held = frozenset(token.scopes) & token.family.grant.scopes
        return held - (frozenset() if email else {EMAIL})

    def sign(self, token: Signing) -> tuple[Level, bool] | None:
        """The level of a signed call and whether it may read the email address, or None when it is refused."""
        if not self.alive(token):
            return None
        app = token.family.grant.app
        level = min(token.level, app.level) if self.holds("a lower level bites at once") else token.level
        return level, token.email and (app.email or not self.holds("the email switch bites at once"))

    # ------------------------------------------------------------------------------------------------------------- ending

    def revoke(self, app: App, made: Made) -> int:
        if not self.speaks(app, oauth2=True):
            return 401
        own = made.family.grant.app is app or not self.holds("an app ends its own families alone")
        if own and self.holds("revoking a token ends its family") and not made.swept:
            self.end(made.family)
        return 200

    def disconnect(self, app: App, account: Account) -> bool:
        for grant in self.grants:
            if grant.live and grant.app is app and grant.account is account:
                grant.live = False
                self._clear(grant)
                return True
        return False

    def _clear(self, grant: Grant) -> None:
        if self.holds("a person's revoking ends every family"):
            for family in self.families:
                if family.grant is grant:
                    self.end(family)
        else:
            grant.live = True
        for code in self.codes:
            code.dropped = code.dropped or code.grant is grant

    def new_password(self, account: Account) -> None:
        if self.holds("a new password drops codes"):
            for code in self.codes:
                code.dropped = code.dropped or (code.grant.account is account and code.family is None)

    def discard(self, app: App) -> None:
        if self.holds("a discarded level ends its tokens"):
            for token in self.signings:
                same = token.epochs[0] == app.epoch and token.family.grant.live
                if token.family.grant.app is app and same and token.level != app.level:
                    self.end(token.family)

    def sweep(self) -> None:
        """What the server forgets: nothing of it may be missed, but for replays more than a day after the end of a token."""
        old = self.now - DAY
        lasting: list[Lasting] = [*self.refreshes, *self.accesses]
        for made in lasting:
            made.swept = made.swept or made.expires < old or not made.family.live
        for code in self.codes:
            code.dropped = code.dropped or code.made + 30 * SECOND < old

    def authorized(self, app: App, account: Account, level: Level, *, email: bool) -> Signing:
        """The three legs of OAuth 1.0a."""
        token = Signing(self.start(self.grant_of(app, account), oauth2=False), (app.epoch, account.epoch), level, email)
        self.signings.append(token)
        return token

    def forget(self, most: int) -> None:
        """Keep the latest of each kind: a long walk is about what happens now."""
        del self.accesses[:-most], self.refreshes[:-most], self.codes[:-most]
        # A level that is discarded ends each of these, however old it is.
        self.signings = [one for one in self.signings[:-most] if one.family.live] + self.signings[-most:]
        held = {id(made.family) for made in (*self.accesses, *self.refreshes, *self.signings)}
        held |= {id(code.family) for code in self.codes}
        self.families = [family for family in self.families if family.live or id(family) in held]
        self.grants = [grant for grant in self.grants if grant.live]
