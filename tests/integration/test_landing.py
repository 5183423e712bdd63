"""Raw files say what the source said, exactly, and their manifest is true."""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg2
import pyarrow.parquet as pq
import pytest

from scripts.local import sample_chain
from stacks_dataverse import catalog, paths
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.extractors.stacks_db.source import SESSION, pin
from stacks_dataverse.manifest import EmptyTable
from stacks_dataverse.runners import land
from stacks_dataverse.window import Window
from tests.support.pipeline import Pipeline

DAY = "2024-10-29"

EXTREMES = """
    CREATE TABLE extremes (
        index_block_hash bytea, id integer, amount numeric, small smallint, big bigint, label text, value bytea,
        signatures bytea[], bits bit varying, document jsonb, seen timestamptz, share double precision, flag boolean
    );
    CREATE INDEX ON extremes (index_block_hash);
    INSERT INTO extremes SELECT index_block_hash, n.* FROM blocks, (VALUES
        (1, 2::numeric ^ 128 - 1, 32767, 9223372036854775807, '', '\\x'::bytea, '{}'::bytea[], ''::bit varying,
         '{}'::jsonb, '2024-10-29 12:34:56.789012+00'::timestamptz, 0.1::float8, true),
        (2, -1.5, -32768, -9223372036854775808, E'tab\\t"quote"\\n\\\\ żółw', '\\x00ff'::bytea,
         ARRAY['\\x'::bytea, NULL, '\\x00'], B'10100000001', '{"a": [1, null, "x"]}', '1970-01-01', -0.0, false),
        (3, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
    ) AS n WHERE block_height = 200
"""
EXPECTED = [
    (
        *(1, "340282366920938463463374607431768211455", 32767, 9223372036854775807, "", b"", [], "", "{}"),
        *("2024-10-29T12:34:56.789012+00:00", 0.1, True),
    ),
    (
        *(2, "-1.5", -32768, -9223372036854775808, 'tab\t"quote"\n\\ żółw', b"\x00\xff", [b"", None, b"\x00"]),
        *("10100000001", '{"a": [1, null, "x"]}', "1970-01-01T00:00:00+00:00", -0.0, False),
    ),
    (3, "0", 0, 0, *[None] * 8),
]


# Types beside those that a Stacks database has today.
OTHER_TYPES = """
    CREATE TYPE mood AS ENUM ('calm', 'wild');
    CREATE TABLE other_types AS SELECT index_block_hash, n.* FROM blocks, (VALUES
        (ARRAY['', NULL, 'x'], ARRAY[1, NULL], ARRAY[9223372036854775807], '[1,  2]'::json, '0001-01-01'::date,
         'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, 'wild'::mood, '-1 day 02:03'::interval, '10.0.0.1/8'::inet,
         B'101'::bit(3), ARRAY[1.5, 2::numeric ^ 100], 1e-20::numeric, 'NaN'::numeric,
         '{}'::int[], NULL::int[], NULL::timestamp)
    ) AS n (texts, ints, bigs, document, birth, id, feeling, age, host, bits, amounts, tiny, unknown, no_ints,
            null_ints, never)
    WHERE block_height = 200;
    CREATE INDEX ON other_types (index_block_hash);
"""


@pytest.fixture
def chain_copy(new_database: Callable[[str], str]) -> str:
    """A sample chain that a test may change."""
    dsn = new_database("chain")
    sample_chain.generate(dsn, days=2, txs_per_day=200)
    return dsn


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)


def stored_rows(pipeline: Pipeline, table: str) -> list[dict[str, object]]:
    body = pipeline.archive.get(paths.RAW_TABLE.format(table=table, day=DAY))
    return pq.read_table(io.BytesIO(body)).to_pylist()


