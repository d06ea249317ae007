"""Our operations beside X's published contract: the same doors, parameters, permissions and shapes."""

import re
from typing import Any, Literal

import pytest

from tests.server import contract
from tests.server.calls import ASK, IN_CONTRACT, OPERATION, caller_of, of, post_of
from tests.server.calls.messages import group_of
from tests.server.house import House
from volary.accounts.actions import affiliate
from volary.kit.clock import DAY

GONE = {
    "POST /2/users/{id}/blocking",
    "DELETE /2/users/{source_user_id}/blocking/{target_user_id}",
}
"""What X took out of its contract and clients still call (X facts 6)."""
EVERY_FIELD = "post.fields={post}&user.fields={user}&expansions={expansions}"


def path_of(name: str) -> str:
    """The path as the contract writes it: its parameters have names of their own."""
    mine = re.sub(r"\{\w+\}", "{}", of(name).path)
    (found,) = [path for path in contract.contract()["paths"] if re.sub(r"\{\w+\}", "{}", path) == mine]
    return str(found)


@pytest.mark.parametrize("name", IN_CONTRACT)
def test_permissions_are_the_contracts(name: str) -> None:
    security = {
        scheme: scopes
        for one in contract.operation(of(name).method, path_of(name))["security"]
        for scheme, scopes in one.items()
    }
    need = of(name).need
    assert need.app_only is ("BearerToken" in security)
    assert (need.oauth1 is not None) is ("UserToken" in security)
    scopes = security.get("OAuth2UserToken")
    assert need.scopes == (None if scopes is None else frozenset(scopes))


@pytest.mark.parametrize("name", IN_CONTRACT)
async def test_every_parameter_and_every_value_of_the_contract_is_taken(house: House, name: str) -> None:
    who = await caller_of(house, name)
    target = (await ASK[name](house)).target
    joint = "&" if "?" in target else "?"
    for parameter, schema in contract.parameters(of(name).method, path_of(name)).items():
        if parameter in target:
            continue
        items = schema.get("items", {})
        values = contract.resolved(items or schema).get("enum", [])
        if not values:
            values = {"integer": [str(schema.get("minimum", 5)), str(schema.get("maximum", 10))]}.get(
                schema["type"], ["1"]
            )
            if schema.get("format") == "date-time":
                values = ["2020-01-01T00:00:00Z"]
            if parameter in {"pagination_token", "next_token"}:
                continue
        for value in [*values, ",".join(values)] if items else values:
            got = await house.get(f"{target}{joint}{parameter}={value}", who)
            assert got.status == 200, (parameter, value, got.body)


@pytest.mark.parametrize("name", IN_CONTRACT)
async def test_success_has_the_contracts_status_and_shape(house: House, name: str) -> None:
    operation = of(name)
    asked_for = await ASK[name](house)
    got = await house.send(
        operation.method, asked_for.target, await caller_of(house, name), body=asked_for.body, kind=asked_for.kind
    )
    assert got.status == operation.status, got.body
    if operation.gives_bytes:
        assert list(contract.content(operation.method, path_of(name), operation.status)) == ["application/octet-stream"]
        assert int(got.header("content-length") or "") == len(got.body) > 0
        return
    schema = contract.response(operation.method, path_of(name), operation.status)
    assert contract.differences(got.json, schema) == []


async def rich(house: House) -> list[int]:
    """Posts with everything that a post can have here."""
    house.clock.advance(DAY + 1)  # on another day the same texts may be posted again
    ann, carol, bob = house.cast.ann, house.cast.carol, house.cast.bob
    first = await post_of(house, carol, "Look at #bees and $HIVE, @ann and @nobody_x, at https://bees.example/a?b=c")
    hidden = await post_of(house, bob, "only mine")
    answer = await post_of(house, ann, "@Carol_C yes", reply_to_id=first)
    quote = await post_of(house, ann, "as she says", quote_of_id=first)
    both = await post_of(house, bob, "mine twice", quote_of_id=hidden)
    return [first, answer, quote, hidden, both, 1]


def values_of(parameter: str, method: str, path: str) -> str:
    found: list[str] = contract.parameters(method, path)[parameter]["items"]["enum"]
    return ",".join(found)


async def test_posts_with_everything_selected_fit_the_contract(house: House) -> None:
    ids = ",".join(map(str, await rich(house)))
    how: dict[str, Any] = {"method": "GET", "path": "/2/tweets"}
    asked = "&".join(
        f"{parameter}={values_of(parameter, **how)}" for parameter in ("post.fields", "user.fields", "expansions")
    )
    for who in (await house.bearer(house.cast.ann), house.app_only()):
        got = await house.get(f"/2/tweets?ids={ids}&{asked}", who)
        assert got.status == 200
        assert contract.differences(got.json, contract.response("GET", "/2/tweets", 200)) == []
        assert len(got.json["data"]) == 3
        missing = {one["resource_id"] for one in got.json["errors"] if one["title"] == "Not Found Error"}
        assert missing == set(ids.split(",")[3:])
        entities = got.json["data"][0]["entities"]
        assert set(entities) == {"urls", "hashtags", "cashtags", "mentions"}
        assert got.json["data"][1]["referenced_posts"] == [{"type": "replied_to", "id": ids.split(",")[0]}]


