"""Swaps on exchanges: what each of their pools took and gave, and who paid it."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.prints import prints_of_kinds
from stacks_dataverse.prints.swaps import AMOUNT_IN, AMOUNT_OUT, ARKADIKO, FEE, POOL, SWAPS, Swaps
from stacks_dataverse.seeds import PROTOCOLS

STX = "STX"
# Tokens of one satoshi each: eight decimal places.
BTC = {
    "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4.sbtc-token::sbtc-token",
    "SP3DX3H4FEYZJZ586MFBS25ZW3HZDMEW92260R2PR.Wrapped-Bitcoin::wrapped-bitcoin",
    "SP2XD7417HGPRTREMKF748VNEQPDRR0RMANB7X1NK.token-abtc::bridged-btc",
}
# Moves once more what moves as STX in the same swap.
SHADOWS = {f"{ARKADIKO}.wrapped-stx-token::wstx"}

# The most decimal places by which a printed amount may differ from the token's own.
FIXED_POINT_PLACES = 8

PROTOCOL_OF = {deployer: protocol for deployer, protocol, _ in PROTOCOLS.rows}

AMOUNT = pa.decimal256(76, 0)
COLUMNS = pa.schema([
    *((name, pa.int32()) for name in EVENT_ORDER),
    *((name, pa.string()) for name in ("tx_id", "protocol", "contract", "pool", "trader", "token_in", "token_out")),
    *((name, AMOUNT) for name in ("amount_in", "amount_out", "fee_in", "user_in")),
    *((name, pa.int64()) for name in ("value_ustx", "value_sats")),
    ("is_as_moved", pa.bool_()),
])  # fmt: skip

# Every transaction of a swap with its moves of tokens; one without any has a row of nulls.
MOVES = f"""
    SELECT {hex0x("tx_id")} AS tx_id, sender_address AS trader, event_index, asset, amount, sender, recipient
    FROM txs SEMI JOIN swapping USING (tx_id)
    LEFT JOIN (
        SELECT stx.tx_id, event_index, '{STX}' AS asset, amount::VARCHAR AS amount, sender, recipient
        FROM stx_events AS stx
        UNION ALL
        SELECT ft.tx_id, event_index, asset_identifier, amount::VARCHAR, sender, recipient FROM ft_events AS ft
    ) AS moved USING (tx_id)
    ORDER BY tx_id, event_index
"""

Row = dict[str, Any]


def swaps(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every swap that a listed contract printed, in the order in which they happened.

    The tokens are those of the events that moved them to and from the pool, `STX` or an asset's identifier; amounts are
    whole numbers of their smallest units. `user_in` is the part of `amount_in` that the sender of the transaction
    lost in it, all its moves together; `is_as_moved` says whether the print agrees with the events.

    Reads: blocks, txs, contract_logs, stx_events, ft_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, protocol, contract, pool, trader,
        token_in, token_out, amount_in, amount_out, fee_in, user_in, value_ustx, value_sats, is_as_moved.
    """
    hops = sorted(_hops(day), key=lambda hop: [hop[column] for column in EVENT_ORDER])
    moves = _moves(day, hops)
    transactions = groupby(hops, key=lambda hop: hop["tx_id"])
    rows = [row for tx_id, of_tx in transactions for row in _swaps(list(of_tx), moves[tx_id])]
    return pa.Table.from_pylist(rows, COLUMNS)


