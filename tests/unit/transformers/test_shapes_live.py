"""The shapes of half-hourly objects: null stays null, and unknown commits enter no sum."""

from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse.transformers import shapes

TYPES = {
    "burn_block_height": pa.int32(), "miner_address": pa.string(), "miner_commit_sats": pa.int64(),
    "total_commit_sats": pa.int64(), "coinbase_ustx": pa.int64(), "fees_ustx": pa.int64(), "burn_sats": pa.int64(),
}  # fmt: skip


def tenures(*rows: tuple[Any, ...]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(TYPES, row, strict=True)) for row in rows], pa.schema(TYPES.items()))


def test_numbers_ascend_as_numbers() -> None:
    rows = pa.table({"number": [100, 9, 10], "value": [1.5, None, 2.5]})
    assert list(shapes.series(rows).items()) == [("9", None), ("10", 2.5), ("100", 1.5)]


def test_records_keep_their_columns_by_name() -> None:
    rows = pa.table({"number": [20, 3], "a": [1, None], "b": ["x", "y"]})
    assert list(shapes.records(rows).items()) == [
        ("3", {"a": None, "b": "y"}),
        ("20", {"a": 1, "b": "x"}),
    ]


def test_names_stay_in_the_order_of_the_rows() -> None:
    assert list(shapes.by_name(pa.table({"name": ["b", "a"], "value": [7, 5]})).items()) == [("b", 7), ("a", 5)]


def test_the_overview_leaves_unknown_commits_out_of_sums() -> None:
    rows = tenures(
        (12, "SPB", None, None, 1_000_000_000, 0, None),
        (11, None, None, 50_000_000, 1_000_000_000, 4_000_000, 0),
        (10, "SPA", 25_000_000, 100_000_000, 500_000_000, 2_000_000, None),
    )
    assert shapes.mining_overview(rows) == {
        "btc_burns": {"10": 1.0, "11": 0.5, "12": None},
        "stx_rewards": {"10": 502.0, "11": 1004.0, "12": 1000.0},
        "win_probabilities": {"10": 0.25, "11": None, "12": None},
        "winning_miners": {"10": "SPA", "11": None, "12": "SPB"},
        "winner_burn_fees": {"10": 0.25, "11": None, "12": None},
        "last_block_reward": 1000.0,
        "total_btc_committed": 1.5,
        "avg_btc_committed": 0.75,
        "avg_fee_per_block": 2.0,
        "total_stx_rewards": 2506.0,
        "block_heights": [10, 11, 12],
    }


def test_sums_are_of_whole_units_and_divided_once() -> None:
    """0.1 + 0.2, in STX and in BTC."""
    rows = tenures((1, "SPA", 1, 10_000_000, 0, 100_000, 0), (2, "SPB", 1, 20_000_000, 100_000, 100_000, 0))
    overview = shapes.mining_overview(rows)
    assert (overview["total_btc_committed"], overview["total_stx_rewards"]) == (0.3, 0.3)
    assert (overview["avg_btc_committed"], overview["avg_fee_per_block"]) == (0.15, 0.1)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(tenures(), id="no tenure"),
        pytest.param(tenures((1, "SPA", None, None, 1, 1, None)), id="none known"),
    ],
)
def test_sums_of_nothing_are_null(rows: pa.Table) -> None:
    overview = shapes.mining_overview(rows)
    assert (overview["total_btc_committed"], overview["avg_btc_committed"]) == (None, None)
    assert (overview["total_stx_rewards"] is None) == (rows.num_rows == 0)


def test_nobody_committed_anything_is_no_probability() -> None:
    assert shapes.mining_overview(tenures((1, "SPA", 0, 0, 1, 1, 0)))["win_probabilities"] == {"1": None}


def test_a_share_of_commits_that_are_not_known_is_null() -> None:
    assert shapes.mining_overview(tenures((1, "SPA", 50, None, 1, 1, 0)))["win_probabilities"] == {"1": None}


def test_what_all_burned_is_no_part_of_the_winners_share() -> None:
    rows = tenures((2, "SPA", 100, 200, 1, 1, 100), (1, "SPA", 50, 200, 1, 1, 100), (3, "SPA", None, 200, 1, 1, 200))
    overview = shapes.mining_overview(rows)
    assert overview["win_probabilities"] == {"1": 0.5, "2": 1.0, "3": None}
    assert overview["btc_burns"] == dict.fromkeys("123", 0.000002)
