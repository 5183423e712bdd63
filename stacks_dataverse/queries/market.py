"""Queries of the stored vendor series: the candles next to a load, and the input of the indicators."""


def _neighbours(table: str, column: str, since: str) -> str:
    """The stored candles next before and after a span: `before_at`, `before_close`, `after_at`, `after_close`."""
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


# By table; `symbol`, and `start` and `end` in unix seconds.
NEIGHBOURS = {
    "price_hourly": _neighbours("price_hourly", "hour_at", "to_timestamp({})"),
    "price_daily": _neighbours("price_daily", "day", "to_timestamp({})::date"),
}

SOCIAL = """
    SELECT * FROM daily_social WHERE day >= to_timestamp({start})::date AND day < to_timestamp({end})::date
"""

INDICATORS = """
    SELECT price.day, price.close_usd, price.volume_usd, price.market_cap_usd AS vendors_cap_usd, price.source,
           balances.supply_ustx
    FROM price_daily AS price
    LEFT JOIN loaded_days AS loaded ON loaded.day = price.day
    LEFT JOIN daily_balances AS balances ON balances.day = loaded.day
    WHERE price.symbol = 'STX' ORDER BY price.day
"""
