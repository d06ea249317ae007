"""Two installations beside each other: what one gave is worth nothing at the other, and no key comes with the program (SR-280)."""

import base64
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import volary
from tests.cast import ANN
from tests.server.house import House, opened
from volary.db.keys import keyring
from volary.db.schema import create_all, every_table
from volary.developers.rules.credentials import bearer_token
from volary.kit.secrets import SealBroken
from volary.settings import Settings
from volary.web import csrf

pytestmark = pytest.mark.attack("SR-280")

FORM = "application/x-www-form-urlencoded"
KEYS = ("Q" * 43, "Z" * 43)


async def signed_in(house: House) -> str:
    """The session cookie of ann, by the sign-in page."""
    page = await house.get("/login")
    visit = cookie(page)
    token = re.search(rb'name="csrf" value="([^"]+)"', page.body)
    assert token is not None
    body = urlencode({"csrf": token[1].decode(), "login": ANN.username, "password": ANN.password}).encode()
    done = await house.send("POST", "/login", body=body, kind=FORM, headers=[("cookie", visit)])
    assert done.status == 303, done.body
    return cookie(done, "session")


def cookie(got: Any, name: str = "visit") -> str:
    found = [value for key, value in got.headers if key == "set-cookie" and value.startswith(f"{name}=")]
    return str(found[0].partition(";")[0])


async def test_what_one_gave_is_worth_nothing_at_the_other(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in "ab"]
    for url in urls:
        await create_all(url, every_table())
    async with opened(urls[0], key=KEYS[0]) as here, opened(urls[1], key=KEYS[1]) as there:
        mine, theirs = [await house.bearer(house.cast.ann) for house in (here, there)]
        for house, who in ((here, mine), (there, theirs)):
            for number in range(7):
                await house.json("POST", "/2/tweets", who, {"text": f"post {number}"})
        listed = f"/2/users/{here.cast.ann.id}/tweets?max_results=5"
        same_list = f"/2/users/{there.cast.ann.id}/tweets?max_results=5"
        token = (await here.get(listed, mine)).json["meta"]["next_token"]
        assert (await here.get(f"{listed}&pagination_token={token}", mine)).status == 200
        swapped = await there.get(f"{same_list}&pagination_token={token}", theirs)
        assert (swapped.status, swapped.json["type"].rpartition("/")[2]) == (400, "invalid-request")

        session = await signed_in(here)
        assert (await here.get("/settings", headers=[("cookie", session)])).status == 200
        assert (await there.get("/settings", headers=[("cookie", session)])).status == 303
        form = csrf.token_for(here.db.keys, "session:1")
        assert csrf.holds(form, here.db.keys, "session:1")
        assert not csrf.holds(form, there.db.keys, "session:1")

        for one in (mine, here.app_only(), await here.signed(here.cast.ann)):
            assert (await here.get("/2/users/by/username/ann", one)).status == 200
            assert (await there.get("/2/users/by/username/ann", one)).status == 401
        sealed = here.db.keys.seal("purpose", "text")
        with pytest.raises(SealBroken):
            there.db.keys.unseal("purpose", sealed)
        assert here.db.keys.mac("guess", "ann") != there.db.keys.mac("guess", "ann")


def test_a_derived_token_of_an_app_with_the_same_numbers_differs() -> None:
    """What is made from the key and numbers alone, at an installation where an App happens to have the same numbers."""
    rings = [keyring(key, "postgresql://x") for key in KEYS]
    first, second = (bearer_token(ring, 7, 0) for ring in rings)
    assert first != second


def test_no_key_comes_with_the_program(tmp_path: Path) -> None:
    assert Settings().key is None
    made = {keyring(None, f"sqlite:///{tmp_path}/{name}.db").key_id for name in "abc"}
    assert len(made) == 3


def test_no_constant_in_the_code_is_a_key() -> None:
    """32 bytes as base64 or hexadecimal, anywhere in the package but in hashes of files and the names of letters."""
    text = re.compile(r"""["']((?:[A-Za-z0-9+/_-]{43}=?)|(?:[0-9a-f]{64}))["']""")
    found = []
    for file in Path(volary.__file__).parent.rglob("*.py"):
        for match in text.finditer(file.read_text()):
            raw = match[1]
            if (
                len(raw) in {43, 44} and len(base64.urlsafe_b64decode(raw.rstrip("=") + "=")) == 32 and " " not in raw
            ) or len(raw) == 64:
                found.append((file.name, raw))
    assert found == []
