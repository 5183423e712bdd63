"""What docs/upgrading.md tells operators to run does what it says."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import psycopg2

from stacks_dataverse.stores.warehouse import migrate

PAGE = Path(__file__).parents[2] / "docs" / "upgrading.md"
SQL = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

# What is taken over: all that the release before had by days of the chain; what is newer is missing on each day.
TAKEN_OVER = import_module("stacks_dataverse.stores.migrations.versions.0016_stale_by_table")

BUILT_DAY = """
    INSERT INTO built_days (day, block_count, tx_count, blocks_digest, settled, landed_at, built_at, facts_digest,
                            figures_due, revision, published_revision)
    VALUES ('2024-10-29', 0, 0, '', true, '2024-10-29', '2024-10-29', '', false,
            nextval('revisions'), currval('revisions'))
"""


def test_figures_of_every_day_are_due_and_are_published_again(new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    migrate(dsn, "0009")
    [to_do] = [sql for sql in SQL if "FROM built_tables" in sql]
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(BUILT_DAY)
    migrate(dsn)
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(to_do)
        assert cursor.fetchall() == [(name, 1) for name in sorted((*TAKEN_OVER.FACTS, *TAKEN_OVER.FIGURES))]
        cursor.execute("SELECT table_name FROM built_tables WHERE due")
        assert {name for (name,) in cursor.fetchall()} == set(TAKEN_OVER.FIGURES)
        cursor.execute("UPDATE built_tables SET version = 'of now', due = false")
        cursor.execute(to_do)
        assert cursor.fetchall() == []
        cursor.execute("SELECT revision > published_revision FROM built_days")
        assert cursor.fetchall() == [(True,)]