def _hops(day: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """What is printed of each swap, with the way in which its contract prints."""
    printed = prints_of_kinds(day, [kind.prints for kind in SWAPS])
    for kind, rows in zip(SWAPS, printed, strict=True):
        for row in rows.to_pylist():
            yield row | {"kind": kind}


def _moves(day: duckdb.DuckDBPyConnection, hops: Iterable[Row]) -> dict[str, list[Row]]:
    """The moves of STX and fungible tokens in the transactions of swaps, by transaction, in their order."""
    ids = {hop["tx_id"]: bytes.fromhex(hop["tx_id"][2:]) for hop in hops}
    day.register("swapping", pa.table({"tx_id": pa.array(ids.values(), pa.binary())}))
    moved = day.sql(MOVES).to_arrow_table().to_pylist()
    day.unregister("swapping")
    moved = [row | {"amount": int(row["amount"] or 0)} for row in moved]
    return {tx_id: list(of_tx) for tx_id, of_tx in groupby(moved, key=lambda move: move["tx_id"])}


def _swaps(hops: list[Row], moves: list[Row]) -> Iterator[Row]:
    """The swaps of one transaction: each has the events between its print and the one next to it."""
    trader = moves[0]["trader"]
    moves = [move for move in moves if move["amount"]]
    paid = Counter[str]()
    for move in moves:
        paid[move["asset"]] += move["amount"] * ((move["sender"] == trader) - (move["recipient"] == trader))
    bounds = [-1, *(hop["event_index"] for hop in hops), math.inf]
    for number, hop in enumerate(hops):
        first, last = bounds[number + hop["kind"].is_printed_first :][:2]
        row = _swap(hop, [move for move in moves if first < move["event_index"] < last])
        row["user_in"] = min(row["amount_in"], max(paid[row["token_in"]], 0))
        paid[row["token_in"]] -= row["user_in"]
        yield row | {"trader": trader}


def _swap(hop: Row, moves: list[Row]) -> Row:
    """One swap, without who paid it."""
    kind, contract = hop["kind"], hop["contract"]
    pool = hop.get(POOL, contract)
    took, gave = _legs(kind.vault or pool, moves if kind.is_printed_first else moves[::-1])
    moved_in, moved_out = took.get("amount", 0), gave.get("amount", 0)
    printed_in, printed_out = int(hop.get(AMOUNT_IN, moved_in)), int(hop.get(AMOUNT_OUT, moved_out))
    fees = [int(fee) for name, fee in hop.items() if name.startswith(FEE)]
    amount_in, amount_out, fee = printed_in, printed_out, sum(fees)
    if kind.is_fixed_point:
        amount_in, amount_out, fee = moved_in, moved_out, fee * moved_in // max(printed_in, 1)
    token_in, token_out = took.get("asset"), gave.get("asset")
    legs = {token_out: amount_out, token_in: amount_in}
    sats = next((amount for token, amount in reversed(legs.items()) if token in BTC and STX not in legs), None)
    return {name: hop[name] for name in (*EVENT_ORDER, "tx_id")} | {
        "protocol": PROTOCOL_OF[contract.partition(".")[0]], "contract": contract, "pool": pool,
        "token_in": token_in, "token_out": token_out, "amount_in": amount_in, "amount_out": amount_out,
        "fee_in": fee if fees else None, "value_ustx": legs.get(STX), "value_sats": sats,
        "is_as_moved": _agrees(kind, hop, (moved_in, moved_out), fee),
    }  # fmt: skip


def _legs(holder: str, moves: Iterable[Row]) -> tuple[Row, Row]:
    """What a pool took and what it gave, of another token: the nearest such events; empty where there is none."""
    moves = [move for move in moves if move["sender"] and move["recipient"] and move["asset"] not in SHADOWS]
    took = next((move for move in moves if move["recipient"] == holder), {})
    gave = (move for move in moves if move["sender"] == holder and move["asset"] != took.get("asset"))
    return took, next(gave, {})


def _agrees(kind: Swaps, hop: Row, moved: tuple[int, int], fee: int) -> bool:
    """Whether a print says what the events say; a part of the fee may not go through the pool."""
    if AMOUNT_IN not in hop:
        return all(moved)
    printed = int(hop[AMOUNT_IN]), int(hop[AMOUNT_OUT])
    if not kind.is_fixed_point:
        return printed[0] - fee <= moved[0] <= printed[0] and moved[1] == printed[1]
    return all(
        any(amount == fixed // 10**places for places in range(FIXED_POINT_PLACES + 1))
        for fixed, amount in zip(printed, moved, strict=True)
    )


def daily_exchange_volume(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the day's swaps come to on each exchange, in µSTX, and in satoshis where a swap has BTC and no STX.

    Reads: day_swaps.
    Columns: protocol, swaps, transactions, traders, pools, unvalued_swaps, volume_ustx, volume_sats, user_volume_ustx,
        user_volume_sats, fee_ustx, fee_sats.
    """
    sums = ", ".join(
        f"COALESCE(sum({value}), 0)::BIGINT AS {name}"
        for name, value in (
            ("volume_ustx", "value_ustx"),
            ("volume_sats", "value_sats"),
            ("user_volume_ustx", "user_ustx"),
            ("user_volume_sats", "user_sats"),
        )
    )
    fees = ", ".join(
        f"CASE WHEN bool_or(prints_fee) THEN COALESCE(sum({fee}), 0)::BIGINT END AS {fee}"
        for fee in ("fee_ustx", "fee_sats")
    )
    return state.sql(f"""
        SELECT protocol, count(*) AS swaps, count(DISTINCT tx_id) AS transactions, count(DISTINCT trader) AS traders,
               count(DISTINCT (contract, pool)) AS pools,
               count(*) FILTER (value_ustx IS NULL AND value_sats IS NULL) AS unvalued_swaps, {sums}, {fees}
        FROM day_swaps GROUP BY protocol ORDER BY protocol
    """).to_arrow_table()
