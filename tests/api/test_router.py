import pytest

from volary.api.router import Router


def router() -> Router[str]:
    made: Router[str] = Router()
    for method, path in [
        ("GET", "/2/users/me"),
        ("GET", "/2/users/{id}"),
        ("GET", "/2/users/by/username/{username}"),
        ("GET", "/2/users/{id}/tweets"),
        ("DELETE", "/2/users/{id}/likes/{tweet_id}"),
    ]:
        made.add(method, path, f"{method} {path}")
    return made


@pytest.mark.parametrize(
    ("path", "door", "values"),
    [
        ("/2/users/me", "GET /2/users/me", []),
        ("/2/users/7", "GET /2/users/{id}", ["7"]),
        ("/2/users/7/", "GET /2/users/{id}", ["7"]),
        ("/2/users/by/username/ann", "GET /2/users/by/username/{username}", ["ann"]),
        ("/2/users/7/tweets", "GET /2/users/{id}/tweets", ["7"]),
    ],
)
def test_a_path_leads_to_its_door(path: str, door: str, values: list[str]) -> None:
    assert router().find(path) == ({"GET": door}, values)


def test_parameters_come_in_their_order() -> None:
    assert router().find("/2/users/1/likes/2") == ({"DELETE": "DELETE /2/users/{id}/likes/{tweet_id}"}, ["1", "2"])


@pytest.mark.parametrize("path", ["/", "/2", "/2/users", "/2/users//tweets", "/2/users/7/tweets/x", "/2/Users/me"])
def test_an_unknown_path_leads_nowhere(path: str) -> None:
    assert router().find(path) is None


def test_no_path_has_two_doors() -> None:
    with pytest.raises(ValueError, match="two doors"):
        router().add("GET", "/2/users/{other}", "again")
