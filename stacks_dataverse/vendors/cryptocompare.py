"""CryptoCompare: hourly and daily candles of STX and BTC, by either of its two APIs."""

import logging
from collections.abc import Iterator, Sequence
from functools import partial

import pyarrow as pa

from stacks_dataverse.extractors.cryptocompare import FLAVOURS, CryptoCompare, Unit
from stacks_dataverse.queries.market import NEIGHBOURS
from stacks_dataverse.transformers import market
from stacks_dataverse.vendor import Answer, Request, Vendor
from stacks_dataverse.window import MarketWindow, Span

log = logging.getLogger(__name__)

SYMBOLS = ("STX", "BTC")


def candles(window: MarketWindow) -> Iterator[Request]:
    """Hours and days of every coin."""
    for symbol in SYMBOLS:
        yield _candles("price_hourly", f"{symbol}/hours", symbol, "hour", window.hours)
        yield _candles("price_daily", f"{symbol}/days", symbol, "day", window.days)


def _candles(table: str, series: str, symbol: str, unit: Unit, span: Span) -> Request:
    return Request(
        series, span, lambda client: client.candles(symbol, unit, span.start, span.end), table,
        partial(_rows, table, series, symbol, span), NEIGHBOURS[table],
        {"symbol": symbol, "start": span.start, "end": span.end},
    )  # fmt: skip


def _rows(
    table: str, series: str, symbol: str, span: Span, answers: Sequence[Answer], neighbours: pa.Table
) -> pa.Table:
    log.info("%s: %d rows outside %s were skipped.", series, market.rows_outside(answers, span), span)
    normalise = {"price_hourly": market.price_hourly, "price_daily": market.price_daily}[table]
    return normalise(answers, symbol, span, neighbours.to_pylist()[0])


VENDOR = Vendor(
    name="cryptocompare",
    title="CryptoCompare",
    client=CryptoCompare,
    host=lambda flavour: FLAVOURS[flavour].host,
    feeds={"prices": candles},
    retention="the vendor may not sell the same history again",
    options={"flavour": tuple(FLAVOURS)},
)
