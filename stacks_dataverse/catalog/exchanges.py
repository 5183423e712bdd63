"""Exchanges: the swaps that their contracts print, and what these come to a day."""

from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.caveats import about, of_rows
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.prints import READS as PRINTED
from stacks_dataverse.prints.swaps import SWAPS
from stacks_dataverse.raw_tables import merge
from stacks_dataverse.transformers import swaps

UNITS = "smallest units of the token, µSTX of STX"

# What took or gave nothing is no swap: an empty price range prints too.
IS_SWAP = "amount_in > 0 AND amount_out > 0"

# The parts of a swap's value that are its sender's own, and its fee.
DAY_SWAPS = f"""
    SELECT protocol, contract, pool, tx_id, trader, value_ustx, value_sats, fee_in IS NOT NULL AS prints_fee,
           div(value_ustx * user_in, amount_in)::bigint AS user_ustx,
           div(value_sats * user_in, amount_in)::bigint AS user_sats,
           div(value_ustx * fee_in, amount_in)::bigint AS fee_ustx,
           div(value_sats * fee_in, amount_in)::bigint AS fee_sats
    FROM swaps WHERE day = {{day}} AND {IS_SWAP}
"""

HOP_VOLUME = (
    "Hop volume is what pools took, fees included, once for each pool on the way of a trade. Users' volume is the "
    "part of it that the sender of the transaction lost in the transaction, all its moves together: what only passes "
    "through on the way, or comes back, is not in it. "
)
VALUE = (
    "A swap is worth its STX, whichever way they went; without STX its BTC (sBTC, xBTC or aBTC); without either it has "
    "no value here."
)
PROTOCOLS = "ALEX, Arkadiko, Bitflow, StackSwap and Velar: the contracts that `prints.swaps` lists."

TABLES = (
    Table(
        name="swaps",
title="Every swap on a decentralised exchange",
group=Group.DEFI,
        kind=Kind.FACT,
        transform=swaps.swaps,
        reads=merge(
            [
                PRINTED,
                {
                    "txs": ("tx_id", "sender_address"),
                    "stx_events": ("tx_id", "event_index", "amount", "sender", "recipient"),
                    "ft_events": ("tx_id", "event_index", "asset_identifier", "amount", "sender", "recipient"),
                },
            ]
        ),
        prints=tuple(kind.prints for kind in SWAPS),
        method="Canonical prints of swaps by the contracts of " + PROTOCOLS + " The tokens are those of the nearest "
        "transfers of one to the pool and of another from it, before the print or, of StackSwap, after it, but not "
        "beyond another swap's print in the transaction. Amounts are those printed; where none are, or with other "
        "decimal places (ALEX), those of the transfers.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("protocol", "text", "the exchange, of the seed protocols"),
            Column("contract", "text", "contract that printed the swap"),
            Column("pool", "text", "what the contract calls it: a principal or a number; the contract if it is one"),
            Column("trader", "text", "sender of the transaction"),
            Column("token_in", "text", "what the pool took: STX, or address.contract::asset", null="if nothing moved"),
            Column("amount_in", "numeric(78)", f"how much it took, fees included, {UNITS}"),
            Column("token_out", "text", "what the pool gave", null="if nothing moved"),
            Column("amount_out", "numeric(78)", f"how much it gave, {UNITS}"),
            Column("fee_in", "numeric(78)", f"fees of all kinds, in amount_in, {UNITS}", null="if not printed"),
            Column("user_in", "numeric(78)", f"part of amount_in that the sender lost in the transaction, {UNITS}"),
            Column("value_ustx", "bigint", "its STX, whichever way they went", unit="µSTX", null="without STX"),
            Column("value_sats", "bigint", "its BTC", unit="satoshis", null="without BTC, or with STX"),
            Column("is_as_moved", "boolean", "whether the print agrees with the events of the transaction"),
        ),
        key=("day", *(column.name for column in PLACE)),
        warnings=(
            of_rows(
"A trade over several pools has a row for each; on Bitflow's DLMM for each price range, also an empty one."),
            about("user_in is given to the swaps of a transaction in their order.", "user_in"),
        ),
    ),
    Table(
        name="daily_exchange_volume",
title="Swaps and volume by exchange and day",
group=Group.DEFI,
        kind=Kind.FIGURE,
        transform=swaps.daily_exchange_volume,
        inputs={"day_swaps": DAY_SWAPS},
        method=f"Swaps that took and gave something, by protocol. {HOP_VOLUME}{VALUE}",
        columns=(
            DAY,
            Column("protocol", "text", "the exchange"),
            Column("swaps", "bigint", "swaps, one for each pool on the way of a trade"),
            Column("transactions", "bigint", "transactions with a swap"),
            Column("traders", "bigint", "distinct senders of these"),
            Column("pools", "bigint", "pools with a swap"),
            Column("unvalued_swaps", "bigint", "swaps without STX or BTC, in no volume"),
            Column("volume_ustx", "bigint", "hop volume of swaps with STX", unit="µSTX"),
            Column("volume_sats", "bigint", "hop volume of swaps with BTC and no STX", unit="satoshis"),
            Column("user_volume_ustx", "bigint", "users' volume of swaps with STX", unit="µSTX"),
            Column("user_volume_sats", "bigint", "users' volume of swaps with BTC and no STX", unit="satoshis"),
            Column("fee_ustx", "bigint", "fees of swaps with STX", unit="µSTX", null="if no contract prints them"),
            Column("fee_sats", "bigint", "fees of swaps with BTC and no STX", unit="satoshis",
                   null="if no contract prints them"),
        ),
        key=("day", "protocol"),
    ),
)  # fmt: skip

CHECKS = (
    Check(
        name="swaps_as_moved",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="Each swap that is printed agrees with what its pool took and gave in the transaction.",
        remedy="Compare the example's events with its print: the contract may keep its tokens elsewhere, or print in "
        "another order, than prints.swaps declares. Then build the day again.",
        query="""
        SELECT '0' AS expected, count(*)::text AS actual,
               min(contract || ' in ' || tx_id || ', event ' || event_index) AS example
        FROM swaps WHERE day = {day} AND NOT is_as_moved
    """,
    ),
)
