"""Whatever is sent with a call, nothing secret and nothing that somebody wrote is kept of it (SR-302)."""

import base64
from urllib.parse import urlencode

import msgspec
import pytest
from sqlalchemy import select

from tests.server.house import CALLBACK, Bearer, House, Signed
from tests.usage.looking import Looked
from volary.db import statement
from volary.usage.models import app_calls

pytestmark = pytest.mark.anyio

FORM = "application/x-www-form-urlencoded"
WORD = "nightingale"
_EVERYTHING = statement(select(app_calls.c.calls), bytes)


@pytest.mark.attack("SR-302", "SR-086")
async def test_no_secret_and_no_text_is_in_any_log(house: House, looked: Looked) -> None:
    made = house.apps["Messenger"]
    ann, bearer = (
        await house.signed(house.cast.ann),
        await house.bearer(house.cast.ann, "tweet.read users.read dm.read"),
    )
    sent = [
        ann.key,
        ann.secret,
        ann.token,
        ann.token_secret,
        bearer.token,
        made.bearer_token,
        made.client_secret or "-",
    ]
    wrong = [f"wrong{number}secret" for number in range(6)]
    form = urlencode({"status": f"{WORD} sings", "oauth_verifier": wrong[0], "x_auth_password": wrong[1]}).encode()
    for who in (ann, Signed(ann.key, wrong[2], ann.token, wrong[3]), Signed(ann.key, ann.secret, wrong[4], wrong[5])):
        await house.send("POST", "/1.1/statuses/update.json", who, body=form, kind=FORM)
        await house.get(f"/2/tweets/search/recent?query={WORD}&max_results=1", who)
        await house.json("POST", "/2/tweets", who, {"text": WORD, WORD: 1})
    for token in (bearer, Bearer(bearer.token + "x"), house.app_only(), Bearer(wrong[0])):
        await house.get(f"/2/tweets/search/recent?query=({WORD}", token)
        await house.json("POST", "/2/tweets", token, {"text": WORD})
        await house.json("POST", f"/2/dm_conversations/with/{house.cast.bob.id}/messages", token, {"text": WORD})
    for secret in (made.client_secret or "", wrong[1]):
        basic = base64.b64encode(f"{made.app.client_id}:{secret}".encode()).decode()
        for given in (
            {
                "grant_type": "authorization_code",
                "code": wrong[2],
                "redirect_uri": CALLBACK,
                "code_verifier": wrong[3] * 4,
            },
            {"grant_type": "refresh_token", "refresh_token": wrong[4]},
            {"grant_type": wrong[5]},
        ):
            headers = [("authorization", f"Basic {basic}")]
            await house.send("POST", "/2/oauth2/token", body=urlencode(given).encode(), kind=FORM, headers=headers)
    await looked.calls.flush(house.db)
    kept = await house.db.all(_EVERYTHING)
    assert len(kept) >= 3
    texts = [str(msgspec.msgpack.decode(batch)) for batch in kept]
    assert any("signature" in text for text in texts)
    for text in texts:
        assert [secret for secret in (*sent, *wrong, "sings") if secret in text] == []
        assert WORD not in text.replace(f"$.{WORD}", "")
        assert "203.0.113." not in text
