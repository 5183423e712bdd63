"""Swaps on exchanges, by the contracts that real databases have, and the volumes of these exchanges.

Of the others (ALEX's second, Velar's pools, all of Bitflow) the dictionary does not tell the prints: there is no
opinion on them, and a chain that has any differs.
"""

import csv
from collections import Counter
from importlib.resources import files

from tests.second_opinion.chain import TRANSFER, Chain, Opinion, Row, Rows, group, place, placed
from tests.second_opinion.clarity import UInt
from tests.second_opinion.prints import fits, prints
from tests.second_opinion.sbtc import LIQUID

ALEX, ARKADIKO = "SP3K8BC0PPEVCV7NZ6QSRWPQ2JE9E5B6N3PA0KBR9", "SP2C2YFP12AJZB4MABJBAJ55XECVS7E4PMMZ89YZR"
SWAP = f"{ARKADIKO}.arkadiko-swap-v2-1"
STACKSWAP = "SP1Z92MPDQEWZXW36VX71Q25HKF5K2EPCJ304F275.stackswap-swap-v5k"
VELAR = "SP1Y5YSTAHZ88XYK1VPDH24GY0HPX5J4JECTMY4A1.univ2-core"
# Who holds the tokens of a contract's pools, and which field of `data` names the pool; StackSwap's hold their own.
POOLS = {
    f"{ALEX}.fixed-weight-pool-v1-01": (f"{ALEX}.alex-vault", "pool-token"),
    f"{ALEX}.simple-weight-pool-alex": (f"{ALEX}.alex-vault", "pool-token"),
    f"{ALEX}.amm-swap-pool": (f"{ALEX}.alex-vault", "pool-id"),
    f"{ALEX}.amm-swap-pool-v1-1": (f"{ALEX}.alex-vault-v1-1", "pool-id"),
    SWAP: (SWAP, "swap-token"),
    STACKSWAP: ("", "liquidity-token"),
}
ACTIONS = ("swap-x-for-y", "swap-y-for-x")
PROTOCOLS = {ALEX: "ALEX", ARKADIKO: "Arkadiko", STACKSWAP.split(".")[0]: "StackSwap", VELAR.split(".")[0]: "Velar"}
PRINTED = {"op": str, "id": UInt, "amt-in": UInt, "amt-out": UInt, "amt-fee-lps": UInt, "amt-fee-protocol": UInt}
# Arkadiko's token of STX moves with the STX.
WRAPPED = f"{ARKADIKO}.wrapped-stx-token::wstx"
VALUES = {"ustx": "value_ustx", "sats": "value_sats"}


def exchanges(chain: Chain) -> Opinion:
    """Swaps and volumes."""
    known = swaps(chain)
    return {"swaps": known, "daily_exchange_volume": volumes(known)}


def swaps(chain: Chain) -> Rows:
    """The swaps of those contracts."""
    rows, moves = [], moves_of(chain)
    senders = {(*place(tx)[:2], tx["tx_index"]): tx["sender_address"] for tx in chain.rows("txs")}
    lost: dict[tuple[int, ...], Counter[str]] = {}
    printed = [(row, pool) for row in prints(chain, *POOLS, VELAR) if (pool := _pool(row)) is not None]
    places = {place(row) for row, _ in printed}
    for row, pool in printed:
        of_tx, trader = moves.get(place(row)[:3], []), senders[place(row)[:3]]
        left = lost.setdefault(place(row)[:3], _losses(of_tx, trader))
        swap = _swap(row, pool[0], [event for event in of_tx if not _is_beyond(event, row, places)])
        user_in = min(max(left[swap["token_in"]], 0), swap["amount_in"])
        left[swap["token_in"]] -= user_in
        contract = row["contract_identifier"]
        named = {"protocol": PROTOCOLS[contract.split(".")[0]], "contract": contract, "pool": pool[1]}
        rows.append(placed(row) | named | swap | {"trader": trader, "user_in": user_in})
    return rows


def _is_beyond(event: Row, row: Row, prints_of_swaps: set[tuple[int, ...]]) -> bool:
    """Whether another swap's print is between an event and a swap's print."""
    first, last = sorted((place(event), place(row)))
    return any(first < other < last for other in prints_of_swaps)


