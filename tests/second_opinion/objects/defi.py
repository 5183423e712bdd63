"""Opinions on objects of exchanges and protocols."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.second_opinion.chain import Row, Rows, group
from tests.second_opinion.objects.days import DAY
from tests.second_opinion.objects.of_days import SATS, USTX, decimals, newest, of_day, past_is_known
from tests.second_opinion.objects.run import Answer, Run

LIMIT = 500
NUMBERS = ("amount_in", "amount_out", "fee_in", "user_in", "value_ustx", "value_sats")
# The price of a coin that is not stored.
Price = float | None


def exchange_pools(run: Run, day: date | None) -> Answer:
    """The pools of the day by volume."""
    return Answer(_by_volume(run, day, ("protocol", "contract", "pool", "token_x", "token_y"), ()))


def exchange_pairs(run: Run, day: date | None) -> Answer:
    """The pairs of tokens of the day by volume."""
    return Answer(_by_volume(run, day, ("token_x", "token_y"), ("pools", "protocols")))


def _by_volume(run: Run, day: date | None, key: tuple[str, ...], counted: Iterable[str]) -> Rows:
    swaps = [_swap(row) for row in of_day(run, "swaps", day)]
    stx_usd, btc_usd = _close(run, day, "STX"), _close(run, day, "BTC")
    rows = [
        dict(zip(key, values, strict=True)) | _counts(some, counted) | _amounts(some) | _volumes(some, stx_usd, btc_usd)
        for values, some in group((row for row in swaps if row["amount_in"] and row["amount_out"]), *key).items()
    ]
    return sorted(rows, key=lambda row: _order(row, key))[:LIMIT]


def _order(row: Row, key: Iterable[str]) -> tuple[Any, ...]:
    """The largest volume is first, an unknown one last; then most swaps, then the names, of which null is last."""
    volume = row["volume_stx"]
    names = [(row[name] is None, row[name]) for name in key]
    return volume is None, -(volume or 0), -row["swaps"], names


def _close(run: Run, day: date | None, symbol: str) -> Price:
    """The price at the close of a day, or of one of the two before."""
    closes = {row["day"]: row["close_usd"] for row in run.tables["price_daily"] if row["symbol"] == symbol}
    days = (day - before * DAY for before in range(3)) if day else ()
    return next((closes[each] for each in days if each in closes), None)


def _swap(row: Row) -> Row:
    """A swap with its pair of tokens; its amounts are numbers."""
    tokens = sorted({row["token_in"], row["token_out"]} - {None})
    x, y, *_ = [*tokens, None, None]
    return row | {"token_x": x, "token_y": y} | {name: _number(row[name]) for name in NUMBERS}


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _counts(swaps: Rows, counted: Iterable[str]) -> Row:
    counts = {
        "swaps": len(swaps),
        "transactions": len({swap["tx_id"] for swap in swaps}),
        "traders": len({swap["trader"] for swap in swaps}),
        "pools": len({(swap["contract"], swap["pool"]) for swap in swaps}),
        "protocols": len({swap["protocol"] for swap in swaps}),
    }
    return {name: counts[name] for name in ("swaps", "transactions", "traders", *counted)}


def _amounts(swaps: Rows) -> Row:
    """What pools took of each token, and the fees; without fees where no contract prints them."""
    into = {
        "x": [swap for swap in swaps if swap["token_in"] == swap["token_x"]],
        "y": [swap for swap in swaps if swap["token_in"] != swap["token_x"]],
    }
    prints_fees = any(swap["fee_in"] is not None for swap in swaps)
    row: Row = {}
    for name, column in (("{}_in", "amount_in"), ("user_{}_in", "user_in")):
        row |= {name.format(side): sum(swap[column] for swap in some) for side, some in into.items()}
    fees = {side: sum(swap["fee_in"] or 0 for swap in some) for side, some in into.items()}
    return row | {f"{side}_fees": paid if prints_fees else None for side, paid in fees.items()}


def _volumes(swaps: Rows, stx_usd: Price, btc_usd: Price) -> Row:
    """What the swaps are worth, and the part of it that their senders lost; in STX, and in USD; null without either."""
    if all(swap["value_ustx"] is swap["value_sats"] is None for swap in swaps):
        return {f"{name}_{unit}": None for name in ("volume", "user_volume") for unit in ("stx", "usd")}
    row: Row = {}
    for name, part_of in (("volume", lambda value, _: value), ("user_volume", _users_part)):
        ustx, sats = (sum(part_of(swap[value] or 0, swap) for swap in swaps) for value in ("value_ustx", "value_sats"))
        btc_in_stx = btc_usd / stx_usd if stx_usd and btc_usd else None
        row[f"{name}_stx"] = _plus(ustx / USTX, _worth(sats / SATS, btc_in_stx))
        row[f"{name}_usd"] = _plus(_worth(ustx / USTX, stx_usd), _worth(sats / SATS, btc_usd))
    return row


def _users_part(value: int, swap: Row) -> int:
    return value * swap["user_in"] // swap["amount_in"]


def _worth(amount: float, price: Price) -> float | None:
    """What an amount is worth; nothing needs no price."""
    if not amount:
        return 0.0
    return None if price is None else amount * price


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def protocol_balances(run: Run, day: date | None) -> Answer:
    """What each protocol holds at the end of the day, of each asset of which something is left."""
    if not past_is_known(run, day):
        return Answer(None)
    held = newest(run, "daily_protocol_balances", day, "protocol", "asset_identifier")
    return Answer(
        [
            {
                "protocol": row["protocol"],
                "asset_identifier": row["asset_identifier"],
                "balance": int(row["balance"]),
                "decimals": decimals().get(row["asset_identifier"]),
            }
            for row in sorted(held, key=lambda row: (row["protocol"], row["asset_identifier"]))
            if int(row["balance"])
        ]
    )


JUDGES = {
    "exchange_pools": exchange_pools,
    "exchange_pairs": exchange_pairs,
    "protocol_balances": protocol_balances,
}
