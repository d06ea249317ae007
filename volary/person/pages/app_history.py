"""*What this app did*: everything that an app did in a person's name in the last 90 days, by day and one by one, with a way back where
there is one.
"""

from collections import Counter
from collections.abc import Callable

import msgspec

from volary.access.caller import in_person
from volary.accounts.queries import accounts_by_ids
from volary.kit.clock import DAY
from volary.kit.errors import NotFound, Refusal
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.oauth.consent.names import plain
from volary.person.actions.undoing import UNDO, undo
from volary.person.pages.apps import APPS, NOT_CONNECTED
from volary.person.queries.acts import DAYS, PAGE, Act, Count, Known, acts_of, counts_of, known_app
from volary.person.rules.acts import ABOUT_ACCOUNTS, ABOUT_POSTS, GROUPS, POSTED, told
from volary.posts.queries.reading import posts_by_ids
from volary.web import Response, Visit, page

UNDONE = _("It was undone.")
NOTHING_TO_UNDO = _("There was nothing left to undo.")
_HISTORY = APPS + "/{app_id}/history"
_EXCERPT = 120


_SAID: dict[str, Callable[[Visit, int], str]] = {
    "posts": lambda visit, n: visit.n("%(n)s post", "%(n)s posts", n),
    "reposts": lambda visit, n: visit.n("%(n)s repost", "%(n)s reposts", n),
    "deleted": lambda visit, n: visit.n("%(n)s post deleted", "%(n)s posts deleted", n),
    "liked": lambda visit, n: visit.n("%(n)s post liked or bookmarked", "%(n)s posts liked or bookmarked", n),
    "followed": lambda visit, n: visit.n("%(n)s account followed", "%(n)s accounts followed", n),
    "unfollowed": lambda visit, n: visit.n("%(n)s account unfollowed", "%(n)s accounts unfollowed", n),
    "muted": lambda visit, n: visit.n("%(n)s account muted or blocked", "%(n)s accounts muted or blocked", n),
    "sent": lambda visit, n: visit.n("%(n)s Direct Message sent", "%(n)s Direct Messages sent", n),
    "read": lambda visit, n: visit.n("Direct Messages read once", "Direct Messages read %(n)s times", n),
    "profile": lambda visit, n: visit.n("Profile changed once", "Profile changed %(n)s times", n),
}


class Told(msgspec.Struct, frozen=True):
    """One thing that an app did, as the page tells it: a sentence, whom or what it was about, and whether it can be undone."""

    act: Act
    sentence: str
    about: str
    undoable: bool


class Day(msgspec.Struct, frozen=True):
    """What an app did on a day, as words with numbers."""

    at: int
    words: tuple[str, ...]


@page("GET", _HISTORY, signed_in=True)
async def history(visit: Visit) -> Response:
    """The list, newest first, below what each day and all of them come to."""
    known = await _known(visit)
    acts = await acts_of(visit.db, visit.me.account_id, known.app_id, id_in(visit.query.get("before", "")))
    counts = await counts_of(visit.db, visit.me.account_id, known.app_id)
    return visit.render(
        "person/app_history.html",
        known=known,
        name=plain(known.name),
        acts=await _told(visit, acts[:PAGE]),
        older=acts[PAGE - 1].id if len(acts) > PAGE else None,
        days=_days(visit, counts),
        total=_words(visit, counts),
        span=DAYS,
    )


@page("POST", _HISTORY + "/undo", signed_in=True)
async def undo_one(visit: Visit) -> Response:
    """Undo one thing; what is undone already, or gone, is told so."""
    known = await _known(visit)
    caller = in_person(visit.me.account_id, visit.me.username)
    try:
        done = await visit.db.write(undo, caller, known.app_id, id_in(visit.form.get("act", "")) or 0)
    except Refusal:
        done = False
    return visit.redirect(f"{APPS}/{known.app_id}/history", notice=UNDONE if done else NOTHING_TO_UNDO)


async def _known(visit: Visit) -> Known:
    app_id = id_in(visit.path["app_id"])
    known = None if app_id is None else await known_app(visit.db, visit.me.account_id, app_id)
    if known is None:
        raise NotFound(NOT_CONNECTED)
    return known


async def _told(visit: Visit, acts: list[Act]) -> list[Told]:
    people = [act.subject_id for act in acts if act.kind in ABOUT_ACCOUNTS and act.subject_id]
    names = {row.id: f"@{row.username}" for row in await accounts_by_ids(visit.db, sorted(set(people)))}
    ids = [act.subject_id for act in acts if act.kind in ABOUT_POSTS and act.subject_id]
    found = await posts_by_ids(visit.db, visit.me.account_id, sorted(set(ids))) if ids else []
    texts = {row.id: row.text if len(row.text) <= _EXCERPT else row.text[:_EXCERPT] + "…" for row in found}
    return [
        Told(
            act,
            told(act.kind),
            names.get(act.subject_id or 0) or texts.get(act.subject_id or 0, ""),
            act.kind in UNDO and (act.kind != POSTED or act.subject_id in texts),
        )
        for act in acts
    ]


def _days(visit: Visit, counts: list[Count]) -> list[Day]:
    days = sorted({count.day for count in counts}, reverse=True)
    told_days = (Day(day * DAY, _words(visit, [count for count in counts if count.day == day])) for day in days)
    return [day for day in told_days if day.words]


def _words(visit: Visit, counts: list[Count]) -> tuple[str, ...]:
    sums: Counter[str] = Counter()
    for count in counts:
        sums[count.kind] += count.count
    found = ((group, sum(sums[kind] for kind in kinds)) for group, kinds in GROUPS.items())
    return tuple(_SAID[group](visit, number) for group, number in found if number)
