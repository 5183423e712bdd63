"""A day costs the same however long the history: no statement of its run reads a table of history whole.

Measured by PostgreSQL's own counters of rows read, over a past that is large beside the day.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing

import psycopg2
import pytest

from plugins.page import dataset_reader, table_query
from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.dataset import Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.end_of_day.states import BURN_BLOCK_HEIGHT
from stacks_dataverse.stores.warehouse import Warehouse
from tests.support.history import preload
from tests.support.pipeline import Pipeline
from tests.support.stores import new_stores

DAY = str(sample_chain.FIRST_DAY)
DAYS, ACCOUNTS = 250, 250_000
PATIENCE_SECONDS = 30

# A fifth of a table is far more than a day needs of it, and less than a statement that reads it whole.
ALLOWED_SHARE = 0.2

# Read whole, as often as there are series to publish, at a cost of one row a day.
SERIES = {
    "built_days": "finds the days that are due",
    "loaded_days": "the calendar of every series",
    "daily_activity": "short, and asked for one day",
    "daily_addresses": "published",
    "daily_balances": "published",
    "daily_blocks": "published",
    "daily_balance_totals": "short, and asked for one day",
    "daily_exchange_volume": "published, a row an exchange",
    "daily_contracts": "published",
    "daily_initiators": "published",
    "daily_microblocks": "published",
    "daily_mining": "published",
    "daily_network_activity": "published",
    "daily_nft_totals": "published",
    "daily_pox_heights": "short, and asked for the latest",
    "daily_stacking": "published",
    "daily_stacking_rewards": "short, and asked for one day",
    "daily_sbtc": "published",
    "sbtc_supply_changes": "short, and asked for one day",
    "stx_supply_changes": "short, and asked for one day",
}

# How many times their rows the others may be read, and why.
EXCEPTIONS = {
    "built_tables": (2, "which figures of each day are due, or of other code: a row a figure and day"),
    "daily_miners": (2, "three objects of the last 90 days or six cycles: a row a miner and day, of 250 days here"),
    "daily_transactions": (0.8, "the last 90 of the 250 days are published by type, and those that failed"),
    "daily_fees": (1.1, "three rows a day, of which the last 90 days are published: so short a table is scanned"),
    "stx_balances": (1.2, "median and Gini need every balance: one pass"),
    "contract_deployments": (0.6, "the last 90 days, of 250 here, are published by version"),
    "nft_collections": (10, "one row a collection, all of which are ranked by holders; no row a day"),
    "fungible_tokens": (10, "one row a token, all of which are ranked by holders; no row a day"),
    "bns_namespaces": (10, "one row a namespace, of which there are some dozens; no row a day"),
    "reward_cycles": (10, "one row a fortnight"),
    "stacking_distributions": (10, "one row a week"),
    "cycle_signers": (4, "a fortnight's signers, of the last two fortnights: a few pages"),
    "stacking_cycles": (10, "one row a fortnight"),
    "bond_setups": (10, "one row a bond, one of which begins every four weeks"),
    "bond_sums": (10, "one row a bond"),
    "bond_exit_sums": (10, "one row a bond and cycle"),
    "bond_distributions": (4, "six rows a week at most"),
}
# Read whole by whoever looks at their newest rows: some a day, one a week or fortnight, a collection, a type of
# transactions, or an object.
SHORT = {
    *("quality_checks", "block_edges", "reward_cycles", "stacking_distributions", "nft_collections", "changed_keys"),
    *("cycle_signers", "stacking_cycles", "signer_keys", "bond_setups", "bond_sums", "bond_distributions"),
    *("fungible_tokens", "bns_namespaces", "daily_fees", "bond_exit_sums"),
}
# A row for each public object or file, however long the history.
OF_OBJECTS = {"published_objects", "published_files", "published_versions"}
TABLES = [table.name for table in catalog.TABLES if table.kind is not Kind.VIEW and table.name not in OF_OBJECTS]
OF_HISTORY = [table for table in TABLES if table not in SERIES]

STEPS: dict[str, Callable[[Pipeline], object]] = {
    "building": lambda pipeline: pipeline.build(DAY),
    "finishing": lambda pipeline: pipeline.finish(DAY),
    "building again": lambda pipeline: pipeline.build(DAY),
    "finishing again": lambda pipeline: pipeline.finish(DAY),
    "looking back": lambda pipeline: pipeline.compare(DAY, DAY),
}
AFTER_A_WHILE = "building again"

# Index entries rather than rows fetched by an index: an index-only scan fetches none.
READS = """
    SELECT relname::text, n_live_tup, seq_tup_read + COALESCE((
               SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE pg_stat_user_indexes.relid = read.relid
           ), 0)::bigint
    FROM pg_stat_user_tables AS read WHERE schemaname = 'public'
"""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                                                AND backend_type IN ('client backend', 'parallel worker')
"""


