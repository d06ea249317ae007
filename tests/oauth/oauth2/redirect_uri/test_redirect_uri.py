"""The second check: the redirect URI is there, once, and byte for byte on the App's list. Every refusal is a page."""

from urllib.parse import quote, urlencode

import msgspec
import pytest

from tests.oauth.oauth2.stage import CALLBACK, LOOPBACK, Stage
from volary.access.levels import Level
from volary.developers.actions import add_callback, edit_authentication, edit_details
from volary.developers.queries import app_by_id
from volary.developers.rules.settings import Authentication, Details
from volary.oauth.asking import Request
from volary.oauth.errors import PageRefusal
from volary.oauth.oauth2.checks.redirect_uri import NOT_LISTED, NOT_SENT

WITH_QUERY = "https://app.example/cb?a=1&b=2"
CUSTOM = "com.example.app:/cb"
CYRILLIC = "https://\u0430pp.example/cb"

CLOSE = {
    "SR-006": [CALLBACK + "/"],
    "SR-007": [CALLBACK + "?x=1", CALLBACK + "&x=1", CALLBACK + "?code=abc", CALLBACK + "?"],
    "SR-008": [
        "https://app.example/cb?b=2&a=1",
        "https://app.example/cb?a=1",
        "https://app.example/cb?a=1&b=3",
        "https://app.example/cb?a=1&b=2&",
    ],
    "SR-010": [
        "https://mallory@app.example/cb",
        "https://mallory:pw@app.example/cb",
        "https://@app.example/cb",
        "https://app.example:443/cb",
        "https://app.example:/cb",
    ],
    "SR-011": [
        "https://a@b@app.example/cb",
        "https://app.example@evil.example/cb",
        "https://app.example:443@evil.example/cb",
        "https://app.example\\@evil.example/cb",
        "https://evil.example\\@app.example/cb",
        "https://app.example%40evil.example/cb",
        "https://app.example%00@evil.example/cb",
    ],
    "SR-013": [CALLBACK + "#x", CALLBACK + "#", CALLBACK + "%23x"],
    "SR-014": ["https://APP.example/cb", "HTTPS://app.example/cb", "https://app.example/CB", "Https://App.Example/Cb"],
    "SR-016": [
        "https://app.example/cb/../evil",
        "https://app.example/x/../cb",
        "https://app.example/./cb",
        "https://app.example/cb/%2e%2e/evil",
        "https://app.example/cb/..;/evil",
        "https://app.example/cb//",
        "https://app.example//cb",
        "https://app.example/%63b",
        "https://app.example/cb%2f",
        "https://app.example%2fcb",
        "https://app.example/cb/.",
        "https://app.example/cb/..",
        "https://app.example/cb;/../evil",
        "https://app.example/cb/%252e%252e/evil",
        "https://app.example\\cb",
        "https://app.example/cb\\..\\evil",
    ],
    "SR-018": [
        " " + CALLBACK,
        "\t" + CALLBACK,
        "https://app\t.example/cb",
        "https://app\n.example/cb",
        CALLBACK + "\r\nSet-Cookie: a=b",
        CALLBACK + " ",
        CALLBACK + "\u2028",
        CALLBACK + "%0d%0a",
        CALLBACK + "%09",
        CALLBACK + "%20",
        CALLBACK + "%00",
        CALLBACK + "%e2%80%a8",
        CALLBACK + "\x85",
        CALLBACK + "\x0b",
        "https://app.example\r\n/cb",
        "ht\ttps://app.example/cb",
        "\ufeff" + CALLBACK,
        CALLBACK + "\0",
    ],
    "SR-020": [
        CYRILLIC,
        "https://app\u3002example/cb",
        "https://app.example./cb",
        "https://app\u00ad.example/cb",
        "https://xn--pp-7ka.example/cb",
        "https://\uff41pp.example/cb",
        "https://app\u200b.example/cb",
        "https://app.example\u2044cb",
        "https://app.example%2eevil.example/cb",
    ],
    "SR-026": [
        "http://127.0.0.1:49152/cb",
        "http://127.0.0.1:1@evil.example/cb",
        "http://127.0.0.1/cb?bar=foo",
        "http://127.0.0.1/other",
        "http://user@127.0.0.1/cb",
        "http://localhost/cb",
        "http://[::1]/cb",
    ],
    "SR-029": [
        "com.example.app:cb",
        "com.example.app://cb",
        "COM.example.app:/cb",
        "com.example.app:/cb/",
        "com.example.app:///cb",
        "com.example.appx:/cb",
    ],
    "SR-039": ["https://app.example/go?u=https://evil.example", "https://app.example/"],
    "SR-001": [
        "https://evil.example/cb",
        "https://app.example.evil.example/cb",
        "https://evil.example/https://app.example/cb",
        "https://evil.example?https://app.example/cb",
        "https://evil.example#https://app.example/cb",
        "http://app.example/cb",
        "https:app.example/cb",
        "https:/app.example/cb",
        "https:///app.example/cb",
        "\\\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/cb",
        "cb",
        "*",
    ],
}
TRIED = [pytest.param(urls, marks=pytest.mark.attack(row), id=row) for row, urls in CLOSE.items()]