def _pool(row: Row) -> tuple[str, str] | None:
    """Who holds the tokens of a swap's pool, and what the pool is called; None of another print."""
    fields, contract = row["fields"], row["contract_identifier"]
    if contract == VELAR:
        return (VELAR, str(int(fields["id"]))) if fits(fields, PRINTED) and fields["op"] == "swap" else None
    holder, field = POOLS[contract]
    if fields.get("action") not in ACTIONS or not isinstance(fields.get("data"), dict):
        return None
    name = fields["data"].get(field)
    return (holder or str(name), str(int(name) if isinstance(name, UInt) else name))


def moves_of(chain: Chain) -> dict[tuple[int, ...], Rows]:
    """Movements of STX and tokens by transaction, in order."""
    stx = [event | {"token": "STX"} for event in chain.rows("stx_events")]
    wrapped = [event | {"token": event["asset_identifier"]} for event in chain.rows("ft_events")]
    moves: dict[tuple[int, ...], Rows] = {}
    for event in sorted((*stx, *wrapped), key=place):
        moves.setdefault(place(event)[:3], []).append(event)
    return moves


def _losses(moves: Rows, trader: str) -> Counter[str]:
    lost = Counter[str]()
    for event in moves:
        lost[event["token"]] += int(event["amount"]) * ((event["sender"] == trader) - (event["recipient"] == trader))
    return lost


def _swap(row: Row, holder: str, moves: Rows) -> Row:
    is_after = row["contract_identifier"] == STACKSWAP
    near = [event for event in moves if (event["event_index"] > row["event_index"]) == is_after]
    near = [event for event in (near if is_after else near[::-1]) if event["asset_event_type_id"] == TRANSFER]
    near = [event | {"token": "STX" if event["token"] == WRAPPED else event["token"]} for event in near]
    into = next((event for event in near if event["recipient"] == holder), None)
    out = next((e for e in near if e["sender"] == holder and (into is None or e["token"] != into["token"])), None)
    fields = row["fields"]
    is_printed = row["contract_identifier"] == VELAR
    swap = {
        "token_in": into["token"] if into else None,
        "token_out": out["token"] if out else None,
        "amount_in": int(fields["amt-in"]) if is_printed else int(into["amount"]) if into else 0,
        "amount_out": int(fields["amt-out"]) if is_printed else int(out["amount"]) if out else 0,
        "fee_in": sum(int(value) for name, value in fields.items() if name.startswith("amt-fee"))
        if is_printed
        else None,
    }
    moved = [int(event["amount"]) if event else 0 for event in (into, out)]
    agrees = [swap["amount_in"], swap["amount_out"]] == moved if is_printed else bool(into and out)
    return swap | _value(swap) | {"is_as_moved": agrees}


def _value(swap: Row) -> Row:
    with (files("stacks_dataverse.seeds") / "pegged_tokens.csv").open(encoding="utf-8") as file:
        bitcoin = {row["asset_identifier"] for row in csv.DictReader(file) if row["kind"] == "wrapped_bitcoin"}
    amounts = {swap["token_out"]: swap["amount_out"], swap["token_in"]: swap["amount_in"]}
    sats = [amount for token, amount in reversed(amounts.items()) if token in bitcoin | {LIQUID}]
    ustx = amounts.get("STX")
    return {"value_ustx": ustx, "value_sats": sats[0] if sats and ustx is None else None}


def volumes(swaps: Rows) -> Rows:
    """What went through each exchange, by day."""
    known = [row for row in swaps if row["amount_in"] and row["amount_out"]]
    return [
        {"day": day, "protocol": protocol} | _volume(some)
        for (day, protocol), some in group(known, "day", "protocol").items()
    ]


def _volume(swaps: Rows) -> Row:
    row = {
        "swaps": len(swaps),
        "transactions": len({swap["tx_id"] for swap in swaps}),
        "traders": len({swap["trader"] for swap in swaps}),
        "pools": len({(swap["contract"], swap["pool"]) for swap in swaps}),
        "unvalued_swaps": sum(all(swap[value] is None for value in VALUES.values()) for swap in swaps),
    }
    prints_fees = any(swap["fee_in"] is not None for swap in swaps)
    for unit, value in VALUES.items():
        valued = [swap for swap in swaps if swap[value] is not None]
        fees = [swap for swap in valued if swap["fee_in"] is not None]
        row[f"volume_{unit}"] = sum(swap[value] for swap in valued)
        row[f"user_volume_{unit}"] = sum(swap[value] * swap["user_in"] // swap["amount_in"] for swap in valued)
        paid = sum(swap[value] * swap["fee_in"] // swap["amount_in"] for swap in fees)
        row[f"fee_{unit}"] = paid if prints_fees else None
    return row
