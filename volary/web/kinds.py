"""What can go wrong on a page, kind by kind: one table for the pages that say so and for the help page that lists them all.

Each kind has a code that stays the same in every language, so that people can read it out and developers can look it up.
"""

import msgspec

from volary.language import mark as _


class Kind(msgspec.Struct, frozen=True):
    """A kind of problem, in catalogue sentences."""

    status: int
    code: str
    title: str
    about: str
    """What happened, where nothing closer is known."""
    next: str
    """What a person can do now."""
    rule: str = ""
    """What a developer's request did not keep to, and where it is written."""
    way: tuple[str, str] | None = None
    """Where to go next, where that is no matter of going back: a path and its label."""
    article: tuple[str, str] | None = None
    """What explains it: the path of an article and its label."""


BY_STATUS = {
    kind.status: kind
    for kind in (
        Kind(
            400,
            "invalid-request",
            _("That did not work"),
            _("Something that this page needs was missing, was there twice, or could not be read."),
            _("Go back, look at what you entered, and try again."),
        ),
        Kind(
            401,
            "unauthenticated",
            _("Please sign in"),
            _("This page is for people who are signed in."),
            _("Sign in, and open the page again."),
            way=("/login", _("Sign in")),
        ),
        Kind(
            403,
            "forbidden",
            _("This is not allowed"),
            _("The account that you use now may not see or change this."),
            _("If you have several accounts, switch to the right one at the top of the page."),
        ),
        Kind(
            404,
            "not-found",
            _("Page not found"),
            _("There is nothing at this address, or nothing that you may see. It may have been moved or deleted."),
            _("Check the address for typing errors, or begin at the start page."),
        ),
        Kind(
            405,
            "method-not-allowed",
            _("This address works in another way"),
            _("This address is there, but not for this kind of request."),
            _("Go back, and use the links and buttons of the page that you came from."),
        ),
        Kind(
            408,
            "too-slow",
            _("That took too long"),
            _("The form took too long to arrive. Please send it again."),
            _("Check your connection, then go back and send the form again."),
        ),
        Kind(
            409,
            "conflict",
            _("That is not possible any more"),
            _("Something changed in the meantime, for example because it was done in another window."),
            _("Go back, load the page anew, and look at how things stand now."),
        ),
        Kind(
            413,
            "too-large",
            _("That is too large"),
            _("This is more than the page takes."),
            _("Go back, and send less text or a smaller file."),
        ),
        Kind(
            415,
            "unsupported-type",
            _("This kind of content is not taken"),
            _("This page takes forms only."),
            _("Go back, and use the form of the page."),
        ),
        Kind(
            429,
            "too-many-requests",
            _("Too many attempts"),
            _("Something was tried more often than is allowed in so short a time."),
            _("Wait a few minutes, then try again."),
        ),
        Kind(
            500,
            "internal-error",
            _("Something went wrong on our side"),
            _(
                "The request could not be completed because of an error in the server. "
                "Nothing was lost that you had saved before."
            ),
            _(
                "Try again in a moment. If it goes wrong again, tell the operator of this server the request number below."
            ),
        ),
        Kind(
            503,
            "busy",
            _("Not just now"),
            _("This server has too much to do at the moment. Nothing was changed."),
            _("Wait a moment, then try again."),
        ),
    )
}

FORM_EXPIRED = Kind(
    403,
    "form-expired",
    _("This form is out of date"),
    _("This page was open too long, or you signed in or out in the meantime. Nothing was changed."),
    _("Open the page again, and fill in the form once more."),
)
FORM_FROM_ELSEWHERE = Kind(
    403,
    "form-from-elsewhere",
    _("This form came from another site"),
    _("Your browser says that another website sent this form to us for you. Nothing was done."),
    _("If you did not expect this, close the page. If you did, open the page here yourself and fill in its form."),
)
COOKIES_OFF = Kind(
    403,
    "cookies-off",
    _("Your browser sent no cookie"),
    _("Forms here need a cookie, so that no other website can send them for you. Nothing was done."),
    _("Please allow cookies for this site, then start again: in the app, if an app sent you here."),
    article=("/help/cookies", _("What are cookies?")),
)

KINDS = (*BY_STATUS.values(), FORM_EXPIRED, FORM_FROM_ELSEWHERE, COOKIES_OFF)
"""Every kind that any page may meet; rooms have further ones of their own."""


def kind_of(status: int) -> Kind:
    """The kind that a status stands for where nothing closer is known."""
    return BY_STATUS.get(status, BY_STATUS[400])