async def widened(stage: Stage) -> None:
    """Two more entries, so that what is close to them can be tried."""
    for url in (WITH_QUERY, CUSTOM):
        await stage.db.write(add_callback, stage.cast.dev.id, stage.c1.app.id, url)


@pytest.mark.claim("C216", "C217", "C220", "C226", "C228")
@pytest.mark.parametrize("urls", TRIED)
async def test_what_only_looks_like_a_listed_url_is_a_page(stage: Stage, urls: list[str]) -> None:
    await widened(stage)
    for listed in (CALLBACK, LOOPBACK, WITH_QUERY, CUSTOM):
        assert (await stage.asked(stage.c1, redirect_uri=listed)).target == listed
    before = await stage.rows()
    for url in urls:
        with pytest.raises(PageRefusal) as refused:
            await stage.begin(stage.query(stage.c1, redirect_uri=url))
        assert (refused.value.status, refused.value.message) == (400, NOT_LISTED), url
        shown = str(refused.value) + refused.value.hint % dict(refused.value.hint_parameters)
        assert "evil" not in shown, url
    assert await stage.rows() == before


ANY_PORT = Authentication(level=Level.READ, oauth2=True, type="native", any_port=True)
LISTENING = "http://127.0.0.1:49152/cb"


@pytest.mark.attack("SR-026", "SR-130")
async def test_a_native_app_may_have_any_port_of_its_own_machine_and_nothing_else(stage: Stage) -> None:
    """Its own callback, with the port that its system gave it, to the end of the walk (RFC 8252 §7.3)."""
    app, dev = stage.p1, stage.cast.dev.id
    assert (await stage.asked(app, redirect_uri=LOOPBACK)).target == LOOPBACK
    with pytest.raises(PageRefusal):
        await stage.asked(app, redirect_uri=LISTENING)
    await stage.db.write(edit_authentication, dev, app.app.id, ANY_PORT)
    for url in (LOOPBACK, LISTENING):
        assert (await stage.asked(app, redirect_uri=url)).target == url
    before = await stage.rows()
    for url in [
        *(url for urls in CLOSE.values() for url in urls if url != LISTENING),
        LISTENING + "#",
        LISTENING + "/",
    ]:
        with pytest.raises(PageRefusal):
            await stage.begin(stage.query(app, redirect_uri=url))
    assert await stage.rows() == before
    code = await stage.code(app, redirect_uri=LISTENING)
    for other in (LOOPBACK, "http://127.0.0.1:49153/cb"):
        assert (await stage.exchange(app, code, redirect_uri=other)).status == 400
    assert (await stage.exchange(app, code, redirect_uri=LISTENING)).status == 200


@pytest.mark.attack("SR-026")
async def test_the_free_port_ends_with_its_switch_its_type_and_its_callback(stage: Stage) -> None:
    app, dev = stage.p1, stage.cast.dev.id
    await stage.db.write(edit_authentication, dev, app.app.id, ANY_PORT)
    request = await stage.asked(app, redirect_uri=LISTENING)
    for how in (
        msgspec.structs.replace(ANY_PORT, any_port=False),
        msgspec.structs.replace(ANY_PORT, type="spa"),
        msgspec.structs.replace(ANY_PORT, type="web"),
    ):
        await stage.db.write(edit_authentication, dev, app.app.id, how)
        with pytest.raises(PageRefusal):
            await stage.asked(app, redirect_uri=LISTENING)
        with pytest.raises(PageRefusal):
            await stage.decided(request, stage.cast.ann.id)
    await stage.db.write(edit_authentication, dev, app.app.id, ANY_PORT)
    await stage.db.write(edit_details, dev, app.app.id, Details(name="Native", callbacks=(CALLBACK,)))
    with pytest.raises(PageRefusal):
        await stage.decided(request, stage.cast.ann.id)
    assert (await stage.rows())["codes"] == 0


@pytest.mark.attack("SR-020")
async def test_raw_bytes_are_not_guessed_at(stage: Stage) -> None:
    raw = stage.query(stage.c1, redirect_uri="CB").replace(b"CB", "https://\u0430pp.example/cb".encode())
    with pytest.raises(PageRefusal):
        await stage.begin(raw)


