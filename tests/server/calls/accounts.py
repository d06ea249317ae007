"""Calls of the accounts room."""

from tests.server.calls.asking import FORM, Ask, Making, at
from tests.server.house import House


def _posting(path: str, form: bytes) -> Making:
    async def ask(house: House) -> Ask:
        return Ask(path, form, FORM)

    return ask


ASK: dict[str, Making] = {
    "GET /2/users/me": at("/2/users/me"),
    "GET /2/users": at("/2/users?ids={carol},{ann}"),
    "GET /2/users/by": at("/2/users/by?usernames=carol_c,ANN"),
    "GET /2/users/{id}": at("/2/users/{carol}"),
    "GET /2/users/by/username/{username}": at("/2/users/by/username/carol_c"),
    "GET /2/users/search": at("/2/users/search?query=carol"),
    "GET /2/users/{id}/affiliates": at("/2/users/{carol}/affiliates"),
    "GET /1.1/account/verify_credentials.json": at("/1.1/account/verify_credentials.json"),
    "GET /1.1/application/rate_limit_status.json": at("/1.1/application/rate_limit_status.json?resources=users"),
    "GET /1.1/account/settings.json": at("/1.1/account/settings.json"),
    "POST /1.1/account/settings.json": _posting("/1.1/account/settings.json", b"time_zone=Europe%2FAmsterdam"),
    "POST /1.1/account/update_profile.json": _posting("/1.1/account/update_profile.json", b"location=Ameland"),
}

LARGEST = {"GET /2/users/search": 1000, "GET /2/users/{id}/affiliates": 1000}
