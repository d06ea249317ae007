"""Line ends in what somebody sends end no header, at each place where such a text comes near one (SR-283)."""

from urllib.parse import quote, urlencode

import pytest

from tests.server.anything import Desk, desk_of
from tests.server.calls import FORM
from tests.server.house import Got, House

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-283")]

SPLIT = ["a\r\nSet-Cookie: stolen=1", "a\nSet-Cookie: stolen=1", "a\r\n\r\n<script>", "a\u2028b\u0085c", "a\0b"]
ENDS = set("\r\n\0\u2028\u0085")


def harmless(got: Got) -> None:
    assert got.status < 500
    for name, value in got.headers:
        assert not set(name + value) & ENDS, (name, value)
        assert not (name == "set-cookie" and value.startswith("stolen"))


@pytest.fixture
async def desk(each_house: House) -> Desk:
    return await desk_of(each_house)


@pytest.mark.parametrize("text", SPLIT)
async def test_a_state_and_a_username_that_are_sent_along(each_house: House, desk: Desk, text: str) -> None:
    asking = {"response_type": "code", "client_id": desk.app.app.client_id, "state": text, "scope": "nonsense"}
    for path in (
        f"/i/oauth2/authorize?{urlencode(asking)}",
        f"/oauth/authorize?oauth_token=x&screen_name={quote(text)}",
        f"/login?then={quote('/settings' + text)}",
    ):
        harmless(await each_house.get(path))
        harmless(await each_house.get(path, headers=[("cookie", desk.cookie)]))


@pytest.mark.parametrize("text", SPLIT)
async def test_the_name_of_an_app_and_of_its_picture(each_house: House, desk: Desk, text: str) -> None:
    edited = urlencode({"csrf": desk.csrf, "name": text, "description": text}).encode()
    harmless(await each_house.send("POST", desk.portal, headers=desk.page(FORM), body=edited))
    harmless(await each_house.get(desk.portal, headers=desk.page(FORM)))
    picture = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{desk.csrf}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="icon"; filename="{text}.png"\r\nContent-Type: image/png\r\n\r\n'
        "no picture\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    harmless(await each_house.send("POST", f"{desk.portal}/icon", headers=desk.page(kind), body=picture.encode()))
