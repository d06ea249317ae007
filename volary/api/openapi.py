"""The API described in OpenAPI 3.1, made from what the operations declare, so that the description cannot say anything else than they do.

Parameters, bodies, permissions and statuses are exact. Of answers it says the envelope and which fields an object may have: their values
are X's, and described in X's own contract.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from volary.access.needs import Need
from volary.access.scopes import SCOPES
from volary.api.fields import EXPANSIONS, SELECTORS
from volary.api.kinds import Kind, Kinds
from volary.api.operation import Operation

Json = dict[str, Any]
_PLACE = re.compile(r"\{(\w+)\}")
_MODULE = re.compile(rb"\bvolary\.(\w+)\.(?:\w+\.)*(\w+)")
"""How msgspec tells two classes of one name apart: where they stand in our code, which is nobody's business."""
_FILES = ("multipart/form-data", "application/json")
"""How operations that take files are sent them: as a part of a form, or as base64."""
_REFERENCES = "#/components/schemas/{name}"
_PROBLEM = {"description": "A problem of X's v2, or errors of v1.1", "content": {"application/json": {"schema": {}}}}


def document(operations: Iterable[Operation], kinds: Kinds, base: str) -> Json:
    """The whole description, for a server at an address."""
    listed = [*operations]
    bodies = list(dict.fromkeys(one.body for one in listed if one.body is not None))
    found, schemas = _schemas(bodies)
    schema_of = dict(zip(bodies, found, strict=True))
    paths: dict[str, Json] = {}
    for one in listed:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schema_of.get(one.body))
    return {
        "openapi": "3.1.0",
        "info": {"title": "The resource API of this server", "version": "2", "license": {"name": "Apache-2.0"}},
        "servers": [{"url": base}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**schemas, **{kind.name: _object(kind) for kind in kinds.every()}},
            "securitySchemes": _schemes(base),
        },
    }


def _schemas(bodies: list[Any]) -> tuple[list[Json], Json]:
    """The bodies of all operations at once: where two rooms have one of the same name, each is called after its room."""
    made = msgspec.json.schema_components(bodies, ref_template=_REFERENCES)
    text = _MODULE.sub(rb"\1.\2", msgspec.json.encode(made))
    return msgspec.json.decode(text, type=tuple[list[Json], Json])


def _operation(asked: Operation, body: Json | None) -> Json:
    said: Json = {
        "operationId": identifier(asked),
        "summary": summary(asked),
        "tags": [asked.handler.__module__.split(".")[1]],
        "security": _security(asked.need),
        "parameters": parameters_of(asked),
        "responses": {str(asked.status): _answer(asked), "default": _PROBLEM},
    }
    if body is not None:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if asked.large:  # read by its own function, in either form
        said["requestBody"] = {"required": True, "content": {one: {"schema": {"type": "object"}} for one in _FILES}}
    return said


def identifier(asked: Operation) -> str:
    """The name of an operation in addresses and in clients that are made from the description."""
    return re.sub(r"\W+", "_", f"{asked.method.lower()} {asked.path}").strip("_")


def summary(asked: Operation) -> str:
    """The first sentence of what the function says of itself, without its sources."""
    return paragraphs(asked)[0]


def paragraphs(asked: Operation) -> list[str]:
    """What the function says of itself, without its sources."""
    told = [" ".join(one.split()) for one in (asked.handler.__doc__ or "").split("\n\n")]
    return [re.sub(r" \((?:C\d|D\d|SR-|X facts|RFC)[^)]*\)", "", one) for one in told]


def _security(need: Need) -> list[Json]:
    ways: list[Json] = []
    if need.scopes is not None:
        ways.append({"OAuth2UserToken": sorted(need.scopes)})
    if need.oauth1 is not None:
        ways.append({"UserToken": []})
    if need.app_only:
        ways.append({"BearerToken": []})
    return ways


def parameters_of(asked: Operation) -> list[Json]:
    """What an operation takes in its path and its query."""
    return [*_path_parameters(asked), *_query_parameters(asked)]


def _path_parameters(asked: Operation) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PLACE.findall(asked.path)
    ]


def _query_parameters(asked: Operation) -> list[Json]:
    schema = msgspec.json.schema(asked.query)
    schema = next(iter(schema.get("$defs", {}).values()), schema)
    required = schema.get("required", [])
    found = [_parameter(name, of, required=name in required) for name, of in schema.get("properties", {}).items()]
    if asked.returns:
        found += [_choices(name, allowed) for name, (_, allowed) in SELECTORS.items()]
        if expansions := EXPANSIONS.get(asked.returns):
            found.append(_choices("expansions", expansions))
    return found


def _parameter(name: str, schema: Json, *, required: bool = False) -> Json:
    """A parameter; lists are written with commas."""
    options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        schema = options[0]
    schema = {key: value for key, value in schema.items() if value not in (None, ())}
    told: Json = {"name": name, "in": "query", "required": required, "schema": schema}
    return {**told, "explode": False} if schema.get("type") == "array" else told


def _choices(name: str, allowed: Iterable[str]) -> Json:
    return _parameter(name, {"type": "array", "items": {"type": "string", "enum": sorted(allowed)}})


def _answer(asked: Operation) -> Json:
    if asked.gives_bytes:
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The bytes", "content": {"application/octet-stream": binary}}
    if not asked.returns:
        return {"description": "Done", "content": {"application/json": {"schema": {"type": "object"}}}}
    one = {"$ref": _REFERENCES.format(name=asked.returns)}
    envelope = {
        "type": "object",
        "properties": {
            "data": {"anyOf": [one, {"type": "array", "items": one}]},
            "includes": {"type": "object"},
            "errors": {"type": "array", "items": {"type": "object"}},
            "meta": {"type": "object"},
        },
    }
    return {"description": "What was asked for", "content": {"application/json": {"schema": envelope}}}


def _object(kind: Kind) -> Json:
    """An object by the names of its fields, in both vocabularies."""
    names = {name for one in kind.fields for name in (one.old, one.new)}
    return {"type": "object", "properties": {name: {} for name in sorted(names)}}


def _schemes(base: str) -> Json:
    scopes = {scope.name: scope.sentence for scope in SCOPES.values()}
    flow = {"authorizationUrl": f"{base}/2/oauth2/authorize", "tokenUrl": f"{base}/2/oauth2/token", "scopes": scopes}
    return {
        "OAuth2UserToken": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "UserToken": {"type": "http", "scheme": "OAuth", "description": "OAuth 1.0a: signed in a person's name"},
        "BearerToken": {"type": "http", "scheme": "bearer", "description": "An app's own token"},
    }
