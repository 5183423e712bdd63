"""Public objects of exchanges: volume by protocol and day, and a day's pools and pairs."""

from stacks_dataverse.catalog.exchanges import HOP_VOLUME, IS_SWAP, VALUE
from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.v1 import NOT_LOADED, rows_object
from stacks_dataverse.dataset import Column, Schedule
from stacks_dataverse.labels import Group
from stacks_dataverse.units import STX, USD

DAYS = 90
LIMIT = 500

PROTOCOL = Column("protocol", "text", "the exchange")
TOKENS = (
    Column("token_x", "text", "STX, or address.contract::asset; the one that sorts first", null="if nothing moved"),
    Column("token_y", "text", "the other one", null="if it did not move"),
)
UNITS = "smallest units of the token, µSTX of STX"
COUNTS = (
    Column("swaps", "bigint", "swaps that took and gave something"),
    Column("transactions", "bigint", "transactions with such a swap"),
    Column("traders", "bigint", "distinct senders of these"),
)
AMOUNTS = tuple(
    Column(name, "numeric(78)", f"{meaning}, {UNITS}", null=null)
    for name, meaning, null in (
        ("x_in", "token_x that pools took", ""),
        ("y_in", "token_y that pools took", ""),
        ("user_x_in", "part of x_in that senders lost in the transaction", ""),
        ("user_y_in", "part of y_in that senders lost in the transaction", ""),
        ("x_fees", "fees in token_x", "if no contract prints them"),
        ("y_fees", "fees in token_y", "if no contract prints them"),
    )
)
NO_PRICE = "without the prices it needs: BTC needs them, STX only for USD"


def _values(null: str) -> tuple[Column, ...]:
    return (
        Column("volume_stx", "double precision", "hop volume", STX, null),
        Column("volume_usd", "double precision", "hop volume", USD, null),
        Column("user_volume_stx", "double precision", "users' volume", STX, null),
        Column("user_volume_usd", "double precision", "users' volume", USD, null),
    )


def in_usd(ustx: str, sats: str) -> str:
    """SQL for an amount of STX and one of BTC together in USD, at `stx_usd` and `btc_usd`."""
    return f"{_worth(ustx, 6, 'stx_usd')} + {_worth(sats, 8, 'btc_usd')}"


def in_stx(ustx: str, sats: str) -> str:
    """SQL for an amount of STX and one of BTC together in STX."""
    return f"{ustx} / 1e6::double precision + {_worth(sats, 8, 'btc_usd / stx_usd')}"


def _worth(amount: str, places: int, price: str) -> str:
    """Nothing is worth nothing, whether its price is known or not."""
    return f"CASE WHEN {amount} = 0 THEN 0 ELSE {amount} / 1e{places}::double precision * {price} END"


WORTH = f"""
    {in_stx("volume_ustx", "volume_sats")} AS volume_stx, {in_usd("volume_ustx", "volume_sats")} AS volume_usd,
    {in_stx("user_volume_ustx", "user_volume_sats")} AS user_volume_stx,
    {in_usd("user_volume_ustx", "user_volume_sats")} AS user_volume_usd
"""

VOLUME = f"""
    SELECT day, protocol, swaps, transactions, traders, pools, unvalued_swaps, {WORTH},
           {in_stx("fee_ustx", "fee_sats")} AS fees_stx, {in_usd("fee_ustx", "fee_sats")} AS fees_usd
    FROM (
        SELECT traded.*, stx.close_usd AS stx_usd, btc.close_usd AS btc_usd
        FROM daily_exchange_volume AS traded JOIN loaded_days USING (day)
        LEFT JOIN price_daily AS stx ON stx.symbol = 'STX' AND stx.day = traded.day
        LEFT JOIN price_daily AS btc ON btc.symbol = 'BTC' AND btc.day = traded.day
        WHERE traded.day > {{day}}::date - {DAYS} AND traded.day <= {{day}}
    ) AS priced
    ORDER BY day, protocol COLLATE "C"
"""


def latest_close(symbol: str) -> str:
    """SQL for the close of the day, or the latest of the two days before it."""
    return f"""(
        SELECT close_usd FROM price_daily
        WHERE symbol = '{symbol}' AND day <= {{day}} AND day > {{day}}::date - 3 ORDER BY day DESC LIMIT 1
    )"""


VALUED = "COALESCE(value_ustx, value_sats)"


def if_any(known: str, sum_of: str) -> str:
    """SQL for a sum that is 0 where there is nothing to sum, and null where of no row is known what is summed."""
    return f"CASE WHEN count({known}) > 0 THEN COALESCE({sum_of}, 0) END"


