"""Programs for xdk, in Python: it takes the server's address."""

from volary.help.shapes.call import OAUTH1, Program, Request, keywords, literal
from volary.help.shapes.clients import XDK, XDK_PAGES

_SIGNED = """import os

import xdk
from xdk.oauth1_auth import OAuth1

keys = OAuth1(
    os.environ["API_KEY"],
    os.environ["API_KEY_SECRET"],
    "oob",
    os.environ["ACCESS_TOKEN"],
    os.environ["ACCESS_TOKEN_SECRET"],
)
client = xdk.Client(base_url="{base}", auth=keys)
"""
_BEARER = """import os

import xdk

client = xdk.Client(base_url="{base}", {kind}=os.environ["{token}"])
"""


def program(call: Request) -> Program | None:
    """The call with xdk; None where it has no function for it, or where files are sent."""
    name = XDK.get(call.entry.operation.name)
    if name is None or call.entry.operation.large:
        return None
    kind = "bearer_token" if call.entry.need.scopes is None else "access_token"
    head = _SIGNED if call.way == OAUTH1 else _BEARER
    given = [literal(value) for value in call.values]
    given += keywords([(key, value) for key, value in call.query if key != call.entry.paging])
    if call.json is not None:
        given.append(f"body={call.json!r}")
    asked = f"client.{name}({', '.join(given)})"
    if name in XDK_PAGES:
        asked = f"for page in {asked}:\n    print(page.model_dump_json(exclude_none=True))"
    else:
        asked = f"print({asked}.model_dump_json(exclude_none=True))"
    return Program("xdk", call.way, head.format(base=call.base, kind=kind, token=call.token) + asked)
