"""Programs for twitter-api-v2, on Node: its prefix takes the server's address, and plain http needs an agent for it."""

import json

from volary.help.shapes.call import OAUTH1, Program, Request

_SIGNED = """{
  appKey: process.env.API_KEY,
  appSecret: process.env.API_KEY_SECRET,
  accessToken: process.env.ACCESS_TOKEN,
  accessSecret: process.env.ACCESS_TOKEN_SECRET,
}"""


def program(call: Request) -> Program | None:
    """The call with twitter-api-v2; None where files are sent."""
    if call.entry.operation.large or call.entry.operation.gives_bytes:
        return None
    version = "v1" if call.entry.v1 else "v2"
    prefix = "/1.1/" if call.entry.v1 else "/2/"
    plain = call.base.startswith("http://")
    keys = _SIGNED if call.way == OAUTH1 else f"process.env.{call.token}"
    lines = [
        *(['import { Agent } from "node:http";'] if plain else []),
        'import { TwitterApi } from "twitter-api-v2";',
        "",
        f"const client = new TwitterApi({keys}{', { httpAgent: new Agent() }' if plain else ''}).{version};",
        f'client.setPrefix("{call.base}{prefix}");',
        *_asked(call, call.path.removeprefix(prefix)),
    ]
    return Program("twitter-api-v2", call.way, "\n".join(lines))


def _asked(call: Request, path: str) -> list[str]:
    method = {"GET": "get", "POST": "post", "PUT": "put", "DELETE": "delete"}[call.entry.method]
    sent = call.json if call.json is not None else dict(call.query)
    given = f", {json.dumps(sent, ensure_ascii=False)}" if sent else ""
    if not call.entry.paging:
        return [f"console.log(await client.{method}({json.dumps(path)}{given}));"]
    return [
        f"const asked = {json.dumps(sent, ensure_ascii=False)};",
        "do {",
        f"  const page = await client.get({json.dumps(path)}, asked);",
        "  console.log(JSON.stringify(page));",
        f"  asked.{call.entry.paging} = page.meta?.next_token;",
        f"}} while (asked.{call.entry.paging});",
    ]
