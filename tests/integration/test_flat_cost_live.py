"""A look costs the same however long the history: of the source it reads recent blocks, of the warehouse recent rows.

Measured by PostgreSQL's own counters of rows read, over a past that is large beside the look.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.runners.tip import land as tip_land
from tests.integration.conftest import CYCLES, SAMPLE
from tests.integration.looks import PRICES, TAKEN_AT, execute, rows, spot
from tests.integration.test_flat_cost import ALLOWED_SHARE, DAYS, SERIES, TABLES, Reads
from tests.support.history import preload
from tests.support.stores import new_stores

# Balances are in nothing that a look asks: a few accounts are as good as many.
ACCOUNTS = 10_000

# Read whole, at a cost of one row a fortnight, or a week.
SHORT = {*SERIES, "reward_cycles", "stacking_distributions"}
OF_HISTORY = [*(table for table in TABLES if table not in SHORT), "price_hourly"]

OLD_PRICES = """
    INSERT INTO price_hourly (symbol, hour_at, open_usd, high_usd, low_usd, close_usd, source)
    SELECT symbol, hour_at, 1, 1, 1, 1, 'test' FROM unnest(ARRAY['STX', 'BTC']) AS symbol,
         generate_series('2024-10-26 23:00+00'::timestamptz - interval '250 days', '2024-10-26 23:00+00', '1 hour')
         AS hour_at;
    ANALYZE price_hourly
"""

# As if the past had been of no blocks: then every block of the chain is in a built day or in the look.
NO_BLOCKS = f"UPDATE built_days SET block_count = 0 WHERE day < '{sample_chain.FIRST_DAY}'"

PRUNED = """
    INSERT INTO mempool_txs (pruned, tx_id, type_id, anchor_mode, status, post_conditions, nonce, fee_rate, sponsored,
                             sender_address, origin_hash_mode, raw_tx, receipt_time, receipt_block_height)
    SELECT true, decode(md5(number::text), 'hex'), 0, 3, 0, '', 0, 1, false, 'SP', 0, '', number, 1
    FROM generate_series(1, 5000) AS number;
    ANALYZE mempool_txs
"""
# The sample has these of its last Bitcoin blocks only.
OF_THE_LAST_HALF_DAY = {"burn_block_pox_txs"}
# One whole row, and a table of later API versions than the sample's.
LANDED = tip_land.landed_columns(catalog.tip_tables(), catalog.TIP_CHECKS)
NOT_MEASURED = {"pox_state", "burn_blocks"}
SOURCE_READS = """
    SELECT relname::text, n_live_tup, seq_tup_read, COALESCE((
        SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE pg_stat_user_indexes.relid = read.relid), 0)
    FROM pg_stat_user_tables AS read WHERE schemaname = 'stacks_blockchain_api'
"""


@pytest.fixture(scope="module")
def looks(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> dict[str, dict[str, float]]:
    """Two looks beside a long past: how many times its rows each table of the warehouse was read in each."""
    pipeline = new_stores(postgres_server, s3_server, "live_history", sample, CYCLES[SAMPLE])
    preload(pipeline.warehouse_dsn, DAYS, ACCOUNTS, sample_chain.FIRST_DAY)
    execute(pipeline.warehouse_dsn, OLD_PRICES)
    execute(pipeline.warehouse_dsn, PRICES)
    pipeline.run("2024-10-28", "2024-10-29")
    execute(pipeline.warehouse_dsn, NO_BLOCKS)
    reads, measured = Reads(pipeline.warehouse_dsn), {}
    for number, name in enumerate(("first look", "next look")):
        pipeline.look(TAKEN_AT + number * timedelta(minutes=30))
        measured[name] = reads.times()
    assert {name for name, value in spot(pipeline).items() if value is None} == {"slot_minimum"}
    return measured


@pytest.mark.parametrize("name", ["first look", "next look"])
@pytest.mark.parametrize("table", OF_HISTORY)
def test_a_look_reads_little_of_a_table(name: str, table: str, looks: dict[str, dict[str, float]]) -> None:
    assert looks[name][table] <= ALLOWED_SHARE


@pytest.fixture(scope="module")
def source_reads(postgres_server: PostgresServer, s3_server: S3Server) -> dict[str, tuple[int, int, int]]:
    """Rows, rows read in a scan, and rows read by index of each table of a chain of eight days, in a look at it."""
    postgres_server.create_database("eight_days")
    dsn = postgres_server.dsn("eight_days")
    sample_chain.generate(dsn, days=8, txs_per_day=400)
    execute(dsn, PRUNED)
    pipeline = new_stores(postgres_server, s3_server, "eight_days", dsn)
    return _read_in(dsn, lambda: pipeline.land_look(TAKEN_AT))


def _read_in(dsn: str, step: Callable[[], object]) -> dict[str, tuple[int, int, int]]:
    waited = Reads(dsn)
    before = {table: counts for table, *counts in rows(dsn, SOURCE_READS)}
    step()
    waited.times()
    after = {table: counts for table, *counts in rows(dsn, SOURCE_READS)}
    return {
        table: (live, scanned - before[table][1], int(by_index) - int(before[table][2]))
        for table, (live, scanned, by_index) in after.items()
    }


@pytest.mark.parametrize("table", sorted(LANDED.keys() - NOT_MEASURED))
def test_a_look_reads_the_source_by_index_and_what_is_recent(
    table: str, source_reads: dict[str, tuple[int, int, int]]
) -> None:
    """Two days of eight, and blocks of a margin beside them; of the mempool what waits."""
    live, scanned, by_index = source_reads[table]
    assert scanned == 0
    assert by_index <= max(0.6 * live, 10) or table in OF_THE_LAST_HALF_DAY
    if table in ("blocks", "txs", "stx_events", "mempool_txs", "burnchain_rewards"):
        assert by_index > 0
