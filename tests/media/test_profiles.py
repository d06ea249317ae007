"""Pictures and banners of profiles."""

import base64
import io
from urllib.parse import quote, urlsplit

import pytest
from PIL import Image

from tests.media.samples import multipart, picture
from tests.media.test_uploads import fetched
from tests.server.house import Got, House
from volary.media.rules.folder import Folder

FORM = "application/x-www-form-urlencoded"


async def shown(house: House) -> dict[str, str]:
    fields = "user.fields=profile_image_url,profile_banner_url"
    found: dict[str, str] = (await house.get(f"/2/users/me?{fields}", await house.bearer(house.cast.ann))).json["data"]
    return found


def size(got: Got) -> tuple[int, int]:
    assert got.status == 200
    with Image.open(io.BytesIO(got.body)) as image:
        return image.size


@pytest.mark.claim("C043")
async def test_a_picture_in_its_sizes(each_house: House) -> None:
    house, who = each_house, await each_house.signed(each_house.cast.ann)
    before = (await shown(house))["profile_image_url"]
    assert before.endswith("/default_normal.png")
    assert size(await fetched(house, before)) == (48, 48)
    assert size(await fetched(house, before.replace("_normal", "_400x400"))) == (400, 400)
    body, kind = multipart({}, image=picture("JPEG", 700, 500))
    got = await house.send("POST", "/1.1/account/update_profile_image.json", who, body=body, kind=kind)
    assert (got.status, got.json["default_profile_image"]) == (200, False)
    first = (await shown(house))["profile_image_url"]
    assert got.json["profile_image_url_https"] == got.json["profile_image_url"] == first
    for name, side in (("_normal", 48), ("_bigger", 73), ("_mini", 24), ("_400x400", 400), ("", 400)):
        assert size(await fetched(house, first.replace("_normal", name))) == (side, side)
    for odd in ("_orig", "_huge", "_../x"):
        assert (await fetched(house, first.replace("_normal", odd))).status == 404
    form = b"image=" + quote(base64.b64encode(picture()), safe="").encode()
    got = await house.send("POST", "/1.1/account/update_profile_image.json", who, body=form, kind=FORM)
    second = got.json["profile_image_url_https"]
    assert second.endswith("_normal.jpg")
    assert second != first
    assert size(await fetched(house, second)) == (48, 48)
    assert (await fetched(house, first)).status == 404
    folder = house.application.resources[Folder].path
    assert folder is not None
    old = urlsplit(first).path.split("/")[-1].partition("_")[0]
    assert not list(folder.rglob(f"{old}.*"))


async def test_a_banner_comes_and_goes(each_house: House) -> None:
    house, who = each_house, await each_house.signed(each_house.cast.ann)
    assert "profile_banner_url" not in await shown(house)
    path = "/1.1/users/profile_banner.json?screen_name=ann"
    assert (await house.get(path, who)).status == 404
    body, kind = multipart({"width": "1500"}, banner=picture("PNG", 900, 300))
    assert (
        await house.send("POST", "/1.1/account/update_profile_banner.json", who, body=body, kind=kind)
    ).status == 200
    url = (await shown(house))["profile_banner_url"]
    assert size(await fetched(house, url)) == (1500, 500)
    for name, one in (await house.get(path, who)).json["sizes"].items():
        assert size(await fetched(house, one["url"])) == (one["w"], one["h"]), name
    assert (await fetched(house, url + "/1x1")).status == 404
    assert (await house.send("POST", "/1.1/account/remove_profile_banner.json", who)).status == 200
    assert "profile_banner_url" not in await shown(house)
    assert (await fetched(house, url)).status == 404


async def test_what_is_no_picture_changes_nothing(house: House) -> None:
    who = await house.signed(house.cast.ann)
    before = await shown(house)
    for name, field, status in (("image", "image", 400), ("banner", "banner", 422)):
        path = f"/1.1/account/update_profile_{name}.json"
        for content in (b"<svg/>", picture()[:60], b"x" * 100):
            body, kind = multipart({}, **{field: content})
            got = await house.send("POST", path, who, body=body, kind=kind)
            assert got.status == status, got.body
        assert (await house.send("POST", path, who)).status == 400
        assert (await house.send("POST", path, who, body=b"image=%21&banner=%21", kind=FORM)).status == 400
    assert await shown(house) == before
