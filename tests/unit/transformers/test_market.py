"""Either API's candles come to one schema; what is no price of this coin stops the load."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers import market
from stacks_dataverse.window import Span
from tests.support.candles import (
    DAY,
    HOUR,
    NOTHING_STORED,
    buckets,
    data_api,
    data_api_row,
    filled_row,
    min_api,
    min_api_row,
)

AT = int(datetime(2024, 10, 29, tzinfo=UTC).timestamp())
MAKERS = {"data_api": (data_api, data_api_row), "min_api": (min_api, min_api_row)}
each_flavour = pytest.mark.parametrize("flavour", MAKERS)


def hourly(answers: list[dict[str, Any]], hours: int = 3, stored: dict[str, Any] = NOTHING_STORED) -> list[dict]:
    """The rows of so many hours."""
    return market.price_hourly(answers, "STX", Span(AT, AT + hours * HOUR), stored).to_pylist()


def answer(flavour: str, closes: list[float], **changes: Any) -> dict[str, Any]:
    """An answer with these closes, hour by hour; `changes` are the last row's."""
    whole, row = MAKERS[flavour]
    rows = [row(at, close) for at, close in buckets(AT, HOUR, closes)]
    return whole([*rows[:-1], rows[-1] | changes])


@pytest.mark.usefixtures("elsewhere")
@each_flavour
def test_each_flavour_comes_to_one_schema(flavour: str) -> None:
    rows = hourly([answer(flavour, [1.0, 2.0, 4.0])])
    assert rows[1] == {
        **{"symbol": "STX", "hour_at": datetime(2024, 10, 29, 1, tzinfo=UTC)},
        **{"open_usd": 2.0, "high_usd": 4.0, "low_usd": 1.0, "close_usd": 2.0},
        **{"volume_base": 100.0, "volume_usd": 200.0, "source": f"cryptocompare {flavour}"},
    }
    assert [row["close_usd"] for row in rows] == [1.0, 2.0, 4.0]


@each_flavour
def test_the_open_candle_is_dropped_whatever_it_says(flavour: str) -> None:
    rows = hourly([answer(flavour, [1.0, 1.1, 1.2, 900.0])])
    assert [row["close_usd"] for row in rows] == [1.0, 1.1, 1.2]


@each_flavour
def test_candles_before_the_span_are_dropped(flavour: str) -> None:
    rows = market.price_hourly(
        [answer(flavour, [9.0, 1.0, 1.1])], "STX", Span(AT + HOUR, AT + 3 * HOUR), NOTHING_STORED
    )
    assert rows["close_usd"].to_pylist() == [1.0, 1.1]


@pytest.mark.parametrize("at", [0, 946_684_799, AT - 1, AT + 3 * HOUR + 1, 10**30], ids=str)
@each_flavour
def test_a_stray_candle_outside_the_span_is_left_out_and_counted_whatever_it_says(flavour: str, at: int) -> None:
    whole, row = MAKERS[flavour]
    stray = row(at, 10.0**40, TYPE="986", INSTRUMENT="ETH-USD", conversionType="multiply")
    landed = [whole([stray, *(row(time, close) for time, close in buckets(AT, HOUR, [1.0, 1.1, 1.2]))])]
    assert [row["close_usd"] for row in hourly(landed)] == [1.0, 1.1, 1.2]
    assert market.rows_outside(landed, Span(AT, AT + 3 * HOUR)) == 1


def test_pages_join_whatever_order_they_come_in_and_overlap() -> None:
    newer = min_api([min_api_row(AT + HOUR, 2.0), min_api_row(AT + 2 * HOUR, 3.0)])
    older = min_api([min_api_row(AT, 1.0), min_api_row(AT + HOUR, 1.9)])
    assert [row["close_usd"] for row in hourly([newer, older])] == [1.0, 2.0, 3.0]


def test_a_filled_candle_keeps_the_price_and_says_that_nothing_was_traded() -> None:
    rows = hourly([data_api([data_api_row(AT, 1.0), filled_row(AT + HOUR, 1.0), data_api_row(AT + 2 * HOUR, 1.1)])])
    assert [(row["close_usd"], row["volume_base"], row["volume_usd"]) for row in rows] == [
        (1.0, 100.0, 100.0),
        (1.0, 0.0, 0.0),
        (1.1, 100.0, pytest.approx(110.0)),
    ]


