"""Every way to ask an operation for private things: each id in its path and parameters, with everything selected and expanded."""

import itertools
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import msgspec

from tests.server.probes.planting import Planted
from volary.api.fields import EXPANSIONS, SELECTORS
from volary.api.operation import Operation

_PLACES = (
    (r"^/2/tweets/\{\w+\}", "post"),
    (r"^/1\.1/statuses/show/\{\w+\}", "post"),
    (r"^/2/users/by/username/\{\w+\}", "username"),
    (r"/folders/\{\w+\}", "folder"),
    (r"^/1\.1/statuses/\w+/\{\w+\}", "post"),
    (r"^/2/media/\{\w+\}", "media"),
    (r"^/2/spaces/\{\w+\}", "space"),
    (r"^/2/trends/by/woeid/\{\w+\}", "place"),
    (r"^/2/lists/\{\w+\}", "list"),
    (r"/with/\{\w+\}", "user"),
    (r"^/2/dm_events/\{\w+\}", "message"),
    (r"^/2/dm_conversations/media/\{\w+\}", "message"),
    (r"^/2/dm_conversations/media/-/\{\w+\}", "upload"),
    (r"^/2/dm_conversations/media/-/-/\{\w+\}", "file"),
    (r"^/2/dm_conversations/\{\w+\}", "conversation"),
    (r"^/2/users/\{\w+\}", "user"),
)
"""What stands in a path: the first part of the table that fits."""

_PARAMETERS = {
    "ids": None,  # of what the operation returns
    "usernames": "username",
    "media_keys": "media",
    "media_id": "upload",
    "user_ids": "user",
    "user_id": "user",
    "list_id": "list",
    "target_screen_name": "username",
    "source_screen_name": "username",
    "screen_name": "username",
    "query": "words",
    "id": "post",
}
"""What parameters name; those that are not here stay away."""


def targets(asked: Operation, planted: Planted, caller_id: str) -> Iterator[str]:
    """Every target of an operation that could lead to what was planted. Raises KeyError for a place nobody knows."""
    places = re.findall(r"\{\w+\}", asked.path)
    kinds = _kinds_of(asked.path)
    choices = [[*planted.ids[kind], *([caller_id] if kind == "user" else [])] for kind in kinds]
    for values in itertools.product(*choices):
        path = asked.path
        for place, value in zip(places, values, strict=True):
            path = path.replace(place, quote(value), 1)
        for query in _queries(asked, planted):
            yield f"{path}?{query}" if query else path


def _kinds_of(path: str) -> list[str]:
    kinds = []
    while "{" in path:
        pattern, kind = next(((one, kind) for one, kind in _PLACES if re.search(one, path)), ("", ""))
        if not pattern:
            raise KeyError(f"what stands in {path}? Tell it to the probes")
        kinds.append(kind)
        path = re.sub(pattern, lambda found: re.sub(r"\{\w+\}", "-", found[0]), path, count=1)
    return kinds


def _queries(asked: Operation, planted: Planted) -> Iterator[str]:
    """Each parameter that names something, with everything selected."""
    selecting = _everything(asked.returns) if asked.returns else {}
    fields = {one.encode_name: one for one in msgspec.structs.fields(asked.query)}
    named = [name for name in fields if name in _PARAMETERS]
    if "max_results" in fields:
        selecting["max_results"] = "100"
    if not named:
        yield urlencode(selecting)
    for name in named:
        kind = _PARAMETERS[name] or asked.returns or "post"
        values = planted.ids[kind]
        for value in [",".join(values)] if name.endswith("s") else values:
            yield urlencode({**selecting, name: value})


def _everything(kind: str) -> dict[str, str]:
    """Every field of every kind, and every expansion of this one."""
    chosen = {name: ",".join(sorted(allowed)) for name, (_, allowed) in SELECTORS.items()}
    if kind in EXPANSIONS:
        chosen["expansions"] = ",".join(sorted(EXPANSIONS[kind]))
    return chosen