async def test_users_with_everything_selected_fit_the_contract(house: House) -> None:
    fields = values_of("user.fields", "GET", "/2/users/me")
    who = await house.bearer(house.cast.ann)
    for target in ("/2/users/me", f"/2/users/{house.cast.bob.id}", "/2/users/by/username/nobody_here", "/2/users/1"):
        got = await house.get(f"{target}?user.fields={fields}", who)
        assert contract.differences(got.json, contract.response("GET", "/2/users/me", 200)) == []


@pytest.mark.parametrize(("expansion", "words"), [("affiliation", "new"), ("affiliation.user_id", "old")])
async def test_organizations_of_users_fit_the_contract(
    house: House, expansion: str, words: Literal["new", "old"]
) -> None:
    ann, dev = house.cast.ann, house.cast.dev
    await house.db.write(affiliate, dev.id, ann.id)
    asked = f"user.fields={values_of('user.fields', 'GET', '/2/users/me')}&expansions={expansion}"
    who = await house.bearer(ann)
    for path, query in (
        ("/2/users/me", ""),
        ("/2/users", f"ids={ann.id},{dev.id}&"),
        ("/2/users/{id}/affiliates", ""),
    ):
        got = await house.get(f"{path.replace('{id}', str(dev.id))}?{query}{asked}", who)
        assert contract.differences(got.json, contract.response("GET", path, 200), words=words) == []
        assert [one["id"] for one in got.json["includes"]["users"]] == [str(dev.id)]


async def test_messages_with_everything_selected_fit_the_contract(house: House) -> None:
    linked = await post_of(house, house.cast.dev, "worth a look")
    text = f"@bob said #this: http://localhost:8000/dev/status/{linked}"
    who = await house.bearer(house.cast.ann)
    await house.json("POST", f"/2/dm_conversations/with/{house.cast.carol.id}/messages", who, {"text": text})
    await group_of(house, house.cast.carol, house.cast.ann, house.cast.bob)
    fields = values_of("dm_event.fields", "GET", "/2/dm_events")
    expansions = values_of("expansions", "GET", "/2/dm_events")
    got = await house.get(
        f"/2/dm_events?dm_event.fields={fields}&expansions={expansions}", await house.bearer(house.cast.ann)
    )
    assert contract.differences(got.json, contract.response("GET", "/2/dm_events", 200)) == []
    assert {"ann", "bob", "Carol_C"} <= {user["username"] for user in got.json["includes"]["users"]}
    assert [post["id"] for post in got.json["includes"]["posts"]] == [str(linked)]
    said = next(one for one in got.json["data"] if one.get("referenced_posts"))
    assert said["referenced_posts"] == [{"id": str(linked)}]
    assert set(said["entities"]) == {"hashtags", "mentions"}
    joined = next(one for one in got.json["data"] if one["event_type"] == "ParticipantsJoin")
    people = {str(one.id) for one in (house.cast.carol, house.cast.ann, house.cast.bob)}
    assert ("text" in joined, set(joined["participant_ids"]), joined["sender_id"]) == (
        False,
        people,
        str(house.cast.carol.id),
    )


@pytest.mark.attack("SR-278")
async def test_every_id_is_a_text(house: House) -> None:
    ids = ",".join(map(str, await rich(house)))
    got = await house.get(
        f"/2/tweets?ids={ids}&expansions=author_id&tweet.fields=author_id,conversation_id", house.app_only()
    )

    def numbers(value: Any) -> list[int]:
        if isinstance(value, dict):
            return [one for inner in value.values() for one in numbers(inner)]
        if isinstance(value, list):
            return [one for inner in value for one in numbers(inner)]
        return [value] if isinstance(value, int) and not isinstance(value, bool) else []

    assert all(number < 1 << 53 for number in numbers(got.json))
    assert all(isinstance(post["id"], str) and int(post["id"]) > 1 << 53 for post in got.json["data"])


async def test_problems_fit_the_contract(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    problem = {"$ref": "#/components/schemas/InvalidRequestProblem"}
    for target in ("/2/users/me?user.fields=nothing", "/2/tweets?ids=x", "/2/users/x", "/2/dm_events?max_results=0"):
        got = await house.get(target, who)
        assert got.status == 400
        without_older = {name: value for name, value in got.json.items() if name != "errors"}
        assert contract.differences(without_older, problem) == []


def test_the_check_itself_finds_what_is_wrong() -> None:
    user = {"$ref": "#/components/schemas/User"}
    right = {"id": "1", "name": "Ann", "username": "ann"}
    assert contract.differences(right, user) == []
    for wrong in (
        right | {"id": 1},
        right | {"protected": "yes"},
        right | {"nickname": "x"},
        right | {"created_at": "2020-01-01T00:00:00Z"},
        right | {"public_metrics": {"followers_count": 1}},
        right | {"name": None},
        [right],
    ):
        assert contract.differences(wrong, user), wrong


def test_every_operation_of_v2_is_in_the_contract() -> None:
    assert {name for name in OPERATION if "/2/" in name} - set(IN_CONTRACT) == GONE
    assert [name for name in IN_CONTRACT if not path_of(name)] == []
