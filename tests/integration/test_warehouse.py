"""The catalogue declares exactly what the migrations make."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg2
import pyarrow as pa
import pytest

from scripts.local.postgres import PostgresServer
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.network import MAINNET
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from tests.support.pipeline import Pipeline

DAY = "2024-10-29"

COLUMNS = """
    SELECT table_name::text, array_agg(column_name::text || ' ' || data_type ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT IN ('alembic_version', 'dataverse_version') GROUP BY table_name
"""
VERSION = "SELECT version_num FROM dataverse_version"
UNDER_THE_FORMER_NAME = "CREATE TABLE alembic_version AS TABLE dataverse_version; DROP TABLE dataverse_version"
FORMER_VERSION = "SELECT version_num FROM alembic_version"
BUILT_DAY = f"""
    INSERT INTO built_days (day, block_count, tx_count, blocks_digest, settled, landed_at, built_at, facts_digest,
                            figures_due, revision)
    VALUES ('{DAY}', 0, 0, '', true, '{DAY}', '{DAY}', '', false, 1)
"""
KEYS = """
    SELECT conrelid::regclass::text, array_agg(attname::text ORDER BY array_position(conkey, attnum))
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
    WHERE contype = 'p' AND connamespace = 'public'::regnamespace GROUP BY conrelid
"""
# As information_schema has them.
NAMES_OF_TYPES = {"numeric(78)": "numeric", "timestamptz": "timestamp with time zone"}


def rows(dsn: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_tables_columns_and_types_are_those_of_the_catalogue(migrated: str) -> None:
    declared = {
        table.name: sorted(f"{column.name} {NAMES_OF_TYPES.get(column.type, column.type)}" for column in table.columns)
        for table in catalog.TABLES
    }
    assert {name: sorted(columns) for name, columns in rows(migrated, COLUMNS)} == declared


def test_every_table_has_the_key_that_the_catalogue_declares(migrated: str) -> None:
    declared = {table.name: list(table.key) for table in catalog.TABLES if table.key}
    assert {name: columns for name, columns in rows(migrated, KEYS) if name in declared} == declared
    assert {table.name for table in catalog.TABLES if not table.key} == {"mining_tenures", "stx_historical_prices"}


def test_migrating_again_is_harmless(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    pipeline.load(DAY)
    content, columns = pipeline.content(), rows(pipeline.warehouse_dsn, COLUMNS)
    migrate(pipeline.warehouse_dsn)
    assert (pipeline.content(), rows(pipeline.warehouse_dsn, COLUMNS)) == (content, columns)


def test_an_earlier_version_goes_on_with_the_warehouse_of_a_later(migrated: str) -> None:
    rows(migrated, "UPDATE dataverse_version SET version_num = '9999'; SELECT 1")
    before = rows(migrated, COLUMNS)
    migrate(migrated)
    assert rows(migrated, COLUMNS) == before
    assert rows(migrated, VERSION) == [("9999",)]


@pytest.mark.parametrize("foreign", ["e3a5b7c9d1f2", "0001"])
def test_another_programs_version_in_the_same_database_is_none_of_ours(
    foreign: str, migrated: str, new_database: Callable[[str], str]
) -> None:
    dsn = new_database("warehouse")
    rows(dsn, f"CREATE TABLE alembic_version AS SELECT '{foreign}' AS version_num; SELECT 1")
    migrate(dsn)
    assert rows(dsn, COLUMNS) == rows(migrated, COLUMNS)
    assert rows(dsn, VERSION) == rows(migrated, VERSION)
    assert rows(dsn, FORMER_VERSION) == [(foreign,)]


def test_another_programs_version_that_our_role_may_not_read_is_left_alone(
    new_database: Callable[[str], str], postgres_server: PostgresServer
) -> None:
    dsn = new_database("warehouse")
    ((name,),) = rows(dsn, "SELECT current_database()")
    with postgres_server.connect(name) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.alembic_version (version_num text)")
    migrate(dsn)
    assert len(rows(dsn, VERSION)) == 1


def test_a_warehouse_with_its_version_under_the_former_name_goes_on_from_there(migrated: str) -> None:
    newest, columns = rows(migrated, VERSION), rows(migrated, COLUMNS)
    rows(migrated, f"{UNDER_THE_FORMER_NAME}; {BUILT_DAY}; SELECT 1")
    for _ in range(2):
        migrate(migrated)
        assert (rows(migrated, VERSION), rows(migrated, COLUMNS)) == (newest, columns)
        assert rows(migrated, "SELECT day::text FROM built_days") == [(DAY,)]
    assert rows(migrated, FORMER_VERSION) == newest, "by which an earlier version of the code goes, rolled back"


def test_an_older_warehouse_under_the_former_name_is_brought_up_to_date(
    migrated: str, new_database: Callable[[str], str]
) -> None:
    dsn = new_database("warehouse")
    migrate(dsn, "0003")
    rows(dsn, f"{UNDER_THE_FORMER_NAME}; SELECT 1")
    migrate(dsn)
    assert (rows(dsn, VERSION), rows(dsn, COLUMNS)) == (rows(migrated, VERSION), rows(migrated, COLUMNS))


def test_several_that_migrate_at_once_make_one_warehouse(migrated: str, new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    rows(dsn, "CREATE TABLE alembic_version AS SELECT 'e3a5b7c9d1f2' AS version_num; SELECT 1")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, [dsn] * 3))
    assert (rows(dsn, VERSION), rows(dsn, COLUMNS)) == (rows(migrated, VERSION), rows(migrated, COLUMNS))


def test_a_table_that_stands_in_the_way_leaves_nothing_half_migrated(new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    rows(dsn, "CREATE TABLE stx_balances (mine text); SELECT 1")
    with pytest.raises(Terminal, match=r"migrating warehouse_db.*stx_balances"):
        migrate(dsn)
    assert rows(dsn, COLUMNS) == [("stx_balances", ["mine text"])]


def test_every_daily_objects_query_runs(migrated: str) -> None:
    """Those of half an hour ask a look as well, and run in its own tests."""
    declared = [*catalog.objects(Schedule.DAILY), *catalog.objects(Schedule.MARKET)]
    with Warehouse.open(migrated) as warehouse:
        found = {each.name: warehouse.read(each.rows, day=DAY, **MAINNET.values).num_rows for each in declared}
    # One row says that nothing is known.
    assert {name for name, count in found.items() if count} == {"number_of_pools", "wallet_balances"}


def test_what_failed_leaves_nothing(migrated: str) -> None:
    def fail(warehouse: Warehouse) -> None:
        with warehouse.transaction():
            warehouse.execute("INSERT INTO stx_balances VALUES ('SP1', 1)")
            raise RuntimeError("killed")

    with Warehouse.open(migrated) as warehouse:
        with pytest.raises(RuntimeError, match="killed"):
            fail(warehouse)
        assert warehouse.scalar("SELECT count(*) FROM stx_balances") == 0


def test_an_upsert_adds_revises_and_leaves_alone_what_is_the_same(migrated: str) -> None:
    def store(galaxy_scores: dict[int, float | None]) -> dict[int, tuple[float | None, str]]:
        days = [date(2024, 10, day) for day in galaxy_scores]
        given = pa.table({"day": days, "galaxy_score": pa.array(list(galaxy_scores.values()), pa.float64())})
        with Warehouse.open(migrated) as warehouse, warehouse.transaction():
            warehouse.upsert("daily_social", ["day"], given)
            warehouse.upsert("daily_social", ["day"], given.slice(0, 0))
        return {day.day: place for day, *place in rows(migrated, "SELECT day, galaxy_score, ctid FROM daily_social")}

    first = store({1: 50.0, 2: 60.0})
    again = store({1: 50.0, 2: None, 3: 70.0})
    assert [again[day][0] for day in (1, 2, 3)] == [50.0, None, 70.0]
    assert again[1] == first[1]


def test_days_built_before_a_new_figure_are_due_again(new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    migrate(dsn, "0003")
    rows(dsn, f"{BUILT_DAY}; SELECT 1")
    migrate(dsn)
    assert rows(dsn, "SELECT day::text, figures_due FROM built_days") == [(DAY, True)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(pa.array(["0", str(2**128 - 1), f"-{2**127}", None]), id="text, as u128 is read"),
        pytest.param(pa.array([0, 2**128 - 1, -(2**127), None], pa.decimal256(39, 0)), id="decimals"),
        pytest.param(pa.array([str(10**38 - 1), str(1 - 10**38)]), id="text of 38 digits"),
        pytest.param(pa.array([10**37, -(10**37)], pa.decimal256(76, 0)), id="decimals of 38 digits"),
        pytest.param(pa.array([0, 2**63 - 1, None]), id="whole numbers"),
        pytest.param(pa.array([None, None], pa.string()), id="none"),
    ],
)
def test_amounts_of_128_bits_are_stored_exactly(rows: pa.Array, migrated: str) -> None:
    with Warehouse.open(migrated) as warehouse, warehouse.transaction():
        warehouse.execute("CREATE TABLE amounts (amount numeric)")
        warehouse.append("amounts", pa.table({"amount": rows}))
        stored = warehouse.read("SELECT amount FROM amounts")["amount"].to_pylist()
    assert Counter(stored) == Counter(None if amount is None else str(amount) for amount in rows.to_pylist())
