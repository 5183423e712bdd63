"""Each check of a landed day passes on sound data, and sees the one thing that it is there to see."""

from copy import deepcopy
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.chain import EVENT_TABLES
from stacks_dataverse.data_check import Place
from stacks_dataverse.errors import Terminal
from tests.support.raw import canonical_day, rows_of

OF_RAW = [check for check in catalog.CHECKS if check.place is Place.RAW]
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


def failing(raw: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[str, str | None]]:
    """How many things are wrong, and the first, of each check that fails."""
    found = {}
    tables = {table: rows_of(table, rows) for table, rows in raw.items()}
    for check in OF_RAW:
        with canonical_day(tables, check.reads) as day:
            (answer,) = check.function(day, **check.numbers).to_pylist()
        if not check.allowed.holds(answer["expected"], answer["actual"]):
            found[check.name] = (answer["actual"], answer["example"])
    return found


def test_sound_data_passes() -> None:
    assert failing(SOUND) == {}


def test_a_day_without_blocks_passes() -> None:
    assert failing({}) == {}


@pytest.mark.parametrize(
    ("table", "row", "change", "found"),
    [
        pytest.param(
            *("blocks", 0, {"tx_count": 3}),
            {"transactions_of_blocks": ("1", "height 7 counts 3 and holds 2")},
            id="a transaction less than the block says",
        ),
        pytest.param(
            *("blocks", 1, {"tx_count": 1}),
            {"transactions_of_blocks": ("1", "height 8 counts 1 and holds 0")},
            id="no transaction of a block that says one",
        ),
        pytest.param(
            *("txs", 0, {"event_count": 3}),
            {"events_of_transactions": ("1", "0x61 counts 3 and has 2")},
            id="an event less than the transaction says",
        ),
        pytest.param(
            *("txs", 1, {"event_count": 1}),
            {"events_of_transactions": ("1", "0x62 counts 1 and has 0")},
            id="no event of a transaction that says one",
        ),
        pytest.param(
            *("stx_events", 0, {"tx_id": b"n"}),
            {
                "events_of_transactions": ("1", "0x61 counts 2 and has 1"),
                "transactions_of_events": ("1", "0x6e"),
            },
            id="an event of no transaction",
        ),
        pytest.param(
            *("blocks", 1, {"parent_index_block_hash": b"x"}),
            {"parents_of_blocks": ("1", "height 8")},
            id="a block on an orphan",
        ),
        pytest.param(
            *("blocks", 2, {"canonical": True, "tx_count": 0, "parent_index_block_hash": b"6"}),
            {
                "parents_of_blocks": ("1", "height 8"),
                "heights_of_blocks": ("1", "height 7"),
            },
            id="two canonical blocks of a height",
        ),
    ],
)
def test_a_fault_is_seen(
    table: str, row: int, change: dict[str, Any], found: dict[str, tuple[str, str | None]]
) -> None:
    raw = deepcopy(SOUND)
    raw[table][row] |= change
    assert failing(raw) == found


def test_blocks_that_miss_each_others_transactions_do_not_make_up_for_it() -> None:
    raw = deepcopy(SOUND)
    raw["blocks"][0]["tx_count"], raw["blocks"][1]["tx_count"] = 1, 1
    assert failing(raw) == {"transactions_of_blocks": ("2", "height 7 counts 1 and holds 2")}


def test_events_of_every_table_count_and_each_of_them() -> None:
    events = dict.fromkeys(EVENT_TABLES, [IN_SEVEN | {"tx_id": b"a"}] * 2)
    txs = [IN_SEVEN | {"tx_id": b"a", "event_count": 2 * len(EVENT_TABLES)}]
    blocks = [SOUND["blocks"][0] | {"tx_count": 1}]
    assert failing({"blocks": blocks, "txs": txs, **events}) == {}


@pytest.mark.parametrize("table", EVENT_TABLES)
def test_two_events_of_a_transaction_that_did_not_land_are_two_faults_of_any_table(table: str) -> None:
    found = failing(SOUND | {table: [*SOUND.get(table, []), *([IN_SEVEN | {"tx_id": b"n"}] * 2)]})
    assert found == {"transactions_of_events": ("2", "0x6e")}


def test_the_example_is_the_first_of_what_is_wrong() -> None:
    raw = deepcopy(SOUND)
    raw["txs"][0]["event_count"] = raw["txs"][1]["event_count"] = 7
    raw["stx_events"] += [IN_SEVEN | {"tx_id": tx_id} for tx_id in (b"m", b"n")]
    assert failing(raw) == {
        "events_of_transactions": ("2", "0x61 counts 7 and has 2"),
        "transactions_of_events": ("2", "0x6d"),
    }


def test_the_first_of_the_heights_that_are_wrong_is_the_example() -> None:
    side = {"canonical": True, "tx_count": 0, "parent_index_block_hash": b"other"}
    blocks = [{"index_block_hash": hash_, "block_height": height, **side}
              for height, hash_ in ((7, b"a"), (7, b"b"), (8, b"c"), (8, b"d"), (9, b"e"))]  # fmt: skip
    found = failing({"blocks": blocks})
    assert found == {"heights_of_blocks": ("2", "height 7"), "parents_of_blocks": ("6", "height 8")}


def test_the_second_block_counts_its_transactions() -> None:
    block = {"index_block_hash": b"7", "block_height": 2, "canonical": True, "tx_count": 1}
    assert failing(SOUND | {"blocks": [block]}) == {"transactions_of_blocks": ("1", "height 2 counts 1 and holds 2")}


@pytest.mark.parametrize("height", [0, 1])
def test_the_first_blocks_own_count_is_not_held_against_them(height: int) -> None:
    block = {"index_block_hash": b"7", "block_height": height, "canonical": True, "tx_count": 1}
    assert failing(SOUND | {"blocks": [block]}) == {}


def test_a_raw_file_without_a_column_we_rely_on_is_refused() -> None:
    raw = {"txs": pa.table({"tx_id": [b"a"]})}
    reads = {"txs": ("tx_id", "fee_rate")}
    with pytest.raises(Terminal, match=r"raw txs has no column fee_rate: what reads this"), canonical_day(raw, reads):
        pass


def test_a_reward_set_may_count_stakes_that_rolled_into_smaller_bonds() -> None:
    (allowed,) = (check.allowed for check in catalog.CHECKS if check.name == "reward_set")
    assert [allowed.holds("1000", locked) for locked in ("899", "900", "2000", "2001")] == [False, True, True, False]
