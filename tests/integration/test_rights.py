"""What the role may not read, or stands there in another form, keeps nothing else from landing."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from psycopg2.extensions import make_dsn

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from stacks_dataverse import paths
from stacks_dataverse.errors import Terminal
from tests.conftest import NUMBERS
from tests.support.databases import query
from tests.support.pipeline import Pipeline

DAY = "2024-10-28"
TAKEN_AT = datetime(2024, 10, 29, 0, 5, tzinfo=UTC)
NOT_READABLE = {"rows": 0, "note": "the role of stacks_db may not read this table"}


@pytest.fixture
def limited(
    postgres_server: PostgresServer, new_database: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> Callable[[str], Pipeline]:
    """Make a pipeline that reads a chain as a role which may read all of it, but for what statements take away."""

    def make(changes: str) -> Pipeline:
        dsn, role = new_database("limited"), f"reader_{next(NUMBERS)}"
        sample_chain.generate(dsn, days=1, txs_per_day=60)
        ((name,),) = query(dsn, "SELECT current_database()")
        with postgres_server.connect(name) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT CONNECT ON DATABASE {name} TO {role}")
            cursor.execute(f"GRANT USAGE ON SCHEMA stacks_blockchain_api TO {role}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA stacks_blockchain_api TO {role}")
            cursor.execute("SET search_path = stacks_blockchain_api")
            cursor.execute(changes.format(role=role))
        return replace(new_pipeline(dsn), stacks_dsn=make_dsn(dsn, user=role, password="reader"))

    return make


def columns(pipeline: Pipeline, table: str) -> list[str]:
    """The columns of a landed file."""
    return pq.read_schema(io.BytesIO(pipeline.archive.get(paths.RAW_TABLE.format(table=table, day=DAY)))).names


def test_tables_that_nothing_is_built_from_are_left_out_and_named(limited: Callable[[str], Pipeline]) -> None:
    pipeline = limited(
        "REVOKE SELECT ON smart_contracts, ft_balances, nft_custody, chain_tip FROM {role};"
        "CREATE TABLE pox9_events AS SELECT * FROM stx_events;"
        "CREATE MATERIALIZED VIEW pox8_events AS SELECT * FROM stx_events WITH NO DATA;"
        "CREATE TABLE pox7_events AS SELECT * FROM stx_events; ALTER TABLE pox7_events ENABLE ROW LEVEL SECURITY;"
        "GRANT SELECT ON pox7_events, pox8_events TO {role}"
    )
    pipeline.run(DAY)
    manifest = pipeline.archive.get_json(paths.RAW_MANIFEST.format(day=DAY))
    noted = {name for name, table in manifest["tables"].items() if table == NOT_READABLE}
    assert noted == {"smart_contracts", "chain_tip", "pox7_events", "pox8_events", "pox9_events"}
    assert list(manifest["tip"].values()) == [None] * 3
    assert pipeline.look(TAKEN_AT)


def test_columns_that_nothing_is_built_from_are_left_out_and_named(limited: Callable[[str], Pipeline]) -> None:
    pipeline = limited("""
        REVOKE SELECT ON txs FROM {role};
        DO $$ BEGIN EXECUTE (
            SELECT 'GRANT SELECT (' || string_agg(quote_ident(attname), ', ') || ') ON txs TO {role}'
            FROM pg_attribute WHERE attrelid = 'txs'::regclass AND attnum > 0 AND NOT attisdropped
                                    AND attname NOT IN ('raw_tx', 'block_height')
        ); END $$
    """)
    pipeline.load(DAY)
    manifest = pipeline.archive.get_json(paths.RAW_MANIFEST.format(day=DAY))
    assert manifest["unreadable_columns"] == {"txs": ["block_height", "raw_tx"]}
    assert manifest["tables"]["txs"]["rows"] > 60
    assert not {"raw_tx", "block_height"} & set(columns(pipeline, "txs"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param("REVOKE SELECT ON txs FROM {role}", "not grant the role SELECT on table txs", id="table"),
        pytest.param("REVOKE SELECT ON blocks FROM {role}", "not grant the role SELECT on table blocks", id="blocks"),
        pytest.param("REVOKE USAGE ON SCHEMA stacks_blockchain_api FROM {role}",
                     "not grant the role SELECT on table blocks; does not grant the role SELECT on table txs",
                     id="schema"),
        pytest.param("REVOKE SELECT ON stx_events FROM {role}; GRANT SELECT (index_block_hash) ON stx_events TO {role}",
                     "not grant the role SELECT on column microblock_canonical of table stx_events", id="column"),
        pytest.param("REVOKE SELECT ON stx_events FROM {role}; GRANT SELECT (amount) ON stx_events TO {role}",
                     "not grant the role SELECT on table stx_events", id="the column by which rows are found"),
    ],
)  # fmt: skip
def test_what_is_needed_and_may_not_be_read_is_named(
    change: str, words: str, limited: Callable[[str], Pipeline]
) -> None:
    pipeline = limited(change)
    with pytest.raises(Terminal, match=words):
        pipeline.land(DAY)


def test_a_look_does_not_count_a_mempool_that_it_may_not_read_as_empty(limited: Callable[[str], Pipeline]) -> None:
    pipeline = limited("REVOKE SELECT ON mempool_txs FROM {role}")
    assert pipeline.land(DAY).block_count
    with pytest.raises(Terminal, match=r"stacks_db has no table mempool_txs, or no right to read it"):
        pipeline.look(TAKEN_AT)


def test_a_materialised_view_or_a_partitioned_table_lands_as_a_table_does(limited: Callable[[str], Pipeline]) -> None:
    plain, other = limited("SELECT 1"), limited("""
        ALTER TABLE miner_rewards RENAME TO kept_elsewhere;
        CREATE SCHEMA elsewhere; ALTER TABLE kept_elsewhere SET SCHEMA elsewhere;
        CREATE MATERIALIZED VIEW miner_rewards AS SELECT * FROM elsewhere.kept_elsewhere;
        GRANT SELECT ON miner_rewards TO {role};
        ALTER TABLE ft_events RENAME TO ft_events_whole; ALTER TABLE ft_events_whole SET SCHEMA elsewhere;
        CREATE TABLE ft_events (LIKE elsewhere.ft_events_whole) PARTITION BY RANGE (block_height);
        CREATE TABLE ft_events_low PARTITION OF ft_events FOR VALUES FROM (MINVALUE) TO (50);
        CREATE TABLE ft_events_high PARTITION OF ft_events FOR VALUES FROM (50) TO (MAXVALUE);
        INSERT INTO ft_events SELECT * FROM elsewhere.ft_events_whole;
        GRANT SELECT ON ft_events, ft_events_low, ft_events_high TO {role}
    """)  # fmt: skip
    expected, found = (
        {name: table.rows for name, table in pipeline.land(DAY).tables.items()} for pipeline in (plain, other)
    )
    assert expected["miner_rewards"]
    assert found == expected


def test_names_with_quotes_land(limited: Callable[[str], Pipeline]) -> None:
    pipeline = limited(
        """
        ALTER TABLE contract_logs ADD COLUMN "a ""quoted"" one; it's" integer[] DEFAULT '{{1}}';
        CREATE TABLE "odd ""one"" of ours" AS SELECT * FROM stx_events;
        GRANT SELECT ON "odd ""one"" of ours" TO {role}
        """
    )
    tables = pipeline.land(DAY).tables
    assert columns(pipeline, "contract_logs")[-1] == 'a "quoted" one; it\'s'
    assert tables['odd "one" of ours'].rows == tables["stx_events"].rows > 0
