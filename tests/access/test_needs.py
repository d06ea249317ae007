"""Who may call what, beside a plain model of the rules that knows nothing of how they are written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from volary.access.caller import Caller, Scheme
from volary.access.errors import LevelTooLow, NotEnrolled, ScopeMissing, UnsupportedAuthentication
from volary.access.levels import Level
from volary.access.needs import Need
from volary.access.scopes import SCOPES

LEVELS = st.sampled_from(list(Level))
SOME_SCOPES = st.frozensets(st.sampled_from(sorted(SCOPES)[:6]))
NEEDS = st.builds(
    Need,
    oauth1=st.none() | LEVELS,
    scopes=st.none() | SOME_SCOPES,
    app_only=st.booleans(),
    project=st.booleans(),
)
CALLERS = st.builds(
    Caller,
    scheme=st.sampled_from(list(Scheme)),
    app_id=st.just(7),
    account_id=st.just(1),
    username=st.just("ann"),
    scopes=SOME_SCOPES,
    level=LEVELS,
    enrolled=st.booleans(),
)


def allowed(need: Need, caller: Caller) -> bool:
    """The rules as a person would tell them, one credential after the other."""
    if need.project and not caller.enrolled:
        return False
    permitted = {
        Scheme.OAUTH1: need.oauth1 is not None and int(caller.level) >= int(need.oauth1),
        Scheme.OAUTH2_USER: need.scopes is not None and all(scope in caller.scopes for scope in need.scopes),
        Scheme.APP_ONLY: need.app_only,
        Scheme.SESSION: False,
    }
    return permitted[caller.scheme]


def reason(need: Need, caller: Caller) -> type[Exception]:
    """Which refusal a caller who is not allowed must get: the Project first, then the kind of credentials, then their reach."""
    if need.project and not caller.enrolled:
        return NotEnrolled
    taken = {Scheme.OAUTH1: need.oauth1 is not None, Scheme.OAUTH2_USER: need.scopes is not None}
    if not taken.get(caller.scheme, False):
        return UnsupportedAuthentication
    return LevelTooLow if caller.scheme is Scheme.OAUTH1 else ScopeMissing


@pytest.mark.claim("C011", "C136", "C148")
@pytest.mark.attack("SR-184")
@given(NEEDS, CALLERS)
def test_a_caller_passes_exactly_when_the_plain_rules_say_so(need: Need, caller: Caller) -> None:
    if allowed(need, caller):
        need.check(caller)
        return
    with pytest.raises(reason(need, caller)) as refused:
        need.check(caller)
    assert type(refused.value) is reason(need, caller)


@pytest.mark.attack("SR-184")
@given(NEEDS, CALLERS)
def test_less_is_never_more(need: Need, caller: Caller) -> None:
    """A caller who is refused is refused with fewer scopes, a lower level, or without a Project too."""
    if allowed(need, caller):
        return
    weaker = [replace(caller, scopes=caller.scopes - {scope}) for scope in caller.scopes]
    weaker += [replace(caller, level=level) for level in Level if level < caller.level]
    for one in [*weaker, replace(caller, enrolled=False)]:
        with pytest.raises((UnsupportedAuthentication, LevelTooLow, ScopeMissing, NotEnrolled)):
            need.check(one)


def test_a_need_that_names_nothing_lets_nobody_pass() -> None:
    everything = frozenset(SCOPES)
    for scheme in Scheme:
        with pytest.raises(UnsupportedAuthentication):
            Need().check(Caller(scheme, 7, 1, "ann", everything, Level.DIRECT_MESSAGES))


@pytest.mark.claim("C136")
def test_the_refusal_names_what_was_used_and_what_would_work() -> None:
    need = Need(oauth1=Level.READ, scopes=frozenset({"tweet.read"}), app_only=True)
    assert need.supported == ("OAuth 2.0 Application-Only", "OAuth 1.0a User Context", "OAuth 2.0 User Context")
    with pytest.raises(UnsupportedAuthentication) as refused:
        Need(oauth1=Level.READ).check(Caller(Scheme.APP_ONLY, 7, None, "", frozenset(), Level.READ))
    assert refused.value.used == "OAuth 2.0 Application-Only"
    assert refused.value.supported == ("OAuth 1.0a User Context",)


def test_what_is_missing_is_for_the_log_alone() -> None:
    need = Need(scopes=frozenset({"dm.read", "dm.write"}))
    with pytest.raises(ScopeMissing) as refused:
        need.check(Caller(Scheme.OAUTH2_USER, 7, 1, "ann", frozenset({"dm.read"}), Level.READ))
    assert refused.value.why == "missing dm.write"
    assert "dm.write" not in str(refused.value)
