"""What the catalogue says of tables and columns is where every SQL client shows it."""

import psycopg2

from stacks_dataverse import catalog
from stacks_dataverse.runners.describe import comment_tables, description
from stacks_dataverse.stores.warehouse import Warehouse

COMMENTS = """
    SELECT relname::text, attname::text, col_description(pg_class.oid, attnum),
           obj_description(pg_class.oid, 'pg_class')
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
"""


def test_tables_views_and_columns_bear_their_meaning(migrated: str) -> None:
    with Warehouse.open(migrated) as warehouse:
        assert comment_tables(warehouse, catalog.TABLES) == sum(1 + len(table.columns) for table in catalog.TABLES)
    with psycopg2.connect(migrated) as connection, connection.cursor() as cursor:
        cursor.execute(COMMENTS)
        held = {(table, column): (meaning, method) for table, column, meaning, method in cursor.fetchall()}
    for table in catalog.TABLES:
        for column in table.columns:
            assert held[table.name, column.name] == (column.description, description(table))


def test_a_table_is_described_by_title_method_and_warnings() -> None:
    (found,) = [table for table in catalog.TABLES if table.name == "daily_indicators"]
    lines = description(found).split("\n")
    assert lines[:2] == [f"{found.title}.", found.method]
    assert "Warning: NVT is a proxy: it uses exchange volume, not on-chain transfer volume." in lines


def test_what_is_the_same_is_not_written_again(migrated: str) -> None:
    with Warehouse.open(migrated) as warehouse:
        comment_tables(warehouse, catalog.TABLES)
        with warehouse.transaction():
            warehouse.execute("COMMENT ON COLUMN loaded_days.day IS 'another'")
        assert [comment_tables(warehouse, catalog.TABLES) for _ in range(2)] == [1, 0]
