"""The demo's outbox: the letters that a mail server would have sent. Only a demo has this page: it shows all of them to anybody."""

import re
from collections.abc import Sequence

import msgspec

from volary.kit.secrets import SealBroken
from volary.mail.models import LetterRow
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.web import Response, Visit, page

_MOST = 50
_LINK = re.compile(r"(https?://\S+)")


class Shown(msgspec.Struct, frozen=True):
    """A letter on the page: whole where it is still here, and its text in pieces, of which every second one is a link."""

    row: LetterRow
    subject: str
    pieces: Sequence[str]


@page("GET", "/outbox")
async def outbox(visit: Visit) -> Response:
    """The latest letters, as their readers would see them."""
    writer, rows = visit.resources[Writer], await latest_letters(visit.db, _MOST)
    return visit.render("person/outbox.html", letters=[_shown(visit, writer, row) for row in rows])


def _shown(visit: Visit, writer: Writer, row: LetterRow) -> Shown:
    try:
        written = read(visit.db.keys, writer, row)
    except (LookupError, SealBroken):
        return Shown(row, row.template, ())
    return Shown(row, written.subject, _LINK.split(written.text))
