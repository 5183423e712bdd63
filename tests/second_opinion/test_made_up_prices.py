"""Indicators of made-up series of prices agree with the second opinion: with gaps, other sources, and flat prices."""

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from stacks_dataverse.network import MAINNET
from stacks_dataverse.transformers.indicators import daily_indicators
from tests.second_opinion.chain import Chain, Rows
from tests.second_opinion.compare import is_same
from tests.second_opinion.objects import indicators
from tests.second_opinion.objects.run import Run

SERIES = 30
LENGTHS = (8, 15, 130, 200, 420)
# How far a close goes from the one before, in parts of it.
STEPS = {
    "as real ones": lambda chance: chance.gauss(0, 0.03),
    "mostly flat": lambda chance: 0.01 if chance.random() > 0.98 else 0.0,
    "always flat": lambda _: 0.0,
    "rising": lambda _: 0.001,
    "flat since the first day": None,
}
# Of averages that are smoothed over hundreds of days.
TOLERANCE = 1e-9
TYPES = {"day": pa.date32(), "source": pa.string(), "supply_ustx": pa.int64()}


def made_up(chance: random.Random, steps: str) -> Rows:
    """Daily prices of STX, each with the supply of its day where that is known."""
    day, close, source, rows = date(2024, 1, 1), 1.5, "a", []
    for number in range(chance.choice(LENGTHS)):
        day += timedelta(days=1 if chance.random() > 0.005 else 2)
        source = chance.choice("ab") if chance.random() < 0.003 else source
        step = STEPS[steps]
        change = step(chance) if step else (0.01 if number == 1 else 0.0)
        close = max(0.0001, close * (1 + change))
        rows.append(
            {
                **{"symbol": "STX", "day": day, "close_usd": round(close, 6), "source": source},
                "volume_usd": chance.choice((None, 0.0)) if chance.random() < 0.01 else chance.uniform(1, 1e8),
                "market_cap_usd": None if chance.random() < 0.5 else close * 1e9,
                "supply_ustx": None if chance.random() < 0.3 else 1_400_000_000_000_000,
            }
        )
    return rows


def as_table(rows: Rows) -> pa.Table:
    """The prices as the transformer has them."""
    names = {"vendors_cap_usd": "market_cap_usd"} | {
        name: name for name in ("day", "close_usd", "volume_usd", "source", "supply_ustx")
    }
    columns = {name: [row[of] for row in rows] for name, of in names.items()}
    return pa.table({name: pa.array(values, TYPES.get(name, pa.float64())) for name, values in columns.items()})


@pytest.mark.parametrize("steps", STEPS)
def test_indicators_of_many_series(steps: str) -> None:
    known = 0
    for seed in range(SERIES):
        rows = made_up(random.Random(f"{steps} {seed}"), steps)
        tables = {"price_daily": rows, "daily_balances": rows}
        expected = indicators.daily_indicators(Run(tables, Chain({}, [], MAINNET), MAINNET, {}))
        actual = daily_indicators(as_table(rows)).to_pylist()
        assert len(actual) == len(expected)
        for found, row in zip(actual, expected, strict=True):
            assert {name: value for name, value in found.items() if not is_same(value, row[name], TOLERANCE)} == {}, (
                seed,
                row,
            )
            known += row["ema_7"] is not None
    assert known > 300
