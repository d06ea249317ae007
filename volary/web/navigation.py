"""What the header and the footer lead to. Only pages that exist are linked, so rooms can be added and left out."""

from collections.abc import Callable

import msgspec

from volary.language import mark as _
from volary.settings import Settings

SIGN_IN = "/login"


class Place(msgspec.Struct, frozen=True):
    """A link: where to, and what it is called (a catalogue sentence)."""

    path: str
    label: str
    icon: str = ""


_SIGNED_IN = (
    Place("/home", _("Home"), "home"),
    Place("/search", _("Search"), "search"),
    Place("/settings/apps", _("Apps and sessions"), "plug"),
    Place("/portal", _("Developer portal"), "code"),
    Place("/help", _("Help"), "help"),
)
_SIGNED_OUT = (
    Place("/help", _("Help"), "help"),
    Place("/signup", _("Sign up"), "user"),
    Place(SIGN_IN, _("Sign in"), "key"),
)
_ACCOUNT = (
    Place("/home/bookmarks", _("Bookmarks"), "bookmark"),
    Place("/settings", _("Settings and privacy"), "settings"),
    Place("/settings/apps", _("Apps and sessions"), "plug"),
)

_FOOTER = (
    ("help", "/help", _("Help")),
    ("status", "", _("Status")),
    ("accessibility", "/help/accessibility", _("Accessibility")),
    ("privacy", "", _("Privacy")),
    ("terms", "", _("Terms and conditions")),
    ("cookies", "/help/cookies", _("Cookies")),
    ("contact", "", _("Contact us")),
    ("embed", "", _("Embed a post")),
    ("documentation", "", _("Documentation")),
    ("forums", "", _("Forums")),
    ("developer_terms", "/help/developer-terms", _("Developer terms")),
)
"""The footer's links in their order (C238): the setting's name, our own page if there is one, the label."""


class Navigation:
    """The links of one installation."""

    def __init__(self, settings: Settings, exists: Callable[[str], bool]) -> None:
        self._signed_in = [place for place in _SIGNED_IN if exists(place.path)]
        self._signed_out = [place for place in _SIGNED_OUT if exists(place.path)]
        self.account = [place for place in _ACCOUNT if exists(place.path)]
        """What the account menu leads to."""
        self._wished = {name.replace("-", "_"): url for name, url in settings.site_links.items()}
        links = [Place(self._wished.get(name, own if exists(own) else ""), label) for name, own, label in _FOOTER]
        self.footer = [place for place in links if place.path]
        """What the operator set, else our own page; what is neither is left out, and so is what the operator set to nothing."""

    def place(self, name: str, own: str) -> str:
        """Where a text stands that an operator may replace: at the operator's address, else on our own page."""
        return self._wished.get(name) or own

    def main(self, *, signed_in: bool) -> list[Place]:
        """What the header leads to."""
        return self._signed_in if signed_in else self._signed_out
