"""The shapes that dashboards read."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from stacks_dataverse.transformers import shapes


def test_a_series_goes_by_unix_midnight_and_keeps_what_is_not_known() -> None:
    rows = pa.table({"day": [date(1970, 1, 2), date(1970, 1, 3)], "value": pa.array([5, None], pa.int64())})
    assert shapes.series(rows) == {"86400": 5, "172800": None}


def test_whale_balances_beside_the_count_of_holders() -> None:
    rows = pa.table({"whale_balance": [20_000.5, 10_000.0], "holders": [7, 7]})
    assert shapes.wallet_balances_raw(rows) == {"whale_balances": [20_000.5, 10_000.0], "nonzero_bals": 7}


def test_no_whale_is_an_empty_list() -> None:
    rows = pa.table({"whale_balance": pa.array([None], pa.float64()), "holders": [7]})
    assert shapes.wallet_balances_raw(rows) == {"whale_balances": [], "nonzero_bals": 7}


def test_the_histogram_names_every_bin() -> None:
    found = shapes.wallet_balances(
        pa.table({"from_stx": [10_500, 10_000_000], "holders": [2, 1], "is_known": [True, True]})
    )
    assert (found["10000"], found["10500"], found["10000000"]) == (0, 2, 1)
    assert len(found) == (10_000_000 - 10_000) // 500 + 1


@pytest.mark.parametrize(("is_known", "expected"), [(True, {0}), (False, {None})])
def test_a_histogram_without_bins_is_empty_or_not_known(is_known: bool, expected: set[int | None]) -> None:
    rows = pa.table({"from_stx": [None], "holders": [None], "is_known": [is_known]})
    assert set(shapes.wallet_balances(rows).values()) == expected


@pytest.mark.parametrize(("holders", "whales"), [(0, []), (None, None)])
def test_no_whales_are_an_empty_list_and_unknown_ones_are_none(holders: int | None, whales: list | None) -> None:
    rows = pa.table({"whale_balance": [None], "holders": [holders]})
    assert shapes.wallet_balances_raw(rows) == {"whale_balances": whales, "nonzero_bals": holders}


def test_a_series_stays_in_order() -> None:
    days = [date(2024, 1, day) for day in range(1, 32)]
    keys = list(shapes.series(pa.table({"day": days, "value": range(31)})))
    assert keys == sorted(keys, key=int)
    assert {int(key) % 86_400 for key in keys} == {0}


def test_no_day_is_an_empty_series() -> None:
    assert shapes.series(pa.table({"day": pa.array([], pa.date32()), "value": pa.array([], pa.int64())})) == {}


def test_bins_are_labelled_by_lower_edges_in_order() -> None:
    edges = list(shapes.wallet_balances(pa.table({"from_stx": [None], "holders": [None], "is_known": [True]})))
    assert edges[:2] == ["10000", "10500"]
    assert edges[-1] == "10000000"
    assert edges == sorted(edges, key=int)


def test_hours_go_by_their_beginning() -> None:
    hours = [datetime(1970, 1, 2, hour, tzinfo=UTC) for hour in (0, 1)]
    rows = pa.table({"hour_at": pa.array(hours, pa.timestamp("us", "UTC")), "value": [0.5, None]})
    assert shapes.hours(rows) == {"86400": 0.5, "90000": None}


def test_records_go_by_unix_midnight_and_keep_what_is_not_known() -> None:
    rows = pa.table({"day": [date(1970, 1, 2)], "galaxy": [50.5], "alt_rank": pa.array([None], pa.int64())})
    assert shapes.records(rows) == {"86400": {"galaxy": 50.5, "alt_rank": None}}
