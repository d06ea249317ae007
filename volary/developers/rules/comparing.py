"""Why a callback URL is not on an App's list although it looks like it: for the portal's tester and for error texts (C229, C230)."""

from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from volary.developers.rules.addresses import Fault
from volary.developers.rules.callbacks import fault_of
from volary.developers.rules.loopback import listed_but_for_port
from volary.language import mark as _


class Verdict(msgspec.Struct, frozen=True):
    """What the tester says about a URL: whether it is listed, and if not, why not."""

    listed: bool
    """Also for a URL that differs from `entry` in its port alone, where the App takes any."""
    entry: str | None = None
    """The listed URL that comes closest, where one does."""
    fault: Fault | None = None
    """What keeps the URL from matching: a difference to `entry`, or a rule that it breaks."""


def explain_callback(url: str, allowlist: Sequence[str], *, any_port: bool = False) -> Verdict:
    """Say whether an App's list holds a URL exactly, and if not, what is different or which rule forbids it.

    `any_port`: OAuth 2.0 takes any port of this App's loopback addresses (D6).
    """
    if url in allowlist:
        return Verdict(listed=True, entry=url)
    if any_port and (entry := listed_but_for_port(url, allowlist)) is not None:
        return Verdict(listed=True, entry=entry)
    for differs, sentence in _WHOLE:
        for entry in allowlist:
            if differs(url, entry):
                return Verdict(listed=False, entry=entry, fault=Fault(sentence))
    broken = fault_of(url)
    if broken is not None:
        return Verdict(listed=False, fault=broken)
    return _part_that_differs(url, allowlist) or Verdict(listed=False, fault=Fault(_NOT_LISTED))


def _part_that_differs(url: str, allowlist: Sequence[str]) -> Verdict | None:
    parts = urlsplit(url)
    for differs, sentence in _PARTS:
        for entry in allowlist:
            if differs(parts, urlsplit(entry)):
                return Verdict(listed=False, entry=entry, fault=Fault(sentence))
    return None


def _encoded(url: str, entry: str) -> bool:
    return unquote(url) == entry or unquote(unquote(url)) == entry


def _cut_off(url: str, entry: str) -> bool:
    """The rest after a raw & was taken for another parameter of the authorization request (C218)."""
    return entry.startswith(url + "&")


def _same_but(*fields: str) -> Callable[[SplitResult, SplitResult], bool]:
    """Whether two URLs differ in these fields alone."""

    def differs(one: SplitResult, other: SplitResult) -> bool:
        return one._replace(**dict.fromkeys(fields, "")) == other._replace(**dict.fromkeys(fields, ""))

    return differs


def _port(one: SplitResult, other: SplitResult) -> bool:
    return _same_but("netloc")(one, other) and one.hostname == other.hostname


def _below(one: SplitResult, other: SplitResult) -> bool:
    return (
        one.scheme == other.scheme and one.netloc == other.netloc and one.path.startswith(other.path.rstrip("/") + "/")
    )


_NOT_LISTED = _("This URL is not on the callback URL list of this App.")

_WHOLE: tuple[tuple[Callable[[str, str], bool], str], ...] = (
    (_encoded, _("It matches only after decoding: HTTP-encode the callback URL once, not twice, when you send it.")),
    (_cut_off, _("It ends where an & stands in the listed URL: HTTP-encode the callback URL when you send it.")),
    (lambda url, entry: url.rstrip("/") == entry.rstrip("/"), _("Only the slash at the end is different.")),
    (lambda url, entry: url.lower() == entry.lower(), _("Only capital and small letters are different.")),
    (
        lambda url, entry: url.partition("#")[0] == entry,
        _("The listed URL has no fragment (the part after a # sign)."),
    ),
    (lambda url, entry: url.strip() == entry, _("There is a space or line break before or after the URL.")),
)

_PARTS: tuple[tuple[Callable[[SplitResult, SplitResult], bool], str], ...] = (
    (_same_but("scheme"), _("The protocol is different (such as http instead of https).")),
    (_port, _("The port is different.")),
    (_same_but("netloc"), _("The host is different.")),
    (
        _same_but("query"),
        _("The query (the part after a question mark) is different. With OAuth 2.0, carry data of your own in state."),
    ),
    (_below, _("The path goes on below the listed one; callback URLs are compared exactly.")),
    (_same_but("path"), _("The path is different.")),
)
