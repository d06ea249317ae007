"""Running migrations, and telling how far a database is.

`migrate` brings a database to the newest revision. When several processes start at once on the same database one of them migrates and
the others wait (SR-323). `require_current` is for a server that must not change the schema by itself; `drift` compares the tables in the
code with those that a database has.

A new revision is written by one command, after the tables in the code were changed: `python -m volary.db.migrations "add the language
of an app"`. Read it, and make it say what was meant.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, inspect, text

from volary.db.errors import CannotStart
from volary.db.schema import on_connection

PLACE = Path(__file__).parent / "migrations"


async def migrate(url: str, metadata: MetaData, versions: Path | None = None) -> list[str]:
    """Carry out the revisions that the database lacks; what each was for. Raises CannotStart when it is newer than this program."""
    configuration = configured(metadata, versions)

    def upgrade(connection: Connection) -> list[str]:
        missing = _missing(connection, configuration)
        if connection.dialect.name == "postgresql":
            connection.commit()  # so that Alembic rules the transactions, and a revision may make an index concurrently
        if missing:
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
        return [script.doc for script in missing]

    return await on_connection(url, upgrade, changes=True)


async def require_current(url: str, versions: Path | None = None) -> None:
    """Raise CannotStart unless the database has exactly the revisions of this program."""
    configuration = configured(MetaData(), versions)
    missing = await on_connection(url, lambda connection: _missing(connection, configuration))
    if missing:
        raise CannotStart(
            f"the database lacks {len(missing)} migration(s), the next is “{missing[0].doc}”: run volary migrate"
        )


async def drift(url: str, metadata: MetaData) -> list[str]:
    """How the tables of a database differ from those in the code, one line each."""
    return await on_connection(url, lambda connection: _differences(connection, metadata))


def configured(metadata: MetaData, versions: Path | None = None) -> Config:
    """Alembic's configuration, made here instead of read from a file."""
    configuration = Config(attributes={"metadata": metadata})
    configuration.set_main_option("script_location", str(PLACE))
    configuration.set_main_option("version_locations", str(versions or PLACE / "versions"))
    configuration.set_main_option("path_separator", "newline")
    configuration.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return configuration


def _missing(connection: Connection, configuration: Config) -> list[Script]:
    """The revisions that a database lacks, in order."""
    scripts = ScriptDirectory.from_config(configuration)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None and connection.dialect.name == "sqlite" and (tables := inspect(connection).get_table_names()):
        raise CannotStart(
            f"this SQLite database is another program's: it holds a table {tables[0]}, and none of Volary's"
        )
    try:
        if current is not None:
            scripts.get_revision(current)
        return list(reversed(list(scripts.iterate_revisions("heads", current or "base"))))
    except CommandError as error:
        raise CannotStart(
            f"the database is newer than this program (it is at revision {current}): install the version of Volary that made it"
        ) from error


def default_differs(context: MigrationContext, *defaults: Any) -> bool | None:
    """Whether a column's default differs from the code's. On SQLite texts are compared, since an empty text is no default to Alembic."""
    if context.dialect.name != "sqlite":
        return None
    _, _, found, _, wanted = defaults
    return bool((found or "").strip("'()") != (wanted or "").strip("'()"))


def tables_of_ours(connection: Connection) -> Callable[[str | None, str, object], bool]:
    """Alembic's question whether to look at something. SQLite's full-text index brings tables of its own, which no code declares."""
    own: set[str] = set()
    if connection.dialect.name == "sqlite":
        kinds = connection.execute(text("PRAGMA table_list"))
        own = {row.name for row in kinds if row.type in {"virtual", "shadow"}}
    return lambda name, kind, _: kind != "table" or name not in own


def _differences(connection: Connection, metadata: MetaData) -> list[str]:
    opts = {"compare_server_default": default_differs, "include_name": tables_of_ours(connection)}
    context = MigrationContext.configure(connection, opts=opts)
    found = [_spoken(difference) for difference in compare_metadata(context, metadata)]
    if connection.dialect.name == "sqlite":
        found += _kinds_that_differ(connection, metadata)
    return found


def _spoken(difference: Any) -> str:
    """One of Alembic's differences in a line, such as `add_column posts language`."""
    parts = difference[0] if isinstance(difference, list) else difference
    names = [part if isinstance(part, str) else getattr(part, "name", None) for part in parts]
    return " ".join(name for name in names if name)


def _kinds_that_differ(connection: Connection, metadata: MetaData) -> list[str]:
    """Tables that are not STRICT, or have a rowid and should not (or the reverse): Alembic does not compare that."""
    kinds = {row.name: (bool(row.strict), not row.wr) for row in connection.execute(text("PRAGMA table_list"))}
    found = []
    for table in metadata.tables.values():
        options = table.dialect_options["sqlite"]
        wanted = (bool(options["strict"]), bool(options["with_rowid"]))
        if kinds.get(table.name, wanted) != wanted:
            found.append(f"table_kind {table.name}: (strict, with a rowid) is {kinds[table.name]}, not {wanted}")
    return found
