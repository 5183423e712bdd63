"""Each check of a landed day passes on sound data, and sees the one thing that it is there to see."""

from copy import deepcopy
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers.checks import raw_checks
from tests.raw import canonical_day, rows_of

IN_SEVEN = {"index_block_hash": b"7", "microblock_canonical": True}

SOUND: dict[str, list[dict[str, Any]]] = {
    "blocks": [
        {
            "index_block_hash": b"7",
            "parent_index_block_hash": b"6",
            "block_height": 7,
            "canonical": True,
            "tx_count": 2,
        },
        {
            "index_block_hash": b"8",
            "parent_index_block_hash": b"7",
            "block_height": 8,
            "canonical": True,
            "tx_count": 0,
        },
        {
            "index_block_hash": b"x",
            "parent_index_block_hash": b"6",
            "block_height": 7,
            "canonical": False,
            "tx_count": 9,
        },
    ],
    "txs": [IN_SEVEN | {"tx_id": b"a", "event_count": 2}, IN_SEVEN | {"tx_id": b"b", "event_count": 0}],
    "stx_events": [IN_SEVEN | {"tx_id": b"a"}],
    "contract_logs": [IN_SEVEN | {"tx_id": b"a"}],
}


def failing(raw: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[str, str]]:
    """Expected and actual of each check that fails."""
    with canonical_day({table: rows_of(table, rows) for table, rows in raw.items()}) as day:
        checks = raw_checks(day).to_pylist()
    return {c["name"]: (c["expected"], c["actual"]) for c in checks if c["expected"] != c["actual"]}


def test_sound_data_passes() -> None:
    assert failing(SOUND) == {}


def test_a_day_without_blocks_passes() -> None:
    assert failing({}) == {}


@pytest.mark.parametrize(
    ("table", "row", "change", "found"),
    [
        pytest.param(
            *("blocks", 0, {"tx_count": 3}),
            {"transactions equal the blocks' own count": ("3", "2")},
            id="a transaction less than the block says",
        ),
        pytest.param(
            *("txs", 0, {"event_count": 3}),
            {"transactions whose events differ from their own count": ("0", "1")},
            id="an event less than the transaction says",
        ),
        pytest.param(
            *("stx_events", 0, {"tx_id": b"nobody"}),
            {
                "transactions whose events differ from their own count": ("0", "1"),
                "events without a transaction": ("0", "1"),
            },
            id="an event of no transaction",
        ),
        pytest.param(
            *("blocks", 1, {"parent_index_block_hash": b"x"}),
            {"blocks whose parent is not the block before": ("0", "1")},
            id="a block on an orphan",
        ),
        pytest.param(
            *("blocks", 2, {"canonical": True, "tx_count": 0, "parent_index_block_hash": b"6"}),
            {
                "blocks whose parent is not the block before": ("0", "1"),
                "heights with more than one block": ("0", "1"),
            },
            id="two canonical blocks of a height",
        ),
    ],
)
def test_a_fault_is_seen(table: str, row: int, change: dict[str, Any], found: dict[str, tuple[str, str]]) -> None:
    raw = deepcopy(SOUND)
    raw[table][row] |= change
    assert failing(raw) == found


@pytest.mark.parametrize("height", [0, 1])
def test_the_first_blocks_own_count_is_not_held_against_them(height: int) -> None:
    block = {"index_block_hash": b"7", "block_height": height, "canonical": True, "tx_count": 1}
    assert failing(SOUND | {"blocks": [block]}) == {}


def test_a_raw_file_without_a_column_we_rely_on_is_refused() -> None:
    raw = {"txs": pa.table({"tx_id": [b"a"]})}
    with pytest.raises(Terminal, match=r"raw txs has no column .*fee_rate"), canonical_day(raw):
        pass
