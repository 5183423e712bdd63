"""Normalising what vendors really answered, and series that were really traded."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers import market
from stacks_dataverse.window import Span
from tests.conftest import RealData
from tests.support.candles import DAY, HOUR, NOTHING_STORED, data_api, data_api_row, filled_row, min_api

HOURS = "cryptocompare_cassettes/index_cc_v1_historical_hours_*200.json"
CONVERTED = "cryptocompare_cassettes/index_cc_v1_historical_*-EUR*200.json"


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def series(real_data: RealData, name: str) -> list[dict[str, str]]:
    with (real_data.folder / "prices" / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def hourly(rows: list[dict[str, Any]], symbol: str, end: int) -> list[dict[str, Any]]:
    """The hours of an answer up to an end."""
    span = Span(min(row["TIMESTAMP"] for row in rows), end)
    return market.price_hourly([data_api(rows, symbol)], symbol, span, NOTHING_STORED).to_pylist()


def hours_of(real_data: RealData, symbol: str) -> list[dict[str, Any]]:
    """Hourly closes of years, as rows of an answer."""
    found = series(real_data, f"binance_{symbol}USDT_1h_close")
    return [data_api_row(seconds(row["open_time"]), float(row["close"])) for row in found]


def test_recorded_hours_of_bitcoin_with_quiet_ones_among_them(real_data: RealData) -> None:
    bitcoin = {name: it for name, it in real_data.recordings(HOURS).items() if "BTC-USD" in name}
    assert len(bitcoin) > 5
    for recording in bitcoin.values():
        rows = recording["response"]["body"]["Data"]
        found = hourly(rows, "BTC", rows[-1]["TIMESTAMP"])
        assert [row["close_usd"] for row in found] == [row["CLOSE"] for row in rows[:-1]]
        quiet = [row for row, recorded in zip(found, rows, strict=False) if len(recorded) == 18]
        assert quiet
        assert {(row["volume_base"], row["volume_usd"]) for row in quiet} == {(0.0, 0.0)}


def test_recorded_pairs_that_were_converted_are_refused(real_data: RealData) -> None:
    for recording in real_data.recordings(CONVERTED).values():
        with pytest.raises(Terminal, match="was converted"):
            hourly(recording["response"]["body"]["Data"], "BTC", 2_000_000_000)


def test_recorded_hours_of_the_legacy_api_without_the_open_one(real_data: RealData) -> None:
    path = real_data.folder / "apis" / "cryptocompare_minapi_cassettes" / "btc_to_usd_histo_hour_with_limit_10.yml"
    (exchange,) = yaml.safe_load(path.read_text())["http_interactions"]
    rows = yaml.safe_load(exchange["response"]["body"]["string"])["Data"]
    span = Span(rows[0]["time"], rows[-1]["time"])
    found = market.price_hourly([min_api(rows, "BTC")], "BTC", span, NOTHING_STORED).to_pylist()
    assert [row["close_usd"] for row in found] == [row["close"] for row in rows[:-1]]
    assert rows[-1]["close"] > rows[-1]["high"]


@pytest.mark.parametrize(
    ("symbol", "since", "words"),
    [
        pytest.param("STX", "2015-05-13", "the symbol of another coin", id="all of it"),
        pytest.param("BTC", "2020-09-26", "jumps .* data of another coin", id="by its jumps alone"),
        pytest.param("BTC", "2020-12-23", "from 0.01162 USD at 2020-12-23 .* to 0.308", id="by its last jump"),
    ],
)
def test_a_series_that_changes_from_one_coin_to_another_is_refused(
    symbol: str, since: str, words: str, real_data: RealData
) -> None:
    found = [row for row in series(real_data, "mixed_STX_cryptocompare_style") if row["date"] >= since]
    rows = [data_api_row(seconds(row["date"]), float(row["close"])) for row in found]
    span = Span(rows[0]["TIMESTAMP"], rows[-1]["TIMESTAMP"] + DAY)
    with pytest.raises(Terminal, match=words):
        market.price_daily([data_api(rows, symbol)], symbol, span, NOTHING_STORED)


@pytest.mark.parametrize("symbol", ["STX", "BTC"])
def test_years_of_hours_with_real_outages_load_without_the_hours_that_lack(symbol: str, real_data: RealData) -> None:
    rows = hours_of(real_data, symbol)
    found = hourly(rows, symbol, rows[-1]["TIMESTAMP"] + HOUR)
    assert len(found) == len(rows)
    assert len(absent(int(row["hour_at"].timestamp()) for row in found)) == 14


@pytest.mark.parametrize("symbol", ["STX", "BTC"])
def test_years_of_hours_with_outages_that_the_vendor_filled_are_whole(symbol: str, real_data: RealData) -> None:
    rows = {row["TIMESTAMP"]: row for row in hours_of(real_data, symbol)}
    for at in absent(rows):
        rows[at] = filled_row(at, rows[at - HOUR]["CLOSE"])
    found = hourly(list(rows.values()), symbol, max(rows) + HOUR)
    assert len(found) == len(rows)
    assert sum(row["volume_usd"] == 0 for row in found) == 14


def absent(times: Iterable[int]) -> list[int]:
    """The hours that are missing between the first and the last."""
    found = sorted(times)
    return sorted(set(range(found[0], found[-1], HOUR)) - set(found))
