"""Unusual but right: what honest clients send must pass, or the refusals elsewhere would prove nothing (SR-055)."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth1.stage import CALLBACK, FORM, JSON, ME, Pair, Stage, pair_of, set_up
from volary.kit.errors import Refusal
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.settings import Settings

STATUS = "/1.1/statuses/update.json"
ODD = ["~", "*", "+", " ", "", "a b+c~d*e", "ö", "🍋", "%7e", "%", "&=", "'()!", "\n", "日本語", "a" * 2000]


@pytest.mark.attack("SR-055")
@pytest.mark.parametrize("value", ODD, ids=lambda value: ascii(value)[:12])
async def test_values_of_every_kind(stage: Stage, ann_rw1: Pair, value: str) -> None:
    pairs = urlencode([("status", value), ("k", "1"), ("k", "2"), ("empty", "")])
    query = stage.signed(stage.rw1, ann_rw1, "GET", f"{ME}?{pairs}")
    assert (await stage.caller(query)).username == "ann"
    form = stage.signed(stage.rw1, ann_rw1, "POST", STATUS, body=pairs, headers=FORM)
    assert (await stage.caller(form)).username == "ann"
    both = stage.signed(stage.rw1, ann_rw1, "POST", f"{STATUS}?{pairs}", body=pairs, headers=FORM)
    assert (await stage.caller(both)).username == "ann"


@pytest.mark.attack("SR-055", "SR-069")
@pytest.mark.parametrize(
    "before, after",
    [
        ("OAuth ", "oAuTh "),
        ("OAuth ", "OAUTH   "),
        ("OAuth ", 'OAuth realm="", '),
        ("OAuth ", 'OAuth realm="a, b=c", '),
        (", ", ","),
        (", ", " ,\t "),
        (", ", ",, "),
        ("%3D", "%3d"),
        ("%3D", "="),
        ('="1.0"', '="%31.%30"'),
    ],
)
async def test_headers_of_every_kind(stage: Stage, ann_rw1: Pair, before: str, after: str) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    assert before in sent.authorization
    changed = sent.changed(headers={"Authorization": sent.authorization.replace(before, after)})
    assert (await stage.caller(changed)).username == "ann"


@pytest.mark.attack("SR-055")
@pytest.mark.parametrize("place", ["QUERY", "BODY"])
async def test_parameters_outside_the_header(stage: Stage, ann_rw1: Pair, place: str) -> None:
    body, headers = ("status=a", FORM) if place == "BODY" else (None, None)
    sent = stage.signed(stage.rw1, ann_rw1, "POST", STATUS, body=body, headers=headers, signature_type=place)
    assert "Authorization" not in sent.headers
    assert (await stage.caller(sent)).username == "ann"


@pytest.mark.attack("SR-055")
async def test_a_lower_case_escape_in_the_query_is_the_same_value(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", f"{ME}?q=%C3%B6")
    assert (await stage.caller(sent.changed(url=sent.url.replace("%C3%B6", "%c3%b6")))).username == "ann"


@pytest.mark.attack("SR-055")
async def test_bodies_that_are_no_form_are_not_signed(stage: Stage, ann_rw1: Pair) -> None:
    """As requests-oauthlib, tweepy and xdk send them: without a body hash the body is not part of the signature."""
    sent = stage.signed(stage.rw1, ann_rw1, "POST", "/2/tweets").changed(body=json.dumps({"text": "a=1&b=2"}))
    assert (await stage.caller(sent.changed(headers={**sent.headers, **JSON}))).username == "ann"


async def test_the_lemon_tree_of_the_rfc(stage: Stage, ann_rw1: Pair) -> None:
    """RFC 5849 §3.4.1.3.1's query and form, signed with our own keys."""
    path = "/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    sent = stage.signed(stage.rw1, ann_rw1, "POST", path, body="c2=&a3=2+q", headers=FORM, realm="Example")
    assert (await stage.caller(sent.changed(body="c2&a3=2+q"))).username == "ann"


@pytest.mark.parametrize(
    "public_url, signed_for, path, host",
    [
        ("https://social.example", "https://social.example", ME, "social.example"),
        ("https://social.example", "https://SOCIAL.example:443", ME, "social.example:443"),
        ("https://social.example", "https://social.example", ME, "127.0.0.1:8000"),
        ("https://social.example:8443", "https://social.example:8443", ME, "social.example:8443"),
        ("https://social.example/volary", "https://social.example/volary", ME, "social.example"),
        ("https://social.example/volary", "https://social.example/volary", "/volary" + ME, "social.example"),
        ("http://localhost:8000", "https://api.twitter.com", ME, "api.twitter.com"),
        ("http://localhost:8000", "http://api.twitter.com", ME, "API.twitter.com"),
        ("http://[::1]:8000", "http://[::1]:8000", ME, "[::1]:8000"),
    ],
)
async def test_the_address_that_clients_use(
    db: HeldDatabase,
    cast: People,
    tmp_path: Path,
    public_url: str,
    signed_for: str,
    path: str,
    host: str,
) -> None:
    """Behind a proxy that ends TLS, one that changes the Host, one that serves us below a path and cuts it off or not, and by our further
    origins: what counts is the address that the client sees."""
    others = ("https://api.twitter.com", "http://api.twitter.com")
    nonces = FileNonces(tmp_path / "n", db.clock)
    stage = await set_up(db, nonces, cast, Settings(public_url=public_url, public_origins=others))
    pair = await _connected(stage, public_url, host)
    sent = stage.signed(stage.rw1, pair, "GET", ME + "?a=1", origin=signed_for)
    arrived = sent.changed(url=f"http://{host}{path}?a=1")
    assert (await stage.caller(arrived, host=host)).username == "ann"
    other = stage.signed(stage.rw1, pair, "GET", ME + "?a=1", origin="https://evil.example")
    with pytest.raises(Refusal, match="Could not authenticate you"):
        await stage.caller(other.changed(url=arrived.url), host=host)
    await nonces.close()


async def _connected(stage: Stage, public_url: str, host: str) -> Pair:
    """The three legs, sent to the public address."""

    def there(path: str) -> str:
        return f"http://{host}{path}"

    asking = stage.signed(stage.rw1, None, "POST", "/oauth/request_token", origin=public_url, callback_uri=CALLBACK)
    asked = pair_of(await stage.door(asking.changed(url=there("/oauth/request_token"))))
    verifier = await stage.approve(asked.token, stage.people.ann.id)
    exchanging = stage.signed(stage.rw1, asked, "POST", "/oauth/access_token", origin=public_url, verifier=verifier)
    return pair_of(await stage.door(exchanging.changed(url=there("/oauth/access_token"))))
