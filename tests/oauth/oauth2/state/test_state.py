"""The state: at most 500 characters, and given back as it was sent, whatever it holds."""

import pytest

from tests.oauth.oauth2.stage import CALLBACK, Stage, parameters_of

MIXED = "aZ09-._~ +/=&?#%\"'<script>;\r\n\t\0\u00e9\u4e2d\U0001f426"
STATES = ["", "x", "a+b/c==", MIXED, "<script>alert(1)</script>", "a\r\nSet-Cookie: b=c", "\U0001f426" * 500, "s" * 500]


@pytest.mark.attack("SR-032", "SR-283")
@pytest.mark.claim("C221")
@pytest.mark.parametrize("state", STATES)
async def test_it_comes_back_unchanged_on_approval_and_on_denial(stage: Stage, state: str) -> None:
    request = await stage.asked(stage.c1, state=state)
    for approved in (True, False):
        outcome = await stage.decided(request, stage.cast.ann.id, approved=approved)
        assert outcome["state"] == state
    assert (await stage.sent_back(stage.c1, state=state, scope="nonsense"))["state"] == state


@pytest.mark.attack("SR-032", "SR-283")
async def test_no_header_can_be_split_by_it(stage: Stage) -> None:
    redirect = await stage.begin(stage.query(stage.c1, state="a\r\nb: c", scope="nonsense"))
    assert "\r" not in redirect.url and "\n" not in redirect.url  # type: ignore[union-attr]  # noqa: PT018 - one property


@pytest.mark.attack("SR-032")
@pytest.mark.parametrize("state", ["s" * 501, "\U0001f426" * 501, "s" * 60_000])
async def test_a_longer_one_is_an_error_and_is_not_repeated(stage: Stage, state: str) -> None:
    assert await stage.sent_back(stage.c1, state=state) == {"error": "invalid_request"}
    assert await stage.sent_back(stage.c1, state=state, scope="nonsense") == {"error": "invalid_scope"}


async def test_two_of_them_are_an_error_and_none_is_repeated(stage: Stage) -> None:
    redirect = await stage.begin(stage.query(stage.c1) + b"&state=another")
    told = parameters_of(redirect.url, CALLBACK)  # type: ignore[union-attr]
    assert told == {"error": "invalid_request", "error_description": "state is there more than once."}


async def test_it_may_be_missing_and_then_nothing_comes_back(stage: Stage) -> None:
    request = await stage.asked(stage.c1, state=None)
    assert (await stage.decided(request, stage.cast.ann.id)).keys() == {"code"}
    assert await stage.decided(await stage.asked(stage.c1, state=None), None, approved=False) == {
        "error": "access_denied"
    }