def test_every_value_survives(chain_copy: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    execute(chain_copy, EXTREMES)
    pipeline = new_pipeline(chain_copy)
    pipeline.land(DAY)
    rows = sorted(stored_rows(pipeline, "extremes"), key=lambda row: row["id"])
    for row in rows:
        row["seen"] = row["seen"] and row["seen"].isoformat()
    assert [tuple(row.values())[1:] for row in rows] == EXPECTED


def test_values_of_other_types_survive(chain_copy: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    execute(chain_copy, OTHER_TYPES)
    pipeline = new_pipeline(chain_copy)
    pipeline.land(DAY)
    (row,) = stored_rows(pipeline, "other_types")
    assert {name: value for name, value in row.items() if name != "index_block_hash"} == {
        **{"texts": ["", None, "x"], "ints": [1, None], "bigs": [9223372036854775807], "document": "[1,  2]"},
        **{"birth": date(1, 1, 1), "id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "feeling": "wild"},
        **{"age": "-1 days +02:03:00", "host": "10.0.0.1/8", "bits": "101"},
        **{"amounts": "{1.5,1267650600228229401496703205376}", "tiny": "0.00000000000000000001", "unknown": "nan"},
        **{"no_ints": [], "null_ints": None, "never": None},
    }


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        pytest.param("date", "'infinity'", "holds infinity", id="date"),
        pytest.param("date", "'-infinity'", "holds -infinity", id="date long ago"),
        pytest.param("timestamp", "'infinity'", "holds infinity", id="timestamp"),
        pytest.param("timestamptz", "'-infinity'", "holds -infinity", id="timestamptz"),
        pytest.param("timestamptz", "'294250-01-01'", "holds 294250-01-01", id="a year that Arrow cannot count"),
        pytest.param("bytea[]", r"ARRAY[['\x00'::bytea], ['\x01'::bytea]]", 'holds {{"', id="bytes in two dimensions"),
        pytest.param("integer[]", "ARRAY[[1, 2], [3, 4]]", "holds {{1,2},{3,4}}", id="numbers in two dimensions"),
        pytest.param("text[]", "'[2:3]={a,b}'", "holds [2:3]={a,b}", id="counted from 2"),
    ],
)
def test_a_value_that_a_raw_file_cannot_hold_is_refused_and_named(
    kind: str, value: str, words: str, chain_copy: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    execute(chain_copy, f"ALTER TABLE miner_rewards ADD COLUMN odd {kind}; UPDATE miner_rewards SET odd = {value}")
    pipeline = new_pipeline(chain_copy)
    with pytest.raises(Terminal, match=re.escape(f"column odd of miner_rewards {words}")):
        pipeline.land(DAY)
    assert not pipeline.archive.has(paths.RAW_MANIFEST.format(day=DAY))


def test_the_manifest_is_true(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    manifest = pipeline.land(DAY)
    assert pipeline.archive.get_json(paths.RAW_MANIFEST.format(day=DAY)) == manifest.to_json()
    for table, file in manifest.tables.items():
        body = pipeline.archive.get(paths.RAW_TABLE.format(table=table, day=DAY))
        if file.rows:
            assert hashlib.sha256(body).hexdigest() == file.sha256, table
            assert (len(body), pq.read_table(io.BytesIO(body)).num_rows) == (file.bytes, file.rows), table
        else:
            assert body is None, table


def test_orphaned_rows_land_too(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    pipeline.land(DAY)
    assert {row["canonical"] for row in stored_rows(pipeline, "blocks")} == {True, False}
    assert {row["canonical"] for row in stored_rows(pipeline, "txs")} == {True, False}


def test_a_table_that_became_empty_loses_its_file(chain_copy: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(chain_copy)
    assert pipeline.land(DAY).tables["miner_rewards"].rows
    execute(chain_copy, "DELETE FROM miner_rewards")
    assert pipeline.land(DAY).tables["miner_rewards"] == EmptyTable()
    assert pipeline.archive.get(paths.RAW_TABLE.format(table="miner_rewards", day=DAY)) is None


def test_a_table_of_a_later_version_lands_by_itself(chain_copy: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    execute(
        chain_copy,
        "CREATE TABLE pox6_events AS SELECT * FROM stx_events; CREATE INDEX ON pox6_events (index_block_hash)",
    )
    tables = new_pipeline(chain_copy).land(DAY).tables
    assert tables["pox6_events"].rows == tables["stx_events"].rows


def test_a_missing_optional_table_is_noted(chain_copy: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    execute(chain_copy, "DROP TABLE names")
    assert "no such table" in new_pipeline(chain_copy).land(DAY).tables["names"].note


def test_a_file_that_is_not_the_manifests_is_not_built(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    pipeline.run(DAY)
    before = pipeline.content()
    pipeline.archive.put(paths.RAW_TABLE.format(table="txs", day=DAY), b"another file")
    with pytest.raises(Retryable, match="does not match its manifest"):
        pipeline.build(DAY)
    assert pipeline.content() == before


def test_a_file_that_a_landing_took_away_is_worth_waiting_for(
    sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(sample)
    pipeline.land(DAY)
    pipeline.archive.delete(paths.RAW_TABLE.format(table="ft_events", day=DAY))
    with pytest.raises(Retryable, match="does not match its manifest"):
        pipeline.build(DAY)
    assert not any(pipeline.content().values())


def test_a_day_that_is_not_landed_is_not_built(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    with pytest.raises(Retryable, match=f"{DAY} is not landed"):
        pipeline.build(DAY)
    assert not any(pipeline.content().values())


def test_landing_again_gives_the_same_files(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    first, second = pipeline.land(DAY), pipeline.land(DAY)
    assert second.tables == first.tables


def test_tables_landed_for_other_blocks_make_no_manifest(
    chain_copy: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline, window = new_pipeline(chain_copy), Window.parse(DAY)
    manifest = pipeline.land(DAY)
    execute(chain_copy, "UPDATE blocks SET canonical = false WHERE block_height = 200")
    with StacksDb.open(chain_copy) as source:
        land.land_blocks(source, pipeline.archive, window, 2)
    with pytest.raises(Retryable, match="landed again"):
        land.write_manifest(pipeline.archive, window, manifest.landed_at, catalog.LANDING_CHECKS)


def test_no_query_of_a_large_table_scans_it(new_database: Callable[[str], str]) -> None:
    """On a chain of several days with fresh statistics, in a session set up as the extractor's."""
    dsn = new_database("planned")
    sample_chain.generate(dsn, days=6, txs_per_day=3000)
    with StacksDb.open(dsn) as source:
        blocks = source.day_blocks(Window.parse("2024-10-30"))
        large = ["txs", "stx_events", "ft_events", "nft_events", "contract_logs", "miner_rewards", "burnchain_rewards"]
        queries = {table: f"SELECT * FROM {table} WHERE {pin(source.layout.tables[table], blocks)}" for table in large}
    for table, sql in queries.items():
        with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
            cursor.execute(f"SET enable_seqscan = {SESSION['enable_seqscan']}")
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan" not in plan, f"{table}:\n{plan}"
        assert "Index" in plan, f"{table}:\n{plan}"


def test_raw_files_are_hive_partitions() -> None:
    assert Path(paths.RAW_TABLE.format(table="txs", day=DAY)).parts[-2] == f"day={DAY}"
