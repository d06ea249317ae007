"""One App with both protocols: one grant, one way to end it, and no mixing of their credentials."""

import itertools
from typing import Literal

import pytest
from oauthlib.oauth1 import Client

from tests.oauth.oauth2.stage import FORM, Stage
from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.developers.actions import NewApp
from volary.oauth.connected import connected_apps
from volary.oauth.grants import record
from volary.oauth.identify import identify
from volary.oauth.oauth1.errors import DeadToken
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.oauth.oauth1.tokens import TokenPair, holder_of, issue, make_own_token
from volary.oauth.oauth1.verify import Verifier
from volary.oauth.revoking import revoke

ME = "/2/users/me"
_NONCES = itertools.count()


@pytest.fixture
def both(stage: Stage) -> Stage:
    """The stage, with what OAuth 1.0a needs."""
    stage.resources.put(Verifier, Verifier(stage.settings, TableNonces(stage.db)))
    return stage


def signed(
    stage: Stage, app: NewApp, pair: TokenPair, method: Literal["GET", "POST"], target: str, body: str = ""
) -> dict[str, str]:
    """The headers of a request as oauthlib signs it."""
    client = Client(
        app.api_key,
        client_secret=app.api_key_secret,
        resource_owner_key=pair.token,
        resource_owner_secret=pair.secret,
        timestamp=str(stage.db.now // 1000),
        nonce=f"nonce{next(_NONCES)}",
    )
    headers = {"Content-Type": FORM} if body else {}
    _, headers, _ = client.sign(f"http://localhost:8000{target}", method, body or None, headers)
    return {name.lower(): value for name, value in headers.items()}


async def connected(stage: Stage, app: NewApp, account_id: int) -> TokenPair:
    """An OAuth 1.0a token of a person."""
    holder = await holder_of(stage.db, account_id)
    assert holder is not None
    grant_id = await stage.db.write(record, account_id, app.app.id, level=Level.READ_WRITE)
    return await stage.db.write(issue, app.app, holder, grant_id, level=Level.READ_WRITE, email=False)


async def caller(stage: Stage, app: NewApp, pair: TokenPair) -> Caller:
    return await identify(stage.raw("GET", ME, signed(stage, app, pair, "GET", ME), ""))


@pytest.mark.claim("C015", "C019", "C187", "C189")
@pytest.mark.attack("SR-223")
async def test_both_protocols_hang_from_one_grant_and_end_together(both: Stage) -> None:
    ann = both.cast.ann.id
    pair, held = await connected(both, both.c1, ann), await both.connect(both.c1)
    by_signature, by_bearer = await caller(both, both.c1, pair), await both.caller(held.access)
    assert (by_signature.scheme, by_bearer.scheme) == (Scheme.OAUTH1, Scheme.OAUTH2_USER)
    assert (by_signature.account_id, by_signature.grant_id) == (by_bearer.account_id, by_bearer.grant_id)
    assert by_signature.family_id != by_bearer.family_id
    assert len(await connected_apps(both.db, ann)) == 1
    await both.db.write(revoke, ann, app_id=both.c1.app.id)
    with pytest.raises(DeadToken):
        await caller(both, both.c1, pair)
    assert not await both.lives(held.access)


@pytest.mark.attack("SR-118")
async def test_a_signature_and_a_bearer_token_together_are_nobody(both: Stage) -> None:
    pair, held = await connected(both, both.c1, both.cast.ann.id), await both.connect(both.c1)
    header = signed(both, both.c1, pair, "GET", ME)["authorization"]
    assert await both.status(headers={"authorization": header}) == 200
    header = signed(both, both.c1, pair, "GET", ME)["authorization"]
    pairs = [("authorization", header), ("authorization", f"Bearer {held.access}")]
    assert await both.status(headers=pairs) == 401
    assert await both.status(headers=pairs[::-1]) == 401


@pytest.mark.attack("SR-101")
async def test_the_token_of_one_protocol_is_none_of_the_other(both: Stage) -> None:
    pair, held = await connected(both, both.c1, both.cast.ann.id), await both.connect(both.c1)
    for secret in (pair.token, pair.secret, f"{pair.token}:{pair.secret}"):
        assert not await both.lives(secret)
    with pytest.raises(DeadToken):
        await caller(both, both.c1, TokenPair(held.access, held.refresh))


@pytest.mark.attack("SR-114")
@pytest.mark.parametrize("who", ["owner", "ann"])
async def test_the_owner_may_give_the_apps_bearer_token_back_by_signature(both: Stage, who: str) -> None:
    """X's documents sign this call with the owner's own token; another person's token does not do."""
    own = await both.db.write(make_own_token, both.c1.app)
    pair = own if who == "owner" else await connected(both, both.c1, both.cast.ann.id)
    token = both.c1.bearer_token
    body = "access_token=" + token.replace("%", "%25")
    target = "/oauth2/invalidate_token"
    got = await both.send("POST", target, body.encode(), signed(both, both.c1, pair, "POST", target, body))
    if who == "owner":
        assert (got.status, got.json) == (200, {"access_token": token})
    else:
        assert (got.status, got.json["errors"][0]["code"]) == (403, 99)
    assert await both.lives(token) == (who == "ann")
    unsigned = signed(both, both.c1, TokenPair(pair.token, "wrong"), "POST", target, body)
    got = await both.send("POST", target, body.encode(), unsigned)
    assert (got.status, got.json["errors"][0]["code"]) == (401, 32)