def test_zeros_before_the_listing_are_no_data() -> None:
    assert [row["close_usd"] for row in hourly([answer("min_api", [0, 0, 1.5])])] == [1.5]


@each_flavour
def test_a_zero_after_the_listing_is_a_dead_hour_and_the_rest_loads(flavour: str) -> None:
    assert [row["close_usd"] for row in hourly([answer(flavour, [1.0, 0, 1.5])])] == [1.0, 1.5]


@each_flavour
def test_an_hour_that_does_not_come_is_left_out_and_the_rest_loads(flavour: str) -> None:
    whole, row = MAKERS[flavour]
    assert [found["hour_at"].hour for found in hourly([whole([row(AT, 1.0), row(AT + 2 * HOUR, 1.5)])])] == [0, 2]


@pytest.mark.parametrize("close", [None, math.nan, "1.5", -1.0, True], ids=repr)
def test_what_is_no_price_is_left_out(close: Any) -> None:
    assert [row["hour_at"].hour for row in hourly([answer("data_api", [1.0, 1.0, 1.0], CLOSE=close)])] == [0, 1]


@each_flavour
def test_days_in_place_of_hours_are_refused(flavour: str) -> None:
    whole, row = MAKERS[flavour]
    landed = [whole([row(AT + day * DAY, 1.0) for day in range(3)])]
    with pytest.raises(Terminal, match="STX: every candle begins at midnight: these are daily candles, not hourly"):
        hourly(landed, hours=72)


def test_candles_of_another_instrument_are_refused_by_its_name() -> None:
    with pytest.raises(Terminal, match=r"data of STX-USD has a candle of 'ETH-USD'\. Nothing was stored"):
        hourly([answer("data_api", [1.0, 1.0, 1.0], INSTRUMENT="ETH-USD")])


@pytest.mark.parametrize("name", ["OPEN", "CLOSE", "VOLUME", "QUOTE_VOLUME"])
@pytest.mark.parametrize("amount", [2**63, -(2**63), 1e30, 10**400], ids=["2^63", "-2^63", "1e30", "10^400"])
def test_a_figure_beyond_what_can_be_stored_is_refused_by_its_name(name: str, amount: float) -> None:
    with pytest.raises(Terminal, match=f"{name} is 2\\^63 or more"):
        hourly([answer("data_api", [1.0, 1.0, 1.0], **{name: amount})])


def test_a_whole_number_that_a_float_cannot_hold_exactly_is_a_volume_all_the_same() -> None:
    row = hourly([answer("data_api", [1.0], VOLUME=2**53 + 1)], hours=1)[0]
    assert row["volume_base"] == 2.0**53


def test_an_unknown_volume_is_null() -> None:
    row = hourly([answer("data_api", [1.0], VOLUME=None, QUOTE_VOLUME=math.nan)], hours=1)[0]
    assert (row["volume_base"], row["volume_usd"]) == (None, None)


def test_no_answer_before_history_is_no_rows_and_after_it_is_refused() -> None:
    assert hourly([]) == []
    for landed in ([], [answer("min_api", [0, 0, 0])]):
        with pytest.raises(Terminal, match=r"^STX: all 3 candles of 1 h .* Nothing was stored\. Land the span again"):
            hourly(landed, stored=NOTHING_STORED | {"before_at": AT - HOUR, "before_close": 1.0})


@pytest.mark.parametrize(
    ("landed", "what"),
    [
        pytest.param(answer("data_api", [1.0], TYPE="986"), "STX-USD", id="data_api"),
        pytest.param(answer("min_api", [1.0], conversionType="multiply", conversionSymbol="BTC"), "STX", id="min_api"),
    ],
)
def test_a_converted_candle_is_refused(landed: dict[str, Any], what: str) -> None:
    with pytest.raises(Terminal, match=f"{what}: the candle of {AT} was converted .* one\\. Nothing was stored\\.$"):
        hourly([landed], hours=1)


