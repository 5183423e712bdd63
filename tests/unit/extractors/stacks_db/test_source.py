"""Which rows of a table go with a day's blocks, in words that an index serves."""

import pyarrow as pa
import pytest

from stacks_dataverse.extractors.stacks_db.days import DayBlocks
from stacks_dataverse.extractors.stacks_db.layout import Table
from stacks_dataverse.extractors.stacks_db.source import _lands, pin

BLOCKS = DayBlocks(pa.table({"index_block_hash": [b"\x01", b"\xff"], "block_height": [7, 5]}), [(9, 11), (20, 21)])
NO_BLOCKS = DayBlocks(pa.table({"index_block_hash": [], "block_height": []}), [])
HASHES = 'index_block_hash = ANY (\'{"\\\\x01","\\\\xff"}\'::bytea[])'


def table(name: str, *columns: str, indexed: str = "", kind: str = "bytea") -> Table:
    return Table(name, dict.fromkeys(columns, kind), frozenset([indexed]))


@pytest.mark.parametrize(
    ("chosen", "condition"),
    [
        pytest.param(table("txs", "index_block_hash", indexed="index_block_hash"), HASHES, id="by hash"),
        pytest.param(
            table("txs", "index_block_hash", "block_height", indexed="block_height"),
            f"block_height BETWEEN 5 AND 7 AND {HASHES}",
            id="by height where the hash has no index",
        ),
        pytest.param(
            table("burnchain_rewards", "burn_block_height", "index_block_hash"),
            "(burn_block_height > 9 AND burn_block_height <= 11)"
            " OR (burn_block_height > 20 AND burn_block_height <= 21)",
            id="by the Bitcoin blocks owned",
        ),
        pytest.param(table("chain_tip", "block_height"), "true", id="a snapshot whole"),
    ],
)
def test_rows_are_pinned(chosen: Table, condition: str) -> None:
    assert pin(chosen, BLOCKS) == condition


@pytest.mark.parametrize(
    ("chosen", "condition"),
    [
        pytest.param(table("txs", "index_block_hash", indexed="index_block_hash"), "'{}'", id="of blocks"),
        pytest.param(table("reward_slot_holders", "burn_block_height"), "false", id="of Bitcoin blocks"),
    ],
)
def test_a_day_without_blocks_has_no_rows(chosen: Table, condition: str) -> None:
    assert condition in pin(chosen, NO_BLOCKS)
    assert NO_BLOCKS.heights == (0, -1)


@pytest.mark.parametrize(
    ("chosen", "lands"),
    [
        (table("txs", "index_block_hash"), True),
        (table("pox9_events", "index_block_hash"), True),
        (table("searches", "index_block_hash", kind="text"), False),
        (table("pox_state", "id"), True),
        (table("burnchain_rewards", "burn_block_height"), True),
        (table("burn_blocks", "burn_block_height"), True),
        (table("blocks", "index_block_hash"), False),
        (table("nft_custody", "index_block_hash"), False),
        (table("event_observer_requests", "payload"), False),
        (table("mempool_txs", "tx_id"), False),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_lands_beside_the_blocks(chosen: Table, lands: bool) -> None:
    assert _lands(chosen) is lands


def test_a_type_that_would_come_in_wire_form_is_asked_for_as_text() -> None:
    chosen = Table("t", {"amount": "numeric", "mask": "varbit"}, frozenset())
    assert chosen.select_list == '"amount", "mask"::text AS "mask"'
