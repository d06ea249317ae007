"""*Profile picture and banner*: what stands beside one's name, for everybody to see (C031, C043)."""

from volary.access.caller import in_person
from volary.accounts.queries import account_by_id
from volary.accounts.shapes import banner_url, picture_url
from volary.kit.errors import Refusal, Unauthenticated
from volary.language import mark as _
from volary.media.actions.portraying import Which, drop_picture, take_picture
from volary.media.errors import NoFolder, ReadersBusy, Unreadable
from volary.media.rules.limits import LARGEST_PHOTO
from volary.web import Form, Response, Visit, page

PICTURES = "/settings/pictures"

_NONE = _("Choose a picture first.")
_REFUSED: dict[type[Refusal], str] = {
    Unreadable: _("This file is not a picture that can be used. Take a PNG, JPEG, GIF or WebP file."),
    ReadersBusy: _("Too many pictures are being read at this moment. Please try again."),
    NoFolder: _("This server keeps no pictures: its operator has not set a folder for them."),
}
_TAKEN = {"picture": _("Your profile picture was changed."), "banner": _("Your banner was changed.")}
_DROPPED = {"picture": _("Your profile picture was removed."), "banner": _("Your banner was removed.")}


@page("GET", PICTURES, signed_in=True)
async def pictures(visit: Visit) -> Response:
    """What one has now, and a form for each."""
    return await _shown(visit, Form(visit))


@page("POST", PICTURES + "/picture", signed_in=True, files={"picture": LARGEST_PHOTO})
async def change_picture(visit: Visit) -> Response:
    """Have another profile picture."""
    return await _taken(visit, "picture")


@page("POST", PICTURES + "/banner", signed_in=True, files={"banner": LARGEST_PHOTO})
async def change_banner(visit: Visit) -> Response:
    """Have another banner."""
    return await _taken(visit, "banner")


@page("POST", PICTURES + "/picture/remove", signed_in=True)
async def remove_picture(visit: Visit) -> Response:
    """Have no profile picture."""
    return await _dropped(visit, "picture")


@page("POST", PICTURES + "/banner/remove", signed_in=True)
async def remove_banner(visit: Visit) -> Response:
    """Have no banner."""
    return await _dropped(visit, "banner")


async def _taken(visit: Visit, which: Which) -> Response:
    form, upload = Form(visit), visit.files.get(which)
    if upload is None or not upload.content:
        form.refuse(which, _NONE)
        return await _shown(visit, form, 400)
    try:
        caller = in_person(visit.me.account_id, visit.me.username)
        await take_picture(visit.db, visit.resources, caller, which, upload.content)
    except (Unreadable, ReadersBusy, NoFolder) as refusal:
        form.refuse(which, _REFUSED[type(refusal)])
        return await _shown(visit, form, refusal.status)
    return visit.redirect(PICTURES, notice=_TAKEN[which])


async def _dropped(visit: Visit, which: Which) -> Response:
    await drop_picture(visit.db, visit.resources, in_person(visit.me.account_id, visit.me.username), which)
    return visit.redirect(PICTURES, notice=_DROPPED[which])


async def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    me = await account_by_id(visit.db, visit.me.account_id)
    if me is None:
        raise Unauthenticated(_("Sign in first."), why="the account went away during the request")
    picture = picture_url(me, "").replace("_normal", "_200x200") if me.picture else None
    return visit.render("person/pictures.html", status, form=form, me=me, picture=picture, banner=banner_url(me, ""))
