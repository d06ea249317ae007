"""What the pages of one App share: its frame with the tabs, and the page that shows credentials once."""

from collections.abc import Sequence

import msgspec

from volary.developers.models import SUSPENDED, AppRow
from volary.developers.queries import app_of_member, icon_versions, team_of_member
from volary.developers.rules.icons import icon_path
from volary.developers.rules.roles import Act, acts_of
from volary.portal.forms.settings import app_id_of
from volary.web import Response, Visit


class Shown(msgspec.Struct, frozen=True):
    """A credential in plain text with its label (a catalogue sentence)."""

    label: str
    text: str


async def app_of(visit: Visit, act: Act = Act.SEE) -> AppRow:
    """The App of one of the visitor's teams that the path names. Raises AppUnknown (SR-172), NotForThisRole (SR-183)."""
    return await app_of_member(visit.db, visit.me.account_id, app_id_of(visit), act)


async def framed(visit: Visit, template: str, app: AppRow, status: int = 200, **context: object) -> Response:
    """A page of an App's settings: its head, its tabs, then the template's own part."""
    versions = await icon_versions(visit.db, [app.id])
    team = await team_of_member(visit.db, visit.me.account_id, app.team_id)
    return visit.render(
        template,
        status,
        app=app,
        team=team,
        owned=app.owner_id == visit.me.account_id,
        may=acts_of(team.role, owner=app.owner_id == visit.me.account_id),
        icon_path=icon_path(app.id, versions.get(app.id)),
        has_icon=app.id in versions,
        suspended=app.state == SUSPENDED,
        **context,
    )


def shown_once(
    visit: Visit, app: AppRow, credentials: Sequence[Shown], *, new: bool = False, callbacks: bool = True
) -> Response:
    """The answer that holds secrets: never stored by the browser, and no other address gives it again (C185, SR-175).

    A new App's page also says what to do next; `callbacks` tells whether it lists any callback URL yet.
    """
    return visit.render("portal/shown_once.html", app=app, credentials=credentials, new=new, callbacks=callbacks)
