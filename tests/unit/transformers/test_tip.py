"""What the tip says, from landed rows written by hand."""

from typing import Any

import pytest

from stacks_dataverse.transformers import tip
from tests.support.raw import canonical_day, rows_of

T = 1_730_300_000
DAY = 86_400


def block(
    name: str, height: int, time: int, *, canonical: bool = True, block_time: int | None = None
) -> dict[str, Any]:
    return {"index_block_hash": name.encode(), "block_height": height, "burn_block_height": height + 500,
            "burn_block_time": time, "block_time": block_time, "canonical": canonical}  # fmt: skip


def tx(name: str, of: str, fee: int = 100, *, kind: int = 0, place: tuple[int, int] = (2_147_483_647, 0),
       canonical: bool = True) -> dict[str, Any]:  # fmt: skip
    return {"tx_id": name.encode(), "index_block_hash": of.encode(), "microblock_canonical": canonical,
            "type_id": kind, "fee_rate": fee, "microblock_sequence": place[0], "tx_index": place[1]}  # fmt: skip


def looked(function: Any, *args: Any, **raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with canonical_day({table: rows_of(table, rows) for table, rows in raw.items()}, tip.TIP_READS) as look:
        return function(look, *args).to_pylist()


def test_blocks_count_what_is_canonical_and_may_be_empty() -> None:
    blocks = [block("a", 1, T), block("b", 2, T), block("lost", 2, T, canonical=False)]
    txs = [tx("1", "a"), tx("2", "a"), tx("3", "a", canonical=False), tx("4", "lost")]
    assert looked(tip.tip_blocks, blocks=blocks, txs=txs) == [
        {"block_height": 1, "tx_count": 2},
        {"block_height": 2, "tx_count": 0},
    ]


def test_the_tip_is_the_highest_block_not_the_latest_time() -> None:
    """Before Nakamoto a block may claim an earlier time than the one below it."""
    blocks = [block("a", 1, T + 600), block("b", 2, T), block("lost", 3, T + 900, canonical=False)]
    (found,) = looked(tip.summarise_tip, 0, blocks=blocks)
    assert (found["block_height"], found["burn_block_height"], found["tip_at"]) == (2, 502, T)


def test_a_blocks_own_time_goes_before_its_bitcoin_blocks() -> None:
    blocks = [block("a", 1, T, block_time=T + 40), block("b", 2, T, block_time=0)]
    assert [looked(tip.summarise_tip, 0, blocks=blocks[:n])[0]["tip_at"] for n in (1, 2)] == [T + 40, T]


def test_transactions_of_24_hours_reach_back_to_the_second() -> None:
    blocks = [block("out", 1, T - DAY), block("in", 2, T - DAY + 1), block("tip", 3, T)]
    txs = [tx("1", "out"), tx("2", "in"), tx("3", "in", kind=4), tx("4", "tip")]
    (found,) = looked(tip.summarise_tip, T, blocks=blocks, txs=txs)
    assert (found["txs_past24"], found["blocks_since"]) == (3, 1)


def test_the_fee_is_the_median_of_the_last_ten_transfers_in_the_chains_order() -> None:
    """Eleven transfers: the first in order, with the highest fee, is in a microblock of the lower block."""
    blocks = [block("a", 1, T), block("b", 2, T)]
    txs = [tx("first", "a", 9_999, place=(0, 7)), tx("call", "b", 5_000, kind=2, place=(2_147_483_647, 99))]
    txs += [tx(str(n), "a" if n < 4 else "b", 100 * n, place=(2_147_483_647, n)) for n in range(1, 11)]
    (found,) = looked(tip.summarise_tip, 0, blocks=blocks, txs=txs)
    assert found["latest_transfer_fee_ustx"] == 550


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        pytest.param([(0, 360, 180), (0, 540, 180), (0, 1800, 180)], 3.0, id="odd"),
        pytest.param([(0, 360, 180), (0, 540, 180)], 2.5, id="even"),
        pytest.param([(2, 360, 180)], None, id="a call is no transfer"),
        pytest.param([], None, id="nothing waits"),
    ],
)
def test_the_fee_per_byte_is_of_waiting_transfers(waiting: list[tuple[int, int, int]], expected: float | None) -> None:
    rows = [{"tx_id": bytes([n]), "type_id": kind, "fee_rate": fee, "tx_size": size}
            for n, (kind, fee, size) in enumerate(waiting)]  # fmt: skip
    (found,) = looked(tip.summarise_tip, 0, blocks=[block("a", 1, T)], mempool_txs=rows)
    assert found["fee_per_byte_ustx"] == expected


def test_what_came_before_is_left_out_with_all_it_holds() -> None:
    blocks = [block("a", 1, T, block_time=T + 5), block("b", 2, T, block_time=T + 10)]
    raw = {"blocks": blocks, "txs": [tx("1", "a"), tx("2", "b")]}
    tables = {table: rows_of(table, rows) for table, rows in raw.items()}
    with canonical_day(tables, tip.TIP_READS, since=T + 10) as look:
        assert look.sql("SELECT tx_id FROM txs").fetchall() == [(b"2",)]
