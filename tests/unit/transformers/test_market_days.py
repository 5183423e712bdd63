"""Prices of days: which day each is of, from either vendor, and which closes are neighbours."""

from datetime import UTC, date, datetime

import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers import market
from stacks_dataverse.window import Span
from tests.support.candles import DAY, NOTHING_STORED, data_api, data_api_row, lunarcrush

AT = int(datetime(2024, 10, 29, tzinfo=UTC).timestamp())


@pytest.mark.usefixtures("elsewhere")
def test_days_go_by_their_date() -> None:
    rows = market.price_daily([data_api([data_api_row(AT, 1.0)])], "STX", Span(AT, AT + DAY), NOTHING_STORED)
    assert rows.to_pylist()[0]["day"] == date(2024, 10, 29)
    assert rows["market_cap_usd"].to_pylist() == [None]


def test_closes_thirty_days_apart_are_neighbours_still() -> None:
    stored = NOTHING_STORED | {"before_at": AT - 30 * DAY, "before_close": 1.0}
    with pytest.raises(Terminal, match="jumps"):
        market.price_daily([data_api([data_api_row(AT, 9.0)])], "STX", Span(AT, AT + DAY), stored)


def test_stored_closes_around_days_without_a_candle_are_not_compared() -> None:
    stored = {"before_at": AT - DAY, "before_close": 1.0, "after_at": AT + DAY, "after_close": 9.0}
    assert market.price_daily([lunarcrush([])], "STX", Span(AT, AT + DAY), stored).num_rows == 0


def test_a_day_of_lunarcrush_begins_at_midnight_whatever_moment_its_row_names() -> None:
    answers = [lunarcrush([{"time": AT + 7, "close": 1.5}])]
    rows = market.price_daily(answers, "STX", Span(AT, AT + 9 * DAY), NOTHING_STORED).to_pylist()
    assert [(row["day"], row["close_usd"]) for row in rows] == [(date(2024, 10, 29), 1.5)]


def test_lunarcrush_gives_days_with_its_rolling_volume_and_market_cap_and_leaves_holes() -> None:
    row = {"time": AT, "open": 1.0, "high": 2.0, "low": 0.5, "close": 1.5, "volume_24h": 70, "market_cap": 900}
    known, unknown, open_day = row, {"time": AT + DAY, "close": None}, row | {"time": AT + 3 * DAY}
    later = {"time": AT + 2 * DAY, "close": 1.6}
    answers = [lunarcrush([known, unknown, later, open_day], generated=AT + 3 * DAY + 600)]
    rows = market.price_daily(answers, "STX", Span(AT, AT + 9 * DAY), NOTHING_STORED).to_pylist()
    assert [(row["day"].day, row["close_usd"], row["source"]) for row in rows] == [
        (29, 1.5, "lunarcrush"),
        (31, 1.6, "lunarcrush"),
    ]
    assert (rows[0]["volume_usd"], rows[0]["volume_base"], rows[0]["market_cap_usd"]) == (70.0, None, 900.0)
    assert (rows[1]["volume_usd"], rows[1]["market_cap_usd"]) == (None, None)
