"""Bad input: a clear message, of the right kind, without a secret, and nothing half-done."""

from collections.abc import Callable

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from scripts.local import sample_chain
from scripts.local.s3 import S3Server
from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.network import MAINNET
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from tests.support.pipeline import Pipeline

DAY = "2024-10-29"
SECRET = "correct-horse-battery"


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)


def is_untouched(pipeline: Pipeline) -> bool:
    return not pipeline.archive.list_keys("raw/stacks/_manifest/day=") and not any(pipeline.content().values())


def failure(kind: type[DataverseError], pipeline: Pipeline, day: str = DAY) -> str:
    with pytest.raises(DataverseError) as caught:
        pipeline.run(day)
    assert type(caught.value) is kind
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_wrong_password(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(make_dsn(sample, password=SECRET))
    assert "password authentication failed" in failure(Terminal, pipeline)
    assert is_untouched(pipeline)


def test_wrong_password_of_the_warehouse(new_database: Callable[[str], str]) -> None:
    dsn = make_dsn(new_database("warehouse"), password=SECRET)
    with pytest.raises(Terminal, match=r"warehouse_db.*password") as caught, Warehouse.open(dsn):
        pass
    assert SECRET not in str(caught.value)
    with pytest.raises(Terminal, match=r"warehouse_db.*password") as caught:
        migrate(dsn)
    assert SECRET not in str(caught.value)


def test_a_server_that_is_away(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(make_dsn(sample, port=1, password=SECRET))
    assert "127.0.0.1:1" in failure(Retryable, pipeline)


def test_a_database_of_another_kind(
    new_database: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(new_database("other"))
    assert "not a database of stacks-blockchain-api" in failure(Terminal, pipeline)
    assert is_untouched(pipeline)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param("DROP TABLE ft_events", "lacks table ft_events", id="table"),
        pytest.param("ALTER TABLE txs DROP COLUMN event_count", "lacks column event_count of table txs", id="column"),
    ],
)
def test_a_required_table_or_column_is_missing(
    damage: str, words: str, new_database: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    dsn = new_database("damaged")
    sample_chain.generate(dsn, days=1, txs_per_day=50)
    execute(dsn, damage)
    pipeline = new_pipeline(dsn)
    message = failure(Terminal, pipeline, "2024-10-28")
    assert words in message
    assert "version 9" in message
    assert is_untouched(pipeline)


def test_a_missing_bucket(sample: str, new_pipeline: Callable[[str], Pipeline], s3_server: S3Server) -> None:
    good = new_pipeline(sample)
    pipeline = Pipeline(sample, good.warehouse_dsn, ObjectStore(s3_server.client(), "nowhere"), good.public)
    message = failure(Terminal, pipeline)
    assert "nowhere" in message
    assert "bucket" in message


def test_a_forbidden_bucket(sample: str, new_pipeline: Callable[[str], Pipeline], s3_server: S3Server) -> None:
    import boto3

    good = new_pipeline(sample)
    keys = {"aws_access_key_id": s3_server.credentials.access_key, "aws_secret_access_key": SECRET}
    client = boto3.client("s3", endpoint_url=s3_server.endpoint, region_name="us-east-1", **keys)
    pipeline = Pipeline(sample, good.warehouse_dsn, ObjectStore(client, good.archive.bucket), good.public)
    assert "permissions" in failure(Terminal, pipeline)
    assert is_untouched(good)


def test_a_day_before_the_chain_began(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    assert "before the chain began" in failure(Terminal, pipeline, "2021-01-01")
    assert is_untouched(pipeline)


def test_a_day_past_the_tip_is_empty_and_unsettled(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    pipeline.run("2024-10-30", "2024-11-05")
    rows = pipeline.read("SELECT block_count, tx_count, settled FROM loaded_days ORDER BY day").to_pylist()
    assert rows[1] == {"block_count": 0, "tx_count": 0, "settled": False}
    series = pipeline.public.get_json("daily_txs/latest.json.gz")
    assert len(series) == 1, "a day past the tip is never the newest"


def test_a_day_without_blocks_between_others_is_empty(
    new_database: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    dsn = new_database("quiet")
    sample_chain.generate(dsn, days=3, txs_per_day=50)
    for table in ("blocks", "txs"):
        execute(dsn, f"DELETE FROM {table} WHERE burn_block_time BETWEEN 1730160000 AND 1730246399")
    pipeline = new_pipeline(dsn)
    pipeline.land(DAY)
    pipeline.build(DAY)
    assert pipeline.finish(DAY)
    assert pipeline.read("SELECT block_count, settled FROM loaded_days").to_pylist() == [
        {"block_count": 0, "settled": True}
    ]


@pytest.mark.parametrize("version", ["v7_14_1", "v8_15_4", "v9"])
def test_every_versions_layout_lands_and_builds(
    version: str, stacks_dump: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    """The schemas are empty, so the day is."""
    pipeline = new_pipeline(stacks_dump(f"stacks_schema_{version}"), MAINNET)
    pipeline.load(DAY)
    assert pipeline.read("SELECT block_count FROM loaded_days")["block_count"].to_pylist() == [0]


def test_a_chain_with_no_blocks_is_never_settled(new_database: Callable[[str], str]) -> None:
    dsn = new_database("empty")
    sample_chain.generate(dsn, days=1, txs_per_day=10)
    execute(dsn, "DELETE FROM blocks")
    with StacksDb.open(dsn) as source:
        assert source.tip() is None
