"""*Your data*: an archive of it, which takes the password to ask for and to download, and the way to going away."""

from asyncio import to_thread
from datetime import UTC, datetime

from starlette.responses import FileResponse

from volary.accounts.rules.hashing import PasswordHasher
from volary.language import mark as _
from volary.media.rules.folder import Folder
from volary.person.actions.archiving import ask_for_archive, note_download
from volary.person.errors import ArchiveTooSoon, ArchiveUnderWay, NoArchive
from volary.person.models import FAILED, READY
from volary.person.pages.account import WRONG_CURRENT
from volary.person.pages.going import with_retry
from volary.person.queries.archives import archive_of, ready_archive_of
from volary.sessions.actions.again import proven_by
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.rules.arrivals import arrival_of
from volary.web import Form, Response, Visit, page

DATA = "/settings/data"
FILE = "archive"

WHY = _("You are about to download all your data, and you entered your password a while ago. Enter it once more.")
ASKED = _("We are putting your archive together. This page shows how far it is, and we write to you when it is ready.")


@page("GET", DATA, signed_in=True)
async def data(visit: Visit) -> Response:
    """The archive, how far it is, and what else can be done with one's data."""
    return await _shown(visit, Form(visit))


@page("POST", DATA + "/archive", signed_in=True)
async def ask(visit: Visit) -> Response:
    """Have an archive made."""
    form = Form(visit)
    try:
        hasher = visit.resources[PasswordHasher]
        proof = await check_password(visit.db, hasher, visit.me.username, form["current_password"], arrival_of(visit))
        before = await visit.db.write(ask_for_archive, proof, visit.address)
    except WrongPassword:
        form.refuse("current_password", WRONG_CURRENT)
        return await _shown(visit, form, 400)
    except (TooManyGuesses, ArchiveUnderWay, ArchiveTooSoon) as refusal:
        form.add(refusal)
        return with_retry(await _shown(visit, form, refusal.status), refusal)
    if before:
        await to_thread(visit.resources[Folder].remove, before)
    return visit.redirect(DATA, notice=ASKED)


@page("POST", DATA + "/archive/download", signed_in=True)
@proven_by(WHY, back=DATA)
async def download(visit: Visit) -> Response:
    """The file itself, for its owner alone. Raises NoArchive."""
    archive = await ready_archive_of(visit.db, visit.me.account_id)
    path = None if archive is None else visit.resources[Folder].file(archive.name, FILE)
    if archive is None or path is None or not await to_thread(path.is_file):
        raise NoArchive
    await visit.db.write(note_download, archive, visit.address)
    day = datetime.fromtimestamp(archive.asked_at / 1000, UTC)
    return FileResponse(
        path,
        media_type="application/zip",
        filename=f"{visit.me.username}-{day:%Y-%m-%d}.zip",
        headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
    )


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    archive = await archive_of(visit.db, visit.me.account_id)
    return visit.render(
        "person/data.html",
        status,
        form=form,
        archive=archive,
        under_way=archive is not None and archive.state not in {READY, FAILED},
        ready=await ready_archive_of(visit.db, visit.me.account_id),
        failed=archive is not None and archive.state == FAILED,
        keeps=visit.resources[Folder].path is not None,
    )
