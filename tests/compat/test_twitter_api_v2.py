"""twitter-api-v2, the client that most apps on Node use: every call of its that leads to an operation that is served."""

import base64
from typing import Any

import msgspec

from tests.cast import ANN, CAROL
from tests.compat.conftest import CALLBACK, consent
from tests.compat.node import installed, run
from tests.flows.app import App, Connection
from tests.media.samples import picture
from tests.serving import Server
from volary.access.caller import in_person
from volary.access.levels import Level
from volary.access.scopes import EMAIL, SCOPES
from volary.db import Database
from volary.spaces.actions.running import announce_space
from volary.spaces.rules import wire_id

VERSION = "1.29.1"
_NOT_ASKED = {EMAIL, "ads.read", "ads.write"}


def signed(server: Server, app: App, username: str, button: str = "Authorize app") -> dict[str, str]:
    """Somebody's tokens of OAuth 1.0a."""
    connection: Connection = app.connected1(consent(server, server.browser(username), app.asking1(), button))
    client = connection.session._client.client
    (found,) = (one for one in msgspec.structs.astuple(server.cast) if one.username == username)
    return {"id": str(found.id), "token": client.resource_owner_key, "secret": client.resource_owner_secret}


def a_space(server: Server) -> str:
    """A Space of ann's, which no operation can make; its id as the wire writes it."""

    async def make(db: Database) -> int:
        ann = server.cast.ann
        return (await db.write(announce_space, in_person(ann.id, ann.username), "About bees")).id

    return wire_id(server.in_database(make))


def test_every_call_that_is_served(server: Server, make_app: Any) -> None:
    folder = installed("twitter-api-v2", VERSION)
    made = make_app(level=Level.DIRECT_MESSAGES, type="web")
    keys = {name: getattr(made, name) for name in ("api_key", "api_key_secret", "client_id", "client_secret")}
    app = App(server.base, CALLBACK, "Client", keys)
    ann = signed(server, app, ANN.username)
    connected = app.connected(
        consent(server, server.browser("ann"), app.asking(" ".join(one for one in SCOPES if one not in _NOT_ASKED)))
    )
    told = {
        "port": server.port,
        "key": made.api_key,
        "secret": made.api_key_secret,
        "bearer": made.bearer_token,
        "access": connected.session.token["access_token"],
        "ann": ann,
        "carol": signed(server, app, CAROL.username, "App autorisieren"),
        "dave": {"id": str(server.cast.dave.id)},
        "space": a_space(server),
        "picture": base64.b64encode(picture()).decode(),
    }
    ended: dict[str, str] = run(folder, "twitter_api_v2.mjs", told)
    assert {name: why for name, why in ended.items() if why} == {}
    assert len(ended) > 60
