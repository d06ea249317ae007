"""Programs for tweepy, in Python. It knows X's address by heart, so its session is led here before anything is signed."""

from volary.help.shapes.call import OAUTH1, Program, Request, keywords, literal
from volary.help.shapes.clients import TWEEPY, TWEEPY_KNOWS_WHO

_HEAD = """import os

import requests
import tweepy


class Here(requests.Session):
    def request(self, method, url, **options):
        return super().request(method, url.replace("https://api.twitter.com", "{base}", 1), **options)


"""
_SIGNED = """client = tweepy.Client(
    consumer_key=os.environ["API_KEY"],
    consumer_secret=os.environ["API_KEY_SECRET"],
    access_token=os.environ["ACCESS_TOKEN"],
    access_token_secret=os.environ["ACCESS_TOKEN_SECRET"],
    return_type=dict,
)
"""
_V1 = """auth = tweepy.OAuth1UserHandler(
    os.environ["API_KEY"], os.environ["API_KEY_SECRET"], os.environ["ACCESS_TOKEN"], os.environ["ACCESS_TOKEN_SECRET"]
)
api = tweepy.API(auth, parser=tweepy.parsers.JSONParser())
api.session = Here()
"""


def program(call: Request) -> Program | None:
    """The call with tweepy; None where files are sent."""
    if call.entry.operation.large or call.entry.operation.gives_bytes:
        return None
    head = _HEAD.format(base=call.base)
    if call.entry.v1:
        return Program("tweepy", call.way, head + _V1 + _v1(call)) if call.way == OAUTH1 else None
    if call.way == OAUTH1:
        head += _SIGNED
    else:
        head += f'client = tweepy.Client(os.environ["{call.token}"], return_type=dict)\n'
    return Program("tweepy", call.way, head + "client.session = Here()\n" + _v2(call))


def _v1(call: Request) -> str:
    endpoint = call.path.removeprefix("/1.1/").removesuffix(".json")
    more = f", params={dict(call.query)!r}" if call.query else ""
    if call.json is not None:
        more = f", json_payload={call.json!r}"
    return f"print(api.request({literal(call.entry.method)}, {literal(endpoint)}{more}))"


def _v2(call: Request) -> str:
    name = TWEEPY.get(call.entry.operation.name)
    signed = str(call.way == OAUTH1)
    if name is None:
        return _raw(call, signed)
    given = [] if name in TWEEPY_KNOWS_WHO else [literal(value) for value in call.values]
    given += [literal(value) for value in call.values[1:]] if name in TWEEPY_KNOWS_WHO else []
    given += keywords([(key, value) for key, value in call.query if key != call.entry.paging])
    given += [f"{key}={value!r}" for key, value in (call.json or {}).items()]
    given.append(f"user_auth={signed}")
    if call.entry.paging:
        return f"for page in tweepy.Paginator(client.{name}, {', '.join(given)}):\n    print(page)"
    return f"print(client.{name}({', '.join(given)}))"


def _raw(call: Request, signed: str) -> str:
    """An operation that tweepy has no function for, or another shape of."""
    more = f", params={dict(call.query)!r}" if call.query else ""
    if call.json is not None:
        more += f", json={call.json!r}"
    asked = f"client.request({literal(call.entry.method)}, {literal(call.path)}{more}, user_auth={signed})"
    return f"print({asked}.json())"
