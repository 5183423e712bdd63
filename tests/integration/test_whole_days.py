"""A source whose tables lag behind one another, or that hides rows, lands nothing that looks whole."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from scripts.local.postgres import PostgresServer
from stacks_dataverse import catalog, paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.runners import backfill, land
from stacks_dataverse.window import Window
from tests.conftest import NUMBERS
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline
from tests.support.stores import new_chain

DAY = "2024-10-28"
TAKEN_AT = datetime(2024, 10, 29, 0, 5, tzinfo=UTC)
MANIFEST = paths.RAW_MANIFEST.format(day=DAY)

# A block and a transaction of the day, by their own counts.
LACKS_A_TRANSACTION = r"transactions_of_blocks: 1 differ, for example height 100 counts \d+ and holds \d+"
LACKS_AN_EVENT = r"events_of_transactions: 1 differ, for example 0x[0-9a-f]{64} counts \d+ and has \d+"
FIRST_OF = """
    DELETE FROM {table} WHERE ctid = (
        SELECT child.ctid FROM {table} AS child JOIN blocks USING (index_block_hash)
        WHERE blocks.canonical AND child.microblock_canonical AND blocks.block_height {heights}
        ORDER BY blocks.block_height, child.tx_index LIMIT 1
    )
"""


@pytest.fixture
def lagging(postgres_server: PostgresServer, new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    """A pipeline over a chain of one day that a test may change."""
    return new_pipeline(new_chain(postgres_server, f"lagging_{next(NUMBERS)}", days=1, txs_per_day=80))


@pytest.mark.parametrize("table", ["stx_events", "ft_events", "nft_events", "contract_logs", "stx_lock_events"])
def test_a_day_that_lacks_an_event_is_not_landed(table: str, lagging: Pipeline) -> None:
    execute(lagging.stacks_dsn, FIRST_OF.format(table=table, heights="> 1"))
    with pytest.raises(Retryable, match=f"^{DAY} is incomplete in stacks_db.*{LACKS_AN_EVENT}"):
        lagging.land(DAY)
    assert not lagging.archive.has(MANIFEST)


def test_a_day_that_lacks_a_transaction_is_not_landed_until_it_is_there(lagging: Pipeline) -> None:
    execute(
        lagging.stacks_dsn, f"CREATE TABLE later AS SELECT * FROM txs; {FIRST_OF.format(table='txs', heights='= 100')}"
    )
    with pytest.raises(Retryable, match=LACKS_A_TRANSACTION):
        lagging.land(DAY)
    with pytest.raises(Retryable, match=LACKS_A_TRANSACTION):
        lagging.land_days(DAY, DAY)
    assert not lagging.archive.has(MANIFEST)
    execute(lagging.stacks_dsn, "INSERT INTO txs SELECT * FROM later ON CONFLICT DO NOTHING")
    assert lagging.land(DAY).tables["txs"].rows > 80


def test_a_day_landed_whole_stays_when_the_source_lacks_rows_later(lagging: Pipeline) -> None:
    manifest = lagging.land(DAY)
    execute(lagging.stacks_dsn, "DELETE FROM contract_logs")
    with pytest.raises(Retryable, match="events_of_transactions"):
        lagging.land(DAY)
    assert lagging.archive.get_json(MANIFEST) == manifest.to_json()


def test_transactions_that_the_api_moved_from_block_0_to_block_1_are_not_counted(lagging: Pipeline) -> None:
    execute(lagging.stacks_dsn, "UPDATE blocks SET tx_count = 99 WHERE block_height = 1")
    assert lagging.land(DAY).tables["txs"].rows > 80


def test_a_backfill_lands_again_what_was_landed_without_its_transactions(lagging: Pipeline) -> None:
    whole = lagging.land(DAY).to_json()
    empty = {name: table if name == "blocks" else {"rows": 0} for name, table in whole["tables"].items()}
    lagging.archive.put_json(MANIFEST, whole | {"tables": empty})
    assert lagging.land_days(DAY, DAY) == {DAY: backfill.DONE}
    assert lagging.archive.get_json(MANIFEST)["tables"] == whole["tables"]
    assert lagging.land_days(DAY, DAY) == {DAY: backfill.UNCHANGED}


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        pytest.param("DELETE FROM txs", "transactions_of_blocks", id="transactions"),
        pytest.param("DELETE FROM stx_events", "events_of_transfers", id="events of token transfers"),
    ],
)
def test_a_look_at_the_tip_that_lacks_rows_publishes_nothing(loss: str, words: str, lagging: Pipeline) -> None:
    execute(lagging.stacks_dsn, loss)
    with pytest.raises(Retryable, match=rf"^the tip, height \d+, is incomplete in stacks_db.*{words}"):
        lagging.look(TAKEN_AT)
    assert lagging.archive.list_keys("raw/stacks_live/_manifest") == []
    assert lagging.public.list_keys() == []


def test_a_look_counts_no_events_that_it_does_not_take(lagging: Pipeline) -> None:
    assert lagging.look(TAKEN_AT)


def test_a_damaged_page_is_said_to_be_one(lagging: Pipeline) -> None:
    lagging.land(DAY)
    key = paths.RAW_TABLE.format(table="txs", day=DAY)
    body = lagging.archive.get(key)
    group = pq.read_metadata(io.BytesIO(body)).row_group(0)
    [hashes] = [each for each in map(group.column, range(group.num_columns)) if each.path_in_schema == "tx_id"]
    begin, end = hashes.data_page_offset, hashes.data_page_offset + hashes.total_compressed_size
    lagging.archive.put(key, body[:begin] + bytes(end - begin) + body[end:])
    with pytest.raises(Retryable, match=f"A raw file of {DAY} cannot be read .* must be landed again"):
        land.write_manifest(lagging.archive, Window.parse(DAY), datetime.now(UTC), catalog.LANDING_CHECKS)