def ranking(names: tuple[str, ...], counts: str = "") -> str:
    """A query of the day's swaps by columns of some names, all of them text, the largest volume first.

    Args:
        counts: what is counted besides, as columns with a comma before each.
    """
    keys, in_order = ", ".join(names), ", ".join(f'{name} COLLATE "C"' for name in names)
    return f"""
        WITH traded AS (
            SELECT *, LEAST(token_in, token_out) AS token_x,
                   CASE WHEN num_nulls(token_in, token_out) = 0 THEN GREATEST(token_in, token_out) END AS token_y,
                   token_in IS NOT DISTINCT FROM LEAST(token_in, token_out) AS is_x_in
            FROM (
                SELECT protocol, contract, pool, tx_id, trader, amount_in, user_in, fee_in, value_ustx, value_sats,
                       token_in COLLATE "C" AS token_in, token_out COLLATE "C" AS token_out
                FROM swaps WHERE day = {{day}} AND {IS_SWAP}
            ) AS of_the_day
        ), summed AS (
            SELECT {keys}, count(*) AS swaps, count(DISTINCT tx_id) AS transactions,
                   count(DISTINCT trader) AS traders{counts},
                   COALESCE(sum(amount_in) FILTER (WHERE is_x_in), 0) AS x_in,
                   COALESCE(sum(amount_in) FILTER (WHERE NOT is_x_in), 0) AS y_in,
                   COALESCE(sum(user_in) FILTER (WHERE is_x_in), 0) AS user_x_in,
                   COALESCE(sum(user_in) FILTER (WHERE NOT is_x_in), 0) AS user_y_in,
                   {if_any("fee_in", "sum(fee_in) FILTER (WHERE is_x_in)")} AS x_fees,
                   {if_any("fee_in", "sum(fee_in) FILTER (WHERE NOT is_x_in)")} AS y_fees,
                   {if_any(VALUED, "sum(value_ustx)")} AS volume_ustx,
                   {if_any(VALUED, "sum(value_sats)")} AS volume_sats,
                   {if_any(VALUED, "sum(div(value_ustx * user_in, amount_in))")} AS user_volume_ustx,
                   {if_any(VALUED, "sum(div(value_sats * user_in, amount_in))")} AS user_volume_sats
            FROM traded GROUP BY {keys}
        ), priced AS (
            SELECT *, {latest_close("STX")} AS stx_usd, {latest_close("BTC")} AS btc_usd FROM summed
        )
        SELECT {keys}, swaps, transactions, traders{", pools, protocols" if counts else ""},
               x_in, y_in, user_x_in, user_y_in, x_fees, y_fees, {WORTH}
        FROM priced ORDER BY volume_stx DESC NULLS LAST, swaps DESC, {in_order} LIMIT {LIMIT}
    """


POOLS = ranking(("protocol", "contract", "pool", "token_x", "token_y"))
PAIRS = ranking(
    ("token_x", "token_y"),
    ", count(DISTINCT (contract, pool)) AS pools, count(DISTINCT protocol) AS protocols",
)

AT_THE_CLOSE = "In USD at the close of the day, or, while that is not stored, of one of the two days before."
LATE_PRICES = (
    "The version of a day that is no longer among the last three lacks prices that are stored later, until it is "
    "published again."
)
UNVALUED = "Swaps without STX or BTC are in no volume in STX or USD."

OBJECTS = (
    rows_object(
        "exchange_volume",
        (
            DAY,
            PROTOCOL,
            *COUNTS,
            Column("pools", "bigint", "pools with such a swap"),
            Column("unvalued_swaps", "bigint", "swaps without STX or BTC"),
            *_values(NO_PRICE),
            Column("fees_stx", "double precision", "fees", STX, f"if no contract prints them, or {NO_PRICE}"),
            Column("fees_usd", "double precision", "fees", USD, f"if no contract prints them, or {NO_PRICE}"),
        ),
        VOLUME,
        f"Swaps of each exchange and day, the last {DAYS} days. {HOP_VOLUME}{VALUE} BTC and USD at the day's close.",
        title="Trading volume of each exchange per day",
        group=Group.DEFI,
        schedule=Schedule.MARKET,
        keep_if_empty=True,
        warnings=(NOT_LOADED, UNVALUED, "A day on which an exchange had no swap has no row."),
    ),
    *(
        rows_object(
            name,
            (*keys, *COUNTS, *counts, *AMOUNTS, *_values(f"without STX and BTC, or {NO_PRICE}")),
            rows,
            f"{what} of the day with swaps, those with the largest volume_stx first, {LIMIT} at most; unknown volumes "
            f"are last, and of equal ones those with more swaps first. {HOP_VOLUME}{VALUE} "
            f"{AT_THE_CLOSE}",
            title=title,
            group=Group.DEFI,
            is_dated=True,
            warnings=(UNVALUED, LATE_PRICES),
        )
        for name, title, what, keys, counts, rows in (
            (
                "exchange_pools",
                "Liquidity pools by trading volume of the day",
                "Pools, and what they traded with what: a row for each pair of tokens,",
                (
                    PROTOCOL,
                    Column("contract", "text", "contract that printed the swaps"),
                    Column("pool", "text", "what the contract calls the pool: a principal or a number"),
                    *TOKENS,
                ),
                (),
                POOLS,
            ),
            (
                "exchange_pairs",
                "Token pairs by trading volume of the day",
                "Pairs of tokens",
                TOKENS,
                (
                    Column("pools", "bigint", "pools of the pair with a swap"),
                    Column("protocols", "bigint", "exchanges of these pools"),
                ),
                PAIRS,
            ),
        )
    ),
)
