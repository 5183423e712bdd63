"""Turn landed answers of the vendors into prices and social figures, and stored prices into indicators."""

import logging
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from stacks_dataverse.runners import land_market
from stacks_dataverse.runners.land_market import CRYPTOCOMPARE, LUNARCRUSH
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import MARKET_LOCK, Warehouse
from stacks_dataverse.transformers import market, social
from stacks_dataverse.transformers.indicators import daily_indicators
from stacks_dataverse.window import MarketWindow, Span

log = logging.getLogger(__name__)

KEYS = {"price_hourly": ("symbol", "hour_at"), "price_daily": ("symbol", "day")}


def candles(archive: ObjectStore, warehouse: Warehouse, window: MarketWindow) -> dict[str, int]:
    """Build CryptoCompare's hours and days of every coin, all or none; returns the rows of each."""
    with warehouse.transaction(MARKET_LOCK):
        return {
            series: _candles(archive, warehouse, series, symbol, unit, span)
            for series, symbol, unit, span in land_market.candles_of(window)
        }


def fallback_prices(archive: ObjectStore, warehouse: Warehouse, window: MarketWindow) -> dict[str, int]:
    """Build LunarCrush's days of STX; returns their rows. Hours, and BTC, it does not have."""
    span = window.days
    answers = land_market.landed(archive, LUNARCRUSH, land_market.TIME_SERIES, span)
    with warehouse.transaction(MARKET_LOCK):
        rows = market.price_daily(answers, "STX", span, _beside(warehouse, "day", "STX", span))
        warehouse.upsert("price_daily", KEYS["price_daily"], rows)
    return {"price_daily": rows.num_rows}


PRICES = {CRYPTOCOMPARE: candles, LUNARCRUSH: fallback_prices}


def social_figures(archive: ObjectStore, warehouse: Warehouse, window: MarketWindow) -> dict[str, int]:
    """Build the daily social figures and the snapshot; returns the rows of each."""
    answers = land_market.landed(archive, LUNARCRUSH, land_market.TIME_SERIES, window.social)
    (now,) = land_market.landed(archive, LUNARCRUSH, land_market.SNAPSHOT, land_market.moment(window))
    with warehouse.transaction(MARKET_LOCK):
        stored = warehouse.read(SOCIAL_SQL, start=window.social.start, end=window.social.end)
        days = social.daily_social(answers, window.social, stored)
        snapshots = social.social_snapshots(now, window.asked_at)
        warehouse.upsert("daily_social", ["day"], days)
        warehouse.upsert("social_snapshots", ["taken_at"], snapshots)
    return {"daily_social": days.num_rows, "social_snapshots": snapshots.num_rows}


def indicators(warehouse: Warehouse) -> dict[str, int]:
    """Make the indicators of every day anew, from all stored prices: a row a day; returns their rows."""
    with warehouse.transaction(MARKET_LOCK):
        rows = daily_indicators(warehouse.read(INDICATORS_SQL))
        warehouse.upsert("daily_indicators", ["day"], rows)
    return {"daily_indicators": rows.num_rows}


def _candles(archive: ObjectStore, warehouse: Warehouse, series: str, symbol: str, unit: str, span: Span) -> int:
    answers = land_market.landed(archive, CRYPTOCOMPARE, series, span)
    log.info("%s: %d rows outside %s were skipped.", series, market.rows_outside(answers, span), span)
    table, normalise = TABLES[unit]
    rows: pa.Table = normalise(answers, symbol, span, _beside(warehouse, unit, symbol, span))
    warehouse.upsert(table, KEYS[table], rows)
    return rows.num_rows


def _beside(warehouse: Warehouse, unit: str, symbol: str, span: Span) -> Mapping[str, Any]:
    return warehouse.read(BESIDE_SQL[unit], symbol=symbol, start=span.start, end=span.end).to_pylist()[0]


TABLES = {"hour": ("price_hourly", market.price_hourly), "day": ("price_daily", market.price_daily)}


def _beside_sql(table: str, column: str, since: str) -> str:
    """The stored candles next before and after a span."""
    stored = f"SELECT extract(epoch FROM {column})::bigint AS at, close_usd FROM {table} WHERE symbol = {{symbol}}"
    return f"""
        SELECT before.at AS before_at, before.close_usd AS before_close,
               after.at AS after_at, after.close_usd AS after_close
        FROM (SELECT) AS span
        LEFT JOIN LATERAL (
            {stored} AND {column} < {since.format("{start}")} ORDER BY {column} DESC LIMIT 1) AS before ON true
        LEFT JOIN LATERAL (
            {stored} AND {column} >= {since.format("{end}")} ORDER BY {column} LIMIT 1) AS after ON true
    """


BESIDE_SQL = {
    "hour": _beside_sql("price_hourly", "hour_at", "to_timestamp({})"),
    "day": _beside_sql("price_daily", "day", "to_timestamp({})::date"),
}

SOCIAL_SQL = """
    SELECT * FROM daily_social WHERE day >= to_timestamp({start})::date AND day < to_timestamp({end})::date
"""

INDICATORS_SQL = """
    SELECT price.day, price.close_usd, price.volume_usd, price.market_cap_usd AS vendors_cap_usd, price.source,
           balances.supply_ustx
    FROM price_daily AS price
    LEFT JOIN loaded_days AS loaded ON loaded.day = price.day
    LEFT JOIN daily_balances AS balances ON balances.day = loaded.day
    WHERE price.symbol = 'STX' ORDER BY price.day
"""
