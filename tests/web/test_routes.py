"""Which doors a path leads to, and which of them have a name of ours."""

import pytest

from volary.web import Response, Visit
from volary.web.page import Door
from volary.web.routes import Routes


async def handler(visit: Visit) -> Response:
    raise AssertionError("it is found, never asked")


PATHS = ("/", "/login", "/posts/{id}/like", "/{username}", "/{username}/likes")
ROUTES = Routes(Door("GET", path, handler, signed_in=False, form_limit=0, files={}) for path in PATHS)


@pytest.mark.parametrize(
    ("path", "door", "values"),
    [
        ("/", "/", {}),
        ("/login", "/login", {}),
        ("/ann", "/{username}", {"username": "ann"}),
        ("/ann/likes", "/{username}/likes", {"username": "ann"}),
        ("/posts/posts/like", "/posts/{id}/like", {"id": "posts"}),
        ("/posts/1/like", "/posts/{id}/like", {"id": "1"}),
        ("/posts//like", None, {}),
        ("/login/", None, {}),
        ("", None, {}),
    ],
)
def test_a_path_leads_to_its_door(path: str, door: str | None, values: dict[str, str]) -> None:
    doors, found = ROUTES.find(path)
    assert [one.path for one in doors.values()] == ([door] if door else [])
    assert found == values


@pytest.mark.parametrize(
    ("path", "named"),
    [
        *((path, True) for path in ("/", "/login", "/posts/1/like", "/posts/posts/like")),
        *((path, False) for path in ("/ann", "/healthz", "/2/likes", "/nothing/here", "")),
    ],
)
def test_what_begins_with_anybody_s_name_is_no_page_of_ours(path: str, named: bool) -> None:
    assert bool(ROUTES.named(path)) is named
