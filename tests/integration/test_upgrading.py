"""What docs/upgrading.md tells operators to run does what it says."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg2

from stacks_dataverse.stores.warehouse import migrate

PAGE = Path(__file__).parents[2] / "docs" / "upgrading.md"
SQL = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

# As the release before has it; see its stores/running_state.py.
FORMER_UPSERT = """
    INSERT INTO nft_owners AS held (asset_identifier, token_value, owner, block_height, microblock_sequence, tx_index,
                                    event_index)
    VALUES ('SP.c::t', '\\x01', %s, 1, 2147483647, 0, 0)
    ON CONFLICT (asset_identifier, token_value) DO UPDATE SET owner = excluded.owner
"""
BUILT_DAY = """
    INSERT INTO built_days (day, block_count, tx_count, blocks_digest, settled, landed_at, built_at, facts_digest,
                            figures_due, revision, published_revision)
    VALUES ('2024-10-29', 0, 0, '', true, '2024-10-29', '2024-10-29', '', false,
            nextval('revisions'), currval('revisions'))
"""


def test_the_release_before_finds_owners_by_the_whole_id_again(new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    migrate(dsn)
    [going_back] = [sql for sql in SQL if "nft_owners" in sql]
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(going_back)
        for owner in ("SPA", "SPB"):
            cursor.execute(FORMER_UPSERT, (owner,))
        cursor.execute("SELECT owner FROM nft_owners")
        assert cursor.fetchall() == [("SPB",)]


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