@pytest.mark.parametrize(("factor", "is_refused"), [(5.0, False), (5.01, True), (1 / 5, False), (1 / 5.01, True)])
def test_a_jump_beyond_five_times_is_another_coins(factor: float, is_refused: bool) -> None:
    landed = [answer("data_api", [1.0, factor, factor])]
    if is_refused:
        with pytest.raises(Terminal, match=r"STX jumps from 1\.0 USD at .* data of another coin.* landed responses\.$"):
            hourly(landed)
    else:
        assert len(hourly(landed)) == 3


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param({"before_at": AT - HOUR, "before_close": 0.19}, id="just before"),
        pytest.param({"before_at": AT - 29 * DAY, "before_close": 0.19}, id="some days before"),
        pytest.param({"after_at": AT + 3 * HOUR, "after_close": 5.1}, id="just after"),
    ],
)
def test_a_jump_against_what_is_stored_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(Terminal, match="STX jumps"):
        hourly([answer("data_api", [1.0, 1.0, 1.0])], stored=NOTHING_STORED | stored)


def test_over_years_a_price_may_move_as_far_as_it_likes() -> None:
    stored = NOTHING_STORED | {"before_at": None, "after_at": AT + 400 * DAY, "after_close": 50.0}
    assert len(hourly([answer("data_api", [1.0, 1.0, 1.0])], stored=stored)) == 3


def test_stx_before_2021_is_another_coin_and_btc_is_not() -> None:
    at = int(datetime(2020, 12, 31, 23, tzinfo=UTC).timestamp())
    span, rows = Span(at, at + 2 * HOUR), [data_api_row(at, 0.01), data_api_row(at + HOUR, 0.01)]
    with pytest.raises(Terminal, match=r"STX was the symbol of another coin, and 2020-12-31 23:00 is .* later days\.$"):
        market.price_hourly([data_api(rows)], "STX", span, NOTHING_STORED)
    assert market.price_hourly([data_api(rows, "BTC")], "BTC", span, NOTHING_STORED).num_rows == 2


@pytest.mark.parametrize("at", [None, "1730160000", 1730160000.5], ids=repr)
def test_a_candle_without_time_is_an_unknown_answer(at: Any) -> None:
    with pytest.raises(Terminal, match="for TIMESTAMP; check whether the vendor's API has changed"):
        hourly([data_api([data_api_row(AT, 1.0, TIMESTAMP=at)])], hours=1)


@each_flavour
@pytest.mark.parametrize("body", [None, [], {"Data": {"Data": ["row"]}}, {"Data": {}}, {"Data": None}], ids=repr)
def test_an_answer_without_candles_is_an_unknown_one(flavour: str, body: Any) -> None:
    landed = answer(flavour, [1.0]) | {"answer": body}
    with pytest.raises(Terminal, match=r"^A landed response has no list of candles; .* API has changed\.$"):
        hourly([landed])


def test_a_candle_of_another_length_is_refused() -> None:
    with pytest.raises(Terminal, match=f"^STX: a candle begins at {AT + 60}, which is not a multiple of 3600 s"):
        hourly([data_api([data_api_row(AT + 60, 1.0)])], hours=1)


@pytest.mark.usefixtures("elsewhere")
def test_a_jump_is_named_by_its_time_in_utc() -> None:
    with pytest.raises(Terminal, match=r"1\.0 USD at 2024-10-29 00:00 to 9\.0 USD at 2024-10-29 01:00"):
        hourly([answer("data_api", [1.0, 9.0])], hours=2)


def test_a_candle_that_names_no_instrument_is_of_the_coin_that_was_requested() -> None:
    row = {name: value for name, value in data_api_row(AT, 1.0).items() if name != "INSTRUMENT"}
    assert [row["close_usd"] for row in hourly([data_api([row])], hours=1)] == [1.0]


def test_two_days_are_no_hours() -> None:
    with pytest.raises(Terminal, match="daily candles"):
        hourly([data_api([data_api_row(AT, 1.0), data_api_row(AT + DAY, 1.0)])], hours=48)
