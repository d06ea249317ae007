"""The composer: what somebody wrote, as a draft."""

from volary.access.caller import Caller, in_person
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.posts.actions.writing import Draft
from volary.posts.rules.polls import NewPoll
from volary.web import Form, Visit

OPTIONS = ("option1", "option2", "option3", "option4")
"""The fields of a poll's options."""

WHO_REPLIES = (
    ("everyone", _("Everyone")),
    ("following", _("People you follow, and those you mention")),
    ("mentionedUsers", _("Only people you mention")),
)
"""Whom a post can be answered by, by X's words, which rows keep."""

LASTING = (
    (60, _("An hour")),
    (24 * 60, _("A day")),
    (3 * 24 * 60, _("Three days")),
    (7 * 24 * 60, _("A week")),
)
"""How long a poll can be voted in, in minutes."""

_NOT_OFFERED = _("Choose one of the options.")


def myself(visit: Visit) -> Caller:
    """Whoever is signed in, acting in person."""
    return in_person(visit.me.account_id, visit.me.username)


def draft_of(form: Form) -> Draft | None:
    """What the composer sent; None where the form says something that its page does not offer, which stands beside its field then."""
    replies, minutes = form.text("reply_settings") or "everyone", form.text("minutes") or str(LASTING[1][0])
    if replies not in dict(WHO_REPLIES):
        form.refuse("reply_settings", _NOT_OFFERED)
    if minutes not in {str(offered) for offered, _label in LASTING}:
        form.refuse("minutes", _NOT_OFFERED)
    if not form.good:
        return None
    options = tuple(text for name in OPTIONS if (text := form.text(name)))
    return Draft(
        form["text"],
        reply_to_id=id_in(form["reply"]),
        quote_of_id=id_in(form["quote"]),
        edits_id=id_in(form["edit"]),
        reply_settings=replies,
        names_first=bool(form["reply"]),
        poll=NewPoll(options, int(minutes)) if options else None,
    )
