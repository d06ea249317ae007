"""Migrations that carry what is there over to another place: each on a database of the version before it, with such rows."""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.db.databases import new_postgres_database
from volary.db.migrate import PLACE, drift, migrate
from volary.db.schema import every_table, on_connection

Before = Callable[[str], Awaitable[str]]


@pytest.fixture(params=["sqlite", "postgres"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Before:
    """Makes a database with every migration before one of them."""
    url = f"sqlite:///{tmp_path}/before.db"
    if request.param == "postgres":
        url = new_postgres_database(f"volary_before_{os.getpid()}")

    async def made(revision: str) -> str:
        versions = tmp_path / "versions"
        versions.mkdir()
        for one in (PLACE / "versions").glob("[0-9]*.py"):
            if one.name[:4] < revision:
                (versions / one.name).write_text(one.read_text())
        assert await migrate(url, every_table(), versions)
        return url

    return made


async def put(url: str, statement: str, *rows: dict[str, object]) -> None:
    await on_connection(url, lambda connection: connection.execute(text(statement), list(rows)), changes=True)


async def read(url: str, question: str) -> list[tuple[object, ...]]:
    def work(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(text(question))]

    return await on_connection(url, work)


def listed(**files: tuple[int, str]) -> str:
    """The subtitles of a video as they were kept until 0028."""
    return json.dumps({language: {"id": file, "name": name} for language, (file, name) in files.items()})


async def test_0028_gives_each_video_s_subtitles_a_row(before: Before) -> None:
    """Those of more videos than one step takes; a file that several have; and one that went with another video."""
    url = await before("0028")
    await put(
        url,
        "INSERT INTO accounts (id, username, username_key, name, created_at) VALUES (:id, 'ann', 'ann', 'Ann', 1)",
        {"id": 1},
    )
    english, dutch, gone = 2, 3, 4
    kept = {
        10: listed(EN=(english, "English"), NL=(dutch, "Nederlands — “net”")),
        11: listed(EN=(english, "")),
        12: listed(DE=(gone, "Deutsch")),
        13: listed(FR=(gone, "Français"), NL=(dutch, "Nederlands")),
        14: "",
    } | {number: listed(EN=(english, "English")) for number in range(100, 1_200)}
    await put(
        url,
        "INSERT INTO media (id, owner_id, name, kind, state, size, created_at, changed_at, subtitles) "
        "VALUES (:id, 1, :name, :kind, 'ready', 1, 1, 1, :subtitles)",
        *({"id": one, "name": f"n{one}", "kind": "subtitles", "subtitles": ""} for one in (english, dutch)),
        *({"id": one, "name": f"n{one}", "kind": "video", "subtitles": text} for one, text in kept.items()),
    )
    assert await migrate(url, every_table())
    assert await read(
        url, "SELECT media_id, language, file_id, name FROM media_subtitles WHERE media_id < 100 ORDER BY 1, 2"
    ) == [
        (10, "EN", english, "English"),
        (10, "NL", dutch, "Nederlands — “net”"),
        (11, "EN", english, ""),
        (13, "NL", dutch, "Nederlands"),
    ]
    assert await read(url, "SELECT count(*), count(DISTINCT media_id) FROM media_subtitles WHERE media_id >= 100") == [
        (1_100, 1_100)
    ]
    assert await read(url, "SELECT count(*) FROM media") == [(len(kept) + 2,)]
    assert await drift(url, every_table()) == []
