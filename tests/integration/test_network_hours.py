"""The published hours of the network: of built days, of the tip snapshot, and how the one becomes the other."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.looks import TAKEN_AT, execute
from tests.support.pipeline import Pipeline

HOURS, DAYS = "v1/network_activity_hours.json.gz", "v1/network_activity.json.gz"
ADDITIVE = {
    *("block_count", "tx_count", "token_transfers", "contract_calls", "smart_contracts", "other_txs", "fee_ustx"),
    *("aborted_by_response", "aborted_by_post_condition", "problematic_skipped", "new_accounts"),
}
LAST_DAY = "2024-10-30"


def hours(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    """The published hours by their moment, in a new look at the tip."""
    pipeline.look(TAKEN_AT)
    return {row.pop("hour_at"): row for row in pipeline.public.get_json(HOURS)["data"]}


@pytest.fixture(scope="module")
def expected(sample_with_look: Pipeline) -> dict[str, dict[str, Any]]:
    """The hours of a chain of which all days are built."""
    return {row.pop("hour_at"): row for row in sample_with_look.public.get_json(HOURS)["data"]}


def test_the_hours_of_a_settled_day_add_up_to_the_day(
    sample_with_look: Pipeline, expected: dict[str, dict[str, Any]]
) -> None:
    days = sample_with_look.read("SELECT *, day::text AS date FROM daily_network_activity").to_pylist()
    for day in days[:2]:
        of_day = [row for hour, row in expected.items() if hour.startswith(day["date"])]
        assert len(of_day) == 24
        assert {name: sum(row[name] for row in of_day) for name in ADDITIVE} == {name: day[name] for name in ADDITIVE}
    assert {hour[:10] for hour, row in expected.items() if row["is_provisional"]} == {LAST_DAY}


@pytest.mark.parametrize(("loaded", "later"), [(1, {"2024-10-29", LAST_DAY}), (2, {LAST_DAY})])
def test_hours_of_the_tip_are_those_of_the_day_once_it_is_built(
    loaded: int,
    later: set[str],
    sample: str,
    new_run: Callable[[str, int], Pipeline],
    expected: dict[str, dict[str, Any]],
) -> None:
    found = hours(new_run(sample, loaded))
    assert {hour[:10] for hour, row in found.items() if row["is_provisional"]} == later
    assert found.keys() == expected.keys()
    for hour, row in found.items():
        assert row | {"is_provisional": None} == expected[hour] | {"is_provisional": None}, hour


def test_an_hour_without_a_block_is_of_zeros(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    run, at = new_run(sample, 3), "2024-10-29T07:00:00Z"
    for table in ("hourly_transactions", "hourly_activity", "hourly_new_accounts"):
        execute(run.warehouse_dsn, f"DELETE FROM {table} WHERE hour_at = '{at}'")
    row = hours(run)[at]
    assert row.pop("is_provisional") is False
    assert set(row.values()) == {0}


def test_while_no_day_is_built_the_whole_hours_of_the_snapshot_are_known_but_not_who_is_new(
    sample: str, new_run: Callable[[str, int], Pipeline], expected: dict[str, dict[str, Any]]
) -> None:
    found = hours(new_run(sample, 0))
    assert list(found) == list(expected)[-len(found) :]
    assert len(found) in (48, 49)
    for hour, row in found.items():
        assert row == expected[hour] | {"is_provisional": True, "new_accounts": None}, hour
