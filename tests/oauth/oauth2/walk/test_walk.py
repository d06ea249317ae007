"""The whole walk: asked, approved, exchanged, used, refreshed, revoked."""

from tests.oauth.oauth2.stage import SCOPE, STATE, Stage


async def test_a_confidential_client_walks_the_whole_way(stage: Stage) -> None:
    request = await stage.asked(stage.c1)
    back = await stage.decided(request, stage.cast.ann.id)
    assert back["state"] == STATE
    got = await stage.exchange(stage.c1, back["code"])
    assert got.status == 200
    assert got.json.keys() == {"token_type", "expires_in", "access_token", "scope", "refresh_token"}
    assert (got.json["token_type"], got.json["expires_in"], got.json["scope"]) == ("bearer", 7200, SCOPE)
    caller = await stage.caller(got.json["access_token"])
    assert (caller.account_id, caller.username, caller.app_id) == (stage.cast.ann.id, "ann", stage.c1.app.id)
    again = await stage.refresh(stage.c1, got.json["refresh_token"])
    assert again.status == 200, again.body
    gone = await stage.post("/2/oauth2/revoke", {"token": again.json["access_token"]}, stage.c1)
    assert (gone.status, gone.json) == (200, {"revoked": True})
    assert not await stage.lives(again.json["access_token"])
