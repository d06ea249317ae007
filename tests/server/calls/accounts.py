"""Calls of the accounts room."""

from tests.server.calls.asking import Making, at

ASK: dict[str, Making] = {
    "GET /2/users/me": at("/2/users/me"),
    "GET /2/users": at("/2/users?ids={carol},{ann}"),
    "GET /2/users/by": at("/2/users/by?usernames=carol_c,ANN"),
    "GET /2/users/{id}": at("/2/users/{carol}"),
    "GET /2/users/by/username/{username}": at("/2/users/by/username/carol_c"),
    "GET /1.1/account/verify_credentials.json": at("/1.1/account/verify_credentials.json"),
}
