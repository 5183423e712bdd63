"""What docs/upgrading.md tells operators to run does what it says."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg2

from stacks_dataverse.stores.warehouse import migrate

PAGE = Path(__file__).parents[2] / "docs" / "upgrading.md"
SQL = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

BUILT_DAY = """
    INSERT INTO built_days (day, block_count, tx_count, blocks_digest, settled, landed_at, built_at, facts_digest,
                            figures_due, revision, published_revision)
    VALUES ('2024-10-29', 0, 0, '', true, '2024-10-29', '2024-10-29', '', false,
            nextval('revisions'), currval('revisions'))
"""


def test_figures_of_every_day_are_due_and_are_published_again(new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    migrate(dsn, "0009")
    [done] = [sql for sql in SQL if "facts_version" in sql]
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(BUILT_DAY)
    migrate(dsn)
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(done)
        assert cursor.fetchall() == [(0, 1)]
        cursor.execute("SELECT revision > published_revision FROM built_days")
        assert cursor.fetchall() == [(True,)]
