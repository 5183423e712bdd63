"""What the catalogue declares and the warehouse lacks becomes a migration that makes exactly that."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import alembic.command
import alembic.config
import pytest
import sqlalchemy

from scripts import new_migration
from scripts.new_migration import NotPossibleError
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Table
from stacks_dataverse.dataset import Column
from stacks_dataverse.labels import Group
from stacks_dataverse.postgres import connect_psycopg2
from stacks_dataverse.state import Last, State, Sum
from stacks_dataverse.stores import version_table, warehouse
from tests.support.databases import query

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 28, 12, 30, 5, tzinfo=UTC)
DAY = Column("day", "date", "UTC day")
NEW = Table(
    name="bridge_events",
    title="Events of a bridge",
    group=Group.TOKENS,
    kind=Kind.FACT,
    method="A table of no dataset.",
    columns=(
        Column("event", "text", "its name"),
        DAY,
        Column("seen_at", "timestamptz", "when", null="until it is seen"),
        Column("amount_sats", "bigint", "amount", unit="satoshis"),
        Column("value", "double precision", "in USD", null="without a price"),
    ),
    key=("event", "day"),
)
WIDER = tuple(
    replace(table, columns=(*table.columns, Column("burned_ustx", "bigint", "burned", null="before this column was")))
    if table.name == "daily_activity" else table
    for table in catalog.TABLES
)  # fmt: skip
COLUMNS = """
    SELECT column_name::text, data_type::text, is_nullable = 'YES' FROM information_schema.columns
    WHERE table_name = %s ORDER BY ordinal_position
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, in the place of them."""
    copy = shutil.copytree(warehouse.MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(warehouse, "MIGRATIONS", copy)
    return copy


def downgrade(dsn: str, folder: Path) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(folder))
    engine = sqlalchemy.create_engine("postgresql+psycopg2://", creator=lambda: connect_psycopg2(dsn))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.downgrade(config, "-1")
    engine.dispose()


def test_a_new_table_is_made_as_it_is_declared(migrated: str, folder: Path) -> None:
    before, parent = new_migration.held_tables(migrated), query(migrated, f"TABLE {version_table.NAME}")[0][0]
    file = new_migration.write("bridge", AT, migrated, (*catalog.TABLES, NEW), folder)
    assert file.name == "20261128123005_bridge.py"
    assert f'revision = "20261128123005"\ndown_revision = "{parent}"\n' in file.read_text()
    warehouse.migrate(migrated)
    assert query(migrated, COLUMNS, NEW.name) == [
        ("event", "text", False),
        ("day", "date", False),
        ("seen_at", "timestamp with time zone", True),
        ("amount_sats", "bigint", False),
        ("value", "double precision", True),
    ]
    held = new_migration.held_tables(migrated)
    assert held[NEW.name].key == ("event", "day")
    assert query(migrated, f"SELECT indexdef FROM pg_indexes WHERE indexname = '{NEW.name}_by_day'")
    assert new_migration.changes((*catalog.TABLES, NEW), held) == []
    downgrade(migrated, folder)
    assert new_migration.held_tables(migrated) == before


@pytest.mark.parametrize(
    ("rule", "columns"),
    [(Sum(), "event, day"), (Last(("day", "seen_at")), "event, day, seen_at")],
    ids=["sums", "last"],
)
def test_a_ledger_has_the_index_of_its_new_running_state(
    rule: Sum | Last, columns: str, migrated: str, folder: Path
) -> None:
    state = State(NEW.name, ("event",), rule, {"amount_sats": "amount_sats"})
    running = replace(
        NEW, name="bridge_totals", kind=Kind.STATE, columns=NEW.columns[0:4:3], key=("event",), running_state=state
    )
    new_migration.write("bridge", AT, migrated, (*catalog.TABLES, running, NEW), folder)
    warehouse.migrate(migrated)
    ((definition,),) = query(migrated, "SELECT indexdef FROM pg_indexes WHERE indexname = 'bridge_events_by_event'")
    assert definition.endswith(f"({columns})")
    downgrade(migrated, folder)


def test_a_new_column_is_added(migrated: str, folder: Path) -> None:
    assert new_migration.write("burned", AT, migrated, WIDER, folder)
    warehouse.migrate(migrated)
    assert query(migrated, COLUMNS, "daily_activity")[-1] == ("burned_ustx", "bigint", True)
    downgrade(migrated, folder)
    assert new_migration.changes(catalog.TABLES, new_migration.held_tables(migrated)) == []


def files_of(folder: Path) -> list[Path]:
    """The migrations; Python keeps compiled ones beside them or not, as it is told."""
    return sorted(folder.rglob("*.py"))


def test_of_an_unchanged_catalogue_nothing_is_written(migrated: str, folder: Path) -> None:
    files = files_of(folder)
    assert new_migration.write("nothing", AT, migrated, catalog.TABLES, folder) is None
    assert files_of(folder) == files


def altered(name: str, **changes: object) -> tuple[Table, ...]:
    """The catalogue with one table changed."""
    return tuple(replace(table, **changes) if table.name == name else table for table in catalog.TABLES)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        pytest.param([table for table in catalog.TABLES if table.name != "tenures"],
                     "table tenures is declared no longer", id="a table that is gone"),
        pytest.param(altered("addresses", columns=(Column("address", "text", ""),)),
                     "column first_day of addresses is declared no longer", id="a column that is gone"),
        pytest.param(altered("addresses", columns=(Column("address", "text", ""), Column("first_day", "text", ""))),
                     "column first_day of addresses is date, and declared as text", id="another type"),
        pytest.param(altered("addresses", key=("address", "first_day")),
                     "the key of addresses is address, and declared as address, first_day", id="another key"),
        pytest.param([replace(table, columns=(*table.columns, Column("more", "text", "")))
                      if table.name == "addresses" else table for table in catalog.TABLES],
                     "new column more of addresses must say when it is null", id="a new column that is never null"),
        pytest.param([*catalog.TABLES, replace(NEW, kind=Kind.VIEW, key=())],
                     "view bridge_events is new: write its migration by hand", id="a view"),
    ],
)  # fmt: skip
def test_what_an_earlier_release_could_not_go_on_with_is_refused(
    tables: list[Table], words: str, migrated: str, folder: Path
) -> None:
    files = files_of(folder)
    with pytest.raises(NotPossibleError, match=words):
        new_migration.write("change", AT, migrated, tables, folder)
    assert files_of(folder) == files


def test_two_branches_of_migrations_are_named(migrated: str, folder: Path) -> None:
    (parent,) = query(migrated, f"TABLE {version_table.NAME}")[0]
    for revision in ("one", "other"):
        text = f'"""Of a branch."""\nrevision = "{revision}"\ndown_revision = "{parent}"\n'
        (folder / "versions" / f"{revision}.py").write_text(text)
    with pytest.raises(NotPossibleError, match=r"several heads, one, other: have one follow the other"):
        new_migration.write("bridge", AT, migrated, (*catalog.TABLES, NEW), folder)


def test_a_name_that_no_module_may_have_is_refused(migrated: str, folder: Path) -> None:
    with pytest.raises(NotPossibleError, match="use small letters"):
        new_migration.write("../bridge", AT, migrated, (*catalog.TABLES, NEW), folder)


def test_the_command_needs_no_warehouse(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.new_migration", "nothing"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Nothing to do: the migrations make what the catalogue declares.\n"