class Reads:
    """How many times its rows each table of a warehouse was read since this was made or last asked."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._before = self._counters()

    def times(self) -> dict[str, float]:
        """Rows read, in rows that there are, by table."""
        before, self._before = self._before, self._counters()
        return {table: (read - before[table][1]) / rows if rows else 0 for table, (rows, read) in self._before.items()}

    def _counters(self) -> dict[str, tuple[int, int]]:
        """Rows and rows read by table, once every other session has ended: then it has told what it read."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while ask(self._dsn, OTHERS) != [(0,)]:
            assert time.monotonic() < deadline, "a session to the warehouse was left open"
            time.sleep(0.01)
        return {table: (rows, read) for table, rows, read in ask(self._dsn, READS)}


def ask(dsn: str, sql: str) -> list[tuple]:
    """The answer to a query, in a session of its own."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def history(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> Pipeline:
    """The sample's first day landed, beside a warehouse with a past before it."""
    pipeline = new_stores(postgres_server, s3_server, "history", sample, NETWORK)
    preload(pipeline.warehouse_dsn, DAYS, ACCOUNTS, sample_chain.FIRST_DAY)
    pipeline.land(DAY)
    return pipeline


@pytest.fixture(scope="module")
def steps(history: Pipeline) -> dict[str, dict[str, float]]:
    """The day, run twice: how many times its rows each table was read in each step.

    A new day is unknown to the planner's statistics; what is built again has been there long enough to be known.
    """
    reads, measured = Reads(history.warehouse_dsn), {}
    for name, step in STEPS.items():
        if name == AFTER_A_WHILE:
            ask(history.warehouse_dsn, "ANALYZE address_days; ANALYZE nft_moves; SELECT")
        step(history)
        measured[name] = reads.times()
    assert history.failures() == {}
    return measured


def allowed(table: str) -> float:
    """How many times its rows a table may be read in a step."""
    return EXCEPTIONS.get(table, (ALLOWED_SHARE, ""))[0]


def read_whole(times: Mapping[str, float]) -> set[str]:
    """The tables that were read more than they may be."""
    return {table for table in OF_HISTORY if times[table] > allowed(table)}


def each_step_and_table() -> Iterator[object]:
    """Every step with every table that may not be read whole."""
    for step in STEPS:
        for table in OF_HISTORY:
            yield pytest.param(step, table)


def each_query_of_figures() -> Iterator[object]:
    """What figures read of the warehouse: opening states, and a day's changes and inputs."""
    figures = catalog.tables(Kind.FIGURE)
    opening = {state.name: state.opening_state for state in engine.states_of(figures)}
    for name, sql in (opening | engine.daily_queries(figures)).items():
        yield pytest.param(sql, id=name)


@pytest.mark.parametrize(("step", "table"), each_step_and_table())
def test_a_step_of_a_day_reads_little_of_a_table(step: str, table: str, steps: dict[str, dict[str, float]]) -> None:
    assert steps[step][table] <= allowed(table)


@pytest.mark.parametrize("sql", each_query_of_figures())
def test_a_query_of_figures_reads_little_of_any_table(
    sql: str, history: Pipeline, steps: dict[str, dict[str, float]]
) -> None:
    reads = Reads(history.warehouse_dsn)
    height = history.read(BURN_BLOCK_HEIGHT.format(first=f"'{DAY}'"))["last_burn_block_height"][0]
    values = {"day": f"'{DAY}'", "first": f"'{DAY}'", "burn_block_height": height} | history.network.values
    history.read(sql.format(**values))
    assert read_whole(reads.times()) == set()


@pytest.mark.usefixtures("steps")
def test_a_series_has_no_more_than_a_row_a_day(history: Pipeline) -> None:
    """But for a day in which a reward cycle ends, which has a row of either; the sample's last day is one."""
    for table in SERIES:
        assert history.read(f"SELECT count(*) AS rows FROM {table}")["rows"].to_pylist() <= [DAYS + 2], table


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("SELECT address, sum(change_ustx) FROM stx_balance_changes GROUP BY address", "stx_balance_changes"),
        ("SELECT count(DISTINCT address) AS addresses FROM address_days", "address_days"),
        ("SELECT max(length(address)) AS longest FROM addresses WHERE first_day > '2000-01-01'", "addresses"),
        ("SELECT max(balance_ustx) / (SELECT sum(balance_ustx) FROM stx_balances) FROM stx_balances", "stx_balances"),
        ("SELECT tx_id FROM nft_moves WHERE tx_id = '0x'", "nft_moves"),
    ],
)
def test_a_query_that_reads_all_of_history_is_found_out(sql: str, table: str, history: Pipeline) -> None:
    reads = Reads(history.warehouse_dsn)
    history.read(sql)
    assert read_whole(reads.times()) == {table}


@pytest.mark.parametrize("table", catalog.TABLES, ids=lambda table: table.name)
def test_the_newest_rows_of_a_dataset_are_found_by_an_index(
    table: Table, history: Pipeline, steps: dict[str, dict[str, float]]
) -> None:
    reads = Reads(history.warehouse_dsn)
    with Warehouse.open_read_only(history.warehouse_dsn) as store:
        dataset_reader.read_page(store, table_query.parse(table, dataset_reader.read_storage(store, table), {}))
    whole = {name for name, times in reads.times().items() if times > ALLOWED_SHARE}
    assert whole <= SHORT | OF_OBJECTS | SERIES.keys()
