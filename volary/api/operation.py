"""Declaring an operation: everything that must be known before its function runs stands above it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from volary.access.caller import Caller
from volary.access.needs import Need
from volary.api.answer import Answer
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.fields import NOTHING, selection
from volary.api.kinds import Kinds
from volary.api.limits import Limits
from volary.api.machine import RawCall
from volary.api.query import NoQuery, converted, pairs_of, split

Q = TypeVar("Q", bound=msgspec.Struct)
B = TypeVar("B")
Handler = Callable[[Call[Any, Any]], Awaitable[Reply | Answer]]


class Operation(msgspec.Struct, frozen=True, eq=False):
    """A declared operation. `returns` names the kind of its objects, where it takes `fields` and `expansions`.

    A `large` one takes files: its body is read only from a caller who is known and may call, in its own time, while there is room
    (`volary.api.large`); it reads the body's format itself. One that gives bytes instead of JSON is declared to return an Answer.
    """

    method: str
    path: str
    need: Need
    limits: Limits
    query: type[msgspec.Struct]
    body: Any
    status: int
    returns: str
    body_limit: int
    handler: Handler
    parameters: tuple[str, ...]
    name: str
    large: bool = False

    @property
    def gives_bytes(self) -> bool:
        """Whether what it answers is no JSON."""
        return self.handler.__annotations__.get("return") is Answer

    async def run(self, raw: RawCall, caller: Caller, values: list[str], kinds: Kinds) -> Reply | Answer:
        """Check the query and the body, then call the function."""
        chosen, query = NOTHING, _DEFAULTS.get(self.query)
        if raw.query_string or query is None:
            own, selecting = split(
                _pairs(self, raw), self.query, bool(self.returns), strict=not self.path.startswith(_V1)
            )
            if own or query is None:
                query = converted(own, self.query)
            if selecting:
                chosen = selection(self.returns, selecting)
        body = None if self.body is None else _body(raw, self.body)
        path = dict(zip(self.parameters, values, strict=True)) if values else {}
        return await self.handler(Call(raw, caller, path, query, body, chosen, kinds))


_DEFAULTS: dict[type[msgspec.Struct], msgspec.Struct] = {NoQuery: NoQuery()}
_DECLARED: dict[str, list[Operation]] = {}
_V1 = "/1.1/"
_PLACE = re.compile(r"\{(\w+)\}")
_F = TypeVar("_F", bound=Callable[[Any], Awaitable[Reply | Answer]])


def operation(
    method: str,
    path: str,
    *,
    need: Need,
    limits: Limits,
    query: type[msgspec.Struct] = NoQuery,
    body: Any = None,
    status: int = 200,
    returns: str = "",
    body_limit: int = 65_536,
    large: bool = False,
) -> Callable[[_F], _F]:
    """Declare an operation. It opens when the server collects its module with `operations_of`."""

    def declare(handler: _F) -> _F:
        declared = Operation(
            method,
            path,
            need,
            limits,
            query,
            body,
            status,
            returns,
            body_limit,
            handler,
            tuple(_PLACE.findall(path)),
            f"{method} {path}",
            large,
        )
        _DECLARED.setdefault(handler.__module__, []).append(declared)
        return handler

    return declare


def operations_of(module: str) -> list[Operation]:
    """The operations that a module declared."""
    return list(_DECLARED.get(module, ()))


def _pairs(asked: Operation, raw: RawCall) -> tuple[tuple[str, str], ...]:
    """The parameters of a call: on v1.1 a form body counts too, on v2 OAuth's own in the query do not."""
    pairs = pairs_of(raw.query_string)
    if asked.path.startswith(_V1) and (form := raw.form):
        pairs += pairs_of(form)
    return tuple(pair for pair in pairs if not pair[0].startswith("oauth_")) if pairs else pairs


_JSON = b"application/json"


def _body(raw: RawCall, shape: Any) -> Any:
    """The JSON body as its struct. Raises InvalidRequest in X's words (X facts 4.4)."""
    kind = (raw.header(b"content-type") or b"").partition(b";")[0].strip().lower()
    if kind != _JSON:
        raise InvalidRequest("Requests with bodies must have content-type of application/json.")
    try:
        return msgspec.json.decode(raw.body or b"{}", type=shape)
    except msgspec.ValidationError as error:
        raise _mismatch(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest("The request body is not valid JSON.") from None


_PATTERN = re.compile(r"^Expected str matching regex '(.*)'$")
_UNKNOWN = "Object contains unknown field `"


def _mismatch(complaint: str) -> InvalidRequest:
    """What does not fit the body's struct, by its place, such as `$.reply.in_reply_to_tweet_id`."""
    sentence, _, place = complaint.partition(" - at `")
    name = place.rstrip("`").removeprefix("$").removeprefix(".")
    if sentence.startswith(_UNKNOWN):
        unknown = sentence.removeprefix(_UNKNOWN).rstrip("`")[:100]
        name = f"{name}.{unknown}" if name else unknown
        sentence = "there is no such property, and none may be added"
    sentence = sentence.replace("`", "")[:300]
    if found := _PATTERN.search(sentence):
        sentence = f"does not match {found[1]}"
    return InvalidRequest(f"$.{name}: {sentence}" if name else sentence, name)
