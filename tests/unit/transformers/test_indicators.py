"""Indicators: equal to those computed by hand on a real series, and null wherever they are not defined."""

import csv
import math
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse.transformers.indicators import COLUMNS, daily_indicators
from stacks_dataverse.transformers.segments import WARM_UP_DAYS
from tests.conftest import RealData

FIRST = date(2024, 1, 1)
SCHEMA = pa.schema(
    [
        ("day", pa.date32()),
        ("close_usd", pa.float64()),
        ("volume_usd", pa.float64()),
        ("vendors_cap_usd", pa.float64()),
        ("source", pa.string()),
        ("supply_ustx", pa.int64()),
    ]
)


def prices(closes: list[float], **columns: list[Any]) -> pa.Table:
    """Days from the first on, of one source; `columns` replaces whole ones."""
    count = len(closes)
    rows = {
        **{"day": [FIRST + timedelta(days=index) for index in range(count)], "close_usd": closes},
        **{"volume_usd": [50.0] * count, "vendors_cap_usd": [None] * count, "source": ["vendor"] * count},
        **{"supply_ustx": [10_000_000] * count},
    }
    return pa.table({name: pa.array((rows | columns)[name], SCHEMA.field(name).type) for name in SCHEMA.names})


def waves(count: int) -> list[float]:
    return [2 + math.sin(index / 3) + index / 1000 for index in range(count)]


def made(table: pa.Table) -> list[dict[str, Any]]:
    return daily_indicators(table).to_pylist()


def real_series(real_data: RealData) -> list[dict[str, str]]:
    with (real_data.folder / "prices" / "tidy_STX_1d_2021-12-03_2025-11-13.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("days", [None, 300], ids=["all of the series", "300 days, as a run asks for"])
def test_indicators_equal_those_computed_by_hand(days: int | None, real_data: RealData) -> None:
    series = real_series(real_data)[-(days or 0) :]
    columns = {"day": [date.fromisoformat(row["date"]) for row in series]}
    found = made(prices([float(row["close"]) for row in series], **columns))[-180:]
    with (real_data.folder / "prices" / "golden_STX_indicators_last180.csv").open() as file:
        golden = list(csv.DictReader(file))
    within = {"abs": 1e-9 if days is None else 1e-5}
    assert len(golden) == 180
    for row, expected in zip(found, golden, strict=True):
        assert str(row["day"]) == expected["date"]
        assert row["change_pct"] == pytest.approx(float(expected["pct_change"]), abs=1e-9)
        assert row["rsi_7"] == pytest.approx(float(expected["hand_rsi7"]), **within)
        assert row["ema_7"] == pytest.approx(float(expected["ema7_sma_seed"]), **within)
        assert row["rvi_7"] == pytest.approx(float(expected["hand_rvi7_sd10_wilder"]), **within)


def test_columns_are_those_of_the_table_and_there_is_a_row_a_day() -> None:
    found = daily_indicators(prices(waves(3)))
    assert found.column_names == list(COLUMNS)
    assert found.num_rows == 3


def test_the_first_days_of_a_series_are_too_early() -> None:
    found = made(prices(waves(WARM_UP_DAYS + 2)))
    for name in ("rsi_7", "rvi_7", "ema_7"):
        assert [row[name] is not None for row in found] == [False] * WARM_UP_DAYS + [True] * 2
    assert [row["change_pct"] is not None for row in found] == [False] + [True] * (WARM_UP_DAYS + 1)


@pytest.mark.parametrize("closes", [[0.0], [math.nan], [None], []], ids=["zero", "NaN", "null", "a day without row"])
def test_nothing_is_computed_over_a_gap(closes: list[float | None]) -> None:
    before, after = waves(WARM_UP_DAYS + 1), waves(WARM_UP_DAYS + 1)
    days = [FIRST + timedelta(days=index) for index in range(len(before) + 1 + len(after))]
    if not closes:
        days.pop(len(before))
    count = len(days)
    columns = {"day": days, "volume_usd": [50.0] * count, "vendors_cap_usd": [None] * count}
    found = made(prices([*before, *closes, *after], **columns))
    parts = found[: len(before)], found[len(before) + len(closes) :]
    alone = made(prices(before))
    for part in parts:
        assert [row | {"day": None} for row in part] == [row | {"day": None} for row in alone]
    for row in found[len(before) : len(before) + len(closes)]:
        assert [row[name] for name in ("change_pct", "rsi_7", "rvi_7", "ema_7", "nvt", "nvt_28")] == [None] * 6


def test_another_source_begins_anew() -> None:
    count = WARM_UP_DAYS + 10
    found = made(prices(waves(count), source=["one"] * 5 + ["other"] * (count - 5)))
    assert [row["change_pct"] is None for row in found[:7]] == [True] + [False] * 4 + [True, False]
    assert [row["ema_7"] is not None for row in found] == [False] * (5 + WARM_UP_DAYS) + [True] * 5
    assert next(index for index, row in enumerate(found) if row["nvt_28"] is not None) == 5 + 27


def test_the_order_of_loads_does_not_matter_to_a_day_with_the_same_days_before() -> None:
    whole, part = made(prices(waves(200))), made(prices(waves(150)))
    assert whole[:150] == part


def test_where_no_close_differs_rsi_and_rvi_are_undefined() -> None:
    flat = made(prices([0.1] * 130))
    assert (flat[-1]["rsi_7"], flat[-1]["rvi_7"]) == (None, None)
    assert flat[-1]["ema_7"] == pytest.approx(0.1)
    moved = made(prices([0.1] * 130 + [0.2]))
    assert moved[-1]["rsi_7"] == pytest.approx(100.0)


def test_the_rvi_is_undefined_until_a_close_differs_since_there_are_ten() -> None:
    found = made(prices([1.5] + [1.515] * 130 + [1.6]))
    assert [row["rvi_7"] for row in found[120:131]] == [None] * 11
    assert [found[index]["rsi_7"] for index in (120, 131)] == pytest.approx([100.0, 100.0])
    assert found[131]["rvi_7"] == pytest.approx(100.0)


def test_the_market_cap_is_of_our_own_supply_then_the_vendors_then_unknown() -> None:
    caps = {"supply_ustx": [3_000_000, None, None], "vendors_cap_usd": [7.0, 8.0, None]}
    assert [row["market_cap_usd"] for row in made(prices([2.0, 2.0, 2.0], **caps))] == [6.0, 8.0, None]


@pytest.mark.parametrize("volume", [0.0, None, math.nan], ids=["none", "null", "NaN"])
def test_without_volume_nvt_is_null_and_never_infinite(volume: float | None) -> None:
    found = made(prices([2.0] * 60, volume_usd=[50.0] * 30 + [volume] + [50.0] * 29))
    assert [index for index, row in enumerate(found) if row["nvt"] is None] == [30]
    assert [index for index, row in enumerate(found) if row["nvt_28"] is not None] == [27, 28, 29, 58, 59]
    assert found[0]["nvt"] == pytest.approx(20 / 50)
    assert found[59]["nvt_28"] == pytest.approx(20 / 50)


def test_the_smallest_volume_is_one() -> None:
    assert [row["nvt"] for row in made(prices([2.0] * 2, volume_usd=[0.5, 1.0]))] == [40.0, 20.0]


def test_nvt_28_is_on_the_mean_of_the_volumes() -> None:
    found = made(prices([2.0] * 28, volume_usd=[100.0] * 14 + [50.0] * 14))
    assert found[-1]["nvt_28"] == pytest.approx(20 / 75)


def test_no_prices_are_no_rows() -> None:
    assert daily_indicators(prices([])).num_rows == 0
