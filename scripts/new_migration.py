"""Write a migration for what the catalogue declares and the warehouse lacks: `python -m scripts.new_migration NAME`.

What the migrations make is seen in a PostgreSQL of its own, started for this and thrown away. The file is to be read,
and committed: indexes but those of days and of running state, generated columns and views are added to it by hand.
"""

import argparse
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory

from scripts.local import ports
from scripts.local.postgres import PostgresServer
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Table
from stacks_dataverse.dataset import Column
from stacks_dataverse.state import State, Sum
from stacks_dataverse.stores import version_table
from stacks_dataverse.stores.warehouse import MIGRATIONS, Warehouse, migrate

# As the catalogue names types that information_schema names otherwise.
TYPES = {"timestamp with time zone": "timestamptz", "numeric(78,0)": "numeric(78)"}


class NotPossibleError(Exception):
    """Why no migration can be written."""


@dataclass(frozen=True)
class Held:
    """A table of the warehouse as its migrations make it: the types of its columns, and its key."""

    columns: Mapping[str, str]
    key: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A statement of a migration, and the one that takes it back."""

    upgrade: str
    downgrade: str


def held_tables(dsn: str) -> dict[str, Held]:
    """The tables of a warehouse, by name; views too, without a key."""
    with Warehouse.open(dsn) as warehouse:
        rows = warehouse.read(HELD_SQL, version_table=version_table.NAME).to_pylist()
    return {
        row["name"]: Held(
            {name: TYPES.get(kind, kind) for name, kind in zip(row["columns"], row["types"], strict=True)},
            tuple(row["key"] or ()),
        )
        for row in rows
    }


def changes(declared: Iterable[Table], held: Mapping[str, Held]) -> list[Change]:
    """What a warehouse lacks of the declared tables.

    Raises:
        NotPossibleError: something is declared no longer, or otherwise, which no release before could go on with; or a
            new column of a table that has rows is never null; or a view is new. All such are named.
    """
    tables = {table.name: table for table in declared}
    faults = [f"table {name} is declared no longer" for name in held.keys() - tables.keys()]
    found: list[Change] = []
    for name, table in tables.items():
        if name in held:
            faults += _faults(table, held[name])
            found += [_add(name, column) for column in table.columns if column.name not in held[name].columns]
        elif table.kind is Kind.VIEW:
            faults.append(f"view {name} is new: write its migration by hand")
        else:
            found += _create(table)
    if faults:
        raise NotPossibleError(f"{'; '.join(sorted(faults))}. Migrations only add.")
    return found + [
        _index(table.running_state) for table in tables.values() if table.running_state and table.name not in held
    ]


def migration(name: str, revision: str, parent: str, found: Sequence[Change]) -> str:
    """The text of a migration."""
    ups = _calls(change.upgrade for change in found)
    downs = _calls(change.downgrade for change in reversed(found))
    title = name.replace("_", " ").capitalize()
    return TEMPLATE.format(title=title, revision=revision, parent=parent, ups=ups, downs=downs)


def head(folder: Path) -> str:
    """The newest revision of a folder of migrations; NotPossibleError when there are several."""
    heads = ScriptDirectory(str(folder)).get_heads()
    if len(heads) > 1:
        raise NotPossibleError(
            f"the migrations have several heads, {', '.join(sorted(heads))}: have one follow the other first, by its "
            "down_revision."
        )
    return heads[0]


def write(name: str, at: datetime, dsn: str, declared: Iterable[Table], folder: Path = MIGRATIONS) -> Path | None:
    """Write the migration that a warehouse at head lacks; returns its file, None when there is nothing to do.

    Raises:
        NotPossibleError: as `head` and `changes` say; or the name is not one of a Python module.
    """
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise NotPossibleError(f"{name!r} is no name: use small letters, digits and underscores.")
    parent, found = head(folder), changes(declared, held_tables(dsn))
    if not found:
        return None
    revision = at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    file = folder / "versions" / f"{revision}_{name}.py"
    file.write_text(migration(name, revision, parent, found), encoding="utf-8")
    return file


@contextmanager
def warehouse_at_head() -> Iterator[str]:
    """An empty warehouse of all migrations, in a server of its own; its libpq connection string."""
    with tempfile.TemporaryDirectory() as home:
        server = PostgresServer(Path(home), ports.free())
        server.start()
        try:
            server.create_database("warehouse")
            migrate(server.dsn("warehouse"))
            yield server.dsn("warehouse")
        finally:
            server.stop()


def _faults(table: Table, held: Held) -> list[str]:
    columns = {column.name: column for column in table.columns}
    gone = [f"column {name} of {table.name} is declared no longer" for name in held.columns.keys() - columns.keys()]
    retyped = [
        f"column {name} of {table.name} is {kind}, and declared as {columns[name].type}"
        for name, kind in held.columns.items()
        if name in columns and columns[name].type != kind
    ]
    new = [column for name, column in columns.items() if name not in held.columns]
    full = [f"new column {column.name} of {table.name} must say when it is null: rows of before have none"
            for column in new if not column.null]  # fmt: skip
    rekeyed = [f"the key of {table.name} is {', '.join(held.key)}, and declared as {', '.join(table.key)}"]
    return gone + retyped + full + (rekeyed if held.key != table.key and held.key else [])


def _create(table: Table) -> list[Change]:
    lines = [f"{column.name} {column.type}{'' if column.null else ' NOT NULL'}" for column in table.columns]
    key = f"PRIMARY KEY ({', '.join(table.key)})"
    body = textwrap.indent(",\n".join([*lines, *([key] if table.key else [])]), "    ")
    made = [Change(f"CREATE TABLE {table.name} (\n{body}\n)", f"DROP TABLE {table.name}")]
    by_day = table.day_key in {column.name for column in table.columns}
    if by_day and table.key[:1] != (table.day_key,):
        # A day's rows are replaced whole.
        index = f"{table.name}_by_{table.day_key}"
        made.append(Change(f"CREATE INDEX {index} ON {table.name} ({table.day_key})", f"DROP INDEX {index}"))
    return made


def _index(state: State) -> Change:
    """The index by which a running state finds the rows of a key in its ledger, where the ledger has it not yet."""
    order = ("day",) if isinstance(state.rule, Sum) else state.rule.order
    name, columns = f"{state.ledger}_by_{'_'.join(state.key)}", ", ".join(dict.fromkeys((*state.index, *order)))
    return Change(f"CREATE INDEX IF NOT EXISTS {name} ON {state.ledger} ({columns})", f"DROP INDEX {name}")


def _add(table: str, column: Column) -> Change:
    return Change(
        f"ALTER TABLE {table} ADD COLUMN {column.name} {column.type}", f"ALTER TABLE {table} DROP COLUMN {column.name}"
    )


def _calls(statements: Iterable[str]) -> str:
    quote = '"""'
    return "\n".join(
        f"    op.execute({quote}\n{textwrap.indent(text, ' ' * 8)}\n    {quote})"
        if "\n" in text
        else f'    op.execute("{text}")'
        for text in statements
    )


TEMPLATE = '''"""{title}."""

from alembic import op

revision = "{revision}"
down_revision = "{parent}"


def upgrade() -> None:
{ups}


def downgrade() -> None:
{downs}
'''

HELD_SQL = """
    SELECT relname::text AS name,
           array_agg(attname::text ORDER BY attnum) AS columns,
           array_agg(replace(format_type(atttypid, atttypmod), ',0)', ')') ORDER BY attnum) AS types,
           (SELECT array_agg(keyed.attname::text ORDER BY array_position(conkey, keyed.attnum))
            FROM pg_constraint JOIN pg_attribute AS keyed ON keyed.attrelid = conrelid AND keyed.attnum = ANY (conkey)
            WHERE contype = 'p' AND conrelid = pg_class.oid) AS key
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND relname <> {version_table}
    GROUP BY pg_class.oid, relname
"""


def main() -> int:
    """Write the migration, or say why there is none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="what the migration is about, as a file's name has it: new_table")
    try:
        with warehouse_at_head() as dsn:
            file = write(parser.parse_args().name, datetime.now(UTC), dsn, catalog.TABLES)
    except NotPossibleError as error:
        print(error, file=sys.stderr)
        return 1
    print(file or "Nothing to do: the migrations make what the catalogue declares.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
