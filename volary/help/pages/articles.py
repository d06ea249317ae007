"""The welcome page and the articles of the help center. A topic is a template of its own; all are shown by one handler."""

import msgspec

from volary.language import mark as _
from volary.oauth.consent import kinds as connecting
from volary.web import Response, Visit, kinds, page
from volary.web.problems import CODES_PAGE as ERRORS

CENTER = "/help"


class Topic(msgspec.Struct, frozen=True):
    """An article: its path, its heading, and what it is about."""

    path: str
    title: str
    about: str

    @property
    def template(self) -> str:
        """`/help/cookies` is `help/cookies.html`."""
        return f"{self.path[1:]}.html"


class Cookie(msgspec.Struct, frozen=True):
    """A cookie that this server sets: what for, and how long it stays (C237)."""

    name: str
    purpose: str
    stays: str


TOPICS = (
    Topic(
        "/help/third-party-apps",
        _("About third-party apps and log in sessions"),
        _("What connected apps may do, how to connect and remove them, and how to log out elsewhere."),
    ),
    Topic(
        "/help/security",
        _("Account security tips"),
        _("How to check that you are on the real site, and how to keep your account yours."),
    ),
    Topic(
        "/help/compromised-accounts",
        _("Compromised accounts"),
        _("What to do when somebody or some app acts in your name without your consent."),
    ),
    Topic(
        "/help/following-rules",
        _("Following rules and best practices"),
        _("Why offers of quick followers do harm, and what we expect of everyone."),
    ),
    Topic(
        "/help/developer-policy",
        _("Developer Policy"),
        _("The rules that developers of third-party apps agree to."),
    ),
    Topic(
        "/help/developer-terms",
        _("Developer terms"),
        _("What holds between the operator of this server and those who build on it."),
    ),
    Topic(
        ERRORS,
        _("Error codes"),
        _("What each error page means, what to do, and what developers should check."),
    ),
    Topic(
        "/help/cookies",
        _("Cookies"),
        _("Which cookies this server sets, and what each is for."),
    ),
    Topic(
        "/help/accessibility",
        _("Accessibility"),
        _("How these pages can be used, and whom to tell when they cannot."),
    ),
)
_BY_PATH = {topic.path: topic for topic in TOPICS}

COOKIES = (
    Cookie(
        "session",
        _("Keeps you signed in, with each account that you added in this browser."),
        _("Until you log out"),
    ),
    Cookie(
        "visit",
        _("Ties forms to this browser while nobody is signed in, so that other sites cannot fill them in."),
        _("Until you close the browser"),
    ),
    Cookie(
        "language",
        _("Remembers the language that you chose at the foot of a page."),
        _("One year"),
    ),
    Cookie(
        "notice",
        _("Carries one message, such as “Your password was changed.”, to the next page."),
        _("Until the next page"),
    ),
)
"""Every cookie of the product by its short name; a test holds this list against the code."""

ERROR_KINDS = ((_("When an app wants to connect"), connecting.KINDS), (_("On every page"), kinds.KINDS))
"""Every code that an error page shows, under the heading of where it comes up; a test holds this list against the pages."""


@page("GET", "/")
async def welcome(visit: Visit) -> Response:
    """What this server is for; whoever is signed in goes on to Home."""
    if visit.current is not None:
        for path in ("/home", "/settings"):
            if visit.has_door(path):
                return visit.redirect(path)
    return visit.render("help/welcome.html")


@page("GET", CENTER)
async def center(visit: Visit) -> Response:
    """All topics."""
    return visit.render("help/center.html", topics=TOPICS)


async def article(visit: Visit) -> Response:
    """One topic."""
    topic = _BY_PATH[visit.request.scope["path"]]
    return visit.render(topic.template, topic=topic, center=CENTER, cookies=COOKIES, errors=ERROR_KINDS)


for _topic in TOPICS:
    page("GET", _topic.path)(article)