@pytest.mark.attack("SR-002")
@pytest.mark.parametrize("response_type", ["token", "id_token", "foo", None, "code"])
async def test_no_error_ever_goes_to_an_unlisted_url(stage: Stage, response_type: str | None) -> None:
    with pytest.raises(PageRefusal):
        await stage.begin(
            stage.query(stage.c1, redirect_uri="https://evil.example/cb", response_type=response_type, scope="nonsense")
        )


@pytest.mark.attack("SR-023")
@pytest.mark.parametrize(
    "extra",
    [
        {"redirect_uri": "https://evil.example/cb"},
        {"redirect_uri": CALLBACK},
        {"redirect_uri[]": "https://evil.example/cb"},
        {"redirect_uri[0]": CALLBACK},
    ],
)
@pytest.mark.parametrize("first", [True, False])
async def test_two_redirect_uris_are_none(stage: Stage, extra: dict[str, str], first: bool) -> None:
    query, added = stage.query(stage.c1), urlencode(extra).encode()
    with pytest.raises(PageRefusal) as refused:
        await stage.begin(added + b"&" + query if first else query + b"&" + added)
    assert refused.value.message == NOT_SENT


@pytest.mark.attack("SR-025")
@pytest.mark.claim("C216")
@pytest.mark.parametrize("callbacks", [(CALLBACK,), (CALLBACK, LOOPBACK, WITH_QUERY), ()])
async def test_it_cannot_be_left_out_however_many_are_listed(stage: Stage, callbacks: tuple[str, ...]) -> None:
    details = Details(name="Web", callbacks=callbacks, terms_url="https://a.example/", privacy_url="https://a.example/")
    await stage.db.write(edit_details, stage.cast.dev.id, stage.c1.app.id, details)
    for sent in (None, ""):
        with pytest.raises(PageRefusal) as refused:
            await stage.begin(stage.query(stage.c1, redirect_uri=sent))
        assert refused.value.message == NOT_SENT


@pytest.mark.claim("C218", "C229")
async def test_a_url_that_was_sent_without_encoding_does_not_match_and_the_page_says_why(stage: Stage) -> None:
    await widened(stage)
    assert isinstance(await stage.begin(stage.query(stage.c1, redirect_uri=WITH_QUERY)), Request)
    rest = stage.query(stage.c1, redirect_uri=None)
    for sent in (WITH_QUERY, quote(quote(WITH_QUERY, safe=""), safe="")):
        with pytest.raises(PageRefusal) as refused:
            await stage.begin(rest + b"&redirect_uri=" + sent.encode())
        assert "HTTP-encode" in refused.value.hint


@pytest.mark.claim("C230")
async def test_a_callback_of_another_app_is_refused_and_the_page_names_the_app(stage: Stage) -> None:
    elsewhere = "https://other.example/cb"
    await stage.db.write(add_callback, stage.cast.dev.id, stage.s1.app.id, elsewhere)
    assert (await stage.asked(stage.s1, redirect_uri=elsewhere)).target == elsewhere
    with pytest.raises(PageRefusal) as refused:
        await stage.begin(stage.query(stage.p1, redirect_uri=elsewhere))
    assert stage.p1.app.name in str(refused.value)


@pytest.mark.claim("C217", "C222", "C223")
async def test_taking_a_url_off_the_list_ends_it_and_putting_it_back_brings_it_back(stage: Stage) -> None:
    app = await app_by_id(stage.db, stage.c1.app.id)
    assert app is not None
    details = Details(name=app.name, callbacks=(LOOPBACK,), terms_url=app.terms_url, privacy_url=app.privacy_url)
    await stage.db.write(edit_details, stage.cast.dev.id, app.id, details)
    with pytest.raises(PageRefusal):
        await stage.begin(stage.query(stage.c1))
    assert (await stage.asked(stage.c1, redirect_uri=LOOPBACK)).target == LOOPBACK
    await stage.db.write(
        edit_details, stage.cast.dev.id, app.id, msgspec.structs.replace(details, callbacks=(LOOPBACK, CALLBACK))
    )
    assert (await stage.asked(stage.c1)).target == CALLBACK


@pytest.mark.attack("SR-007", "SR-036")
@pytest.mark.claim("C214")
async def test_a_listed_query_is_kept_and_the_answer_is_appended(stage: Stage) -> None:
    await widened(stage)
    request = await stage.asked(stage.c1, redirect_uri=WITH_QUERY)
    assert (await stage.decided(request, stage.cast.ann.id)).keys() == {"state", "code"}
