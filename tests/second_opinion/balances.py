"""STX: what moved, who holds how much, and how that is shared."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from tests.second_opinion.chain import (
    BURN,
    MINT,
    TRANSFER,
    Chain,
    Opinion,
    Row,
    Rows,
    group,
    hexed,
    is_account,
    placed,
)

STX = 1_000_000
WHALE = 10_000 * STX
FEES = ("tx_fees_anchored", "tx_fees_streamed_confirmed", "tx_fees_streamed_produced")


def moves(chain: Chain) -> Iterable[tuple[date, str, int]]:
    """Every movement of STX: the day, whose, and how much in."""
    for event in chain.rows("stx_events"):
        if event["sender"] is not None:
            yield event["day"], event["sender"], -event["amount"]
        if event["recipient"] is not None:
            yield event["day"], event["recipient"], event["amount"]
    for tx in chain.txs():
        yield tx["day"], tx["payer"], -tx["fee_rate"]
    for reward in chain.rows("miner_rewards"):
        parts = sum(int(reward[part]) for part in ("coinbase_amount", *FEES))
        yield reward["day"], reward["recipient"], parts


def changes_of(moved: Iterable[tuple[Any, Any, int]]) -> dict[Any, Counter[Any]]:
    """Movements summed, by day and holder."""
    changes: dict[Any, Counter[Any]] = {}
    for day, holder, change in moved:
        changes.setdefault(day, Counter())[holder] += change
    return changes


def balances(chain: Chain) -> Opinion:
    """Changes of balances, and every figure of balances at the end of a day."""
    changes, held, opinion = changes_of(moves(chain)), Counter[str](), supplies(chain)
    opinion["stx_balance_changes"] = [
        {"day": day, "address": address, "change_ustx": change}
        for day, of_day in changes.items()
        for address, change in of_day.items()
    ]
    for day in chain.days:
        for address, change in changes.get(day, {}).items():
            held[address] += change
        for table, rows in at_the_end(day, held).items():
            opinion.setdefault(table, []).extend(rows)
    for row, total in zip(opinion["daily_balances"], opinion.pop("supply"), strict=True):
        row |= total
    _add_fees(chain, opinion["daily_balance_totals"])
    opinion["stx_balances"] = [{"address": address, "balance_ustx": held[address]} for address in held]
    return opinion


def supplies(chain: Chain) -> Opinion:
    """What was minted and burned, and the supply at the end of each day."""
    events, rewards = group(chain.rows("stx_events"), "day"), group(chain.rows("miner_rewards"), "day")
    rows, supply, supply_rows = [], 0, []
    for day in chain.days:
        minted, burned = (
            sum(event["amount"] for event in events[day] if event["asset_event_type_id"] == kind)
            for kind in (MINT, BURN)
        )
        coinbase = sum(int(reward["coinbase_amount"]) for reward in rewards[day])
        rows.append({"day": day, "minted_ustx": minted, "burned_ustx": burned, "coinbase_ustx": coinbase})
        supply += minted - burned + coinbase
        supply_rows.append({"supply_ustx": supply})
    matured = [_matured(reward) for reward in chain.rows("miner_rewards")]
    return {"stx_supply_changes": rows, "supply": supply_rows, "matured_rewards": matured}


def _matured(reward: Row) -> Row:
    amounts = {f"{part}_ustx": int(reward[part]) for part in FEES}
    return amounts | {
        "day": reward["day"],
        "mature_block_height": reward["mature_block_height"],
        "from_index_block_hash": hexed(reward["from_index_block_hash"]),
        "recipient": reward["recipient"],
        "miner_address": reward["miner_address"] or reward["recipient"],
        "coinbase_ustx": int(reward["coinbase_amount"]),
    }


def _add_fees(chain: Chain, totals: Rows) -> None:
    txs, rewards = chain.txs(), chain.rows("miner_rewards")
    for total in totals:
        day = total["day"]
        total["fees_paid_ustx"] = sum(tx["fee_rate"] for tx in txs if tx["day"] <= day)
        total["matured_fees_ustx"] = sum(
            int(reward[part]) for reward in rewards if reward["day"] <= day for part in FEES
        )


def at_the_end(day: date, held: Counter[str]) -> Opinion:
    """The figures of all balances at the end of a day."""
    positive = {address: balance for address, balance in held.items() if balance > 0}
    accounts = sorted(balance for address, balance in positive.items() if is_account(address))
    whales = {address: b for address, b in positive.items() if is_account(address) and b >= WHALE}
    bins = Counter(min(balance // (500 * STX) * 500, 10_000_000) for balance in whales.values())
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    ranked = sorted(positive, key=lambda address: (-positive[address], address))[:100]
    return {
        "daily_balances": [
            {
                "day": day,
                "holders": len(accounts),
                "whales": len(whales),
                "whale_balance_ustx": sum(whales.values()),
                "median_balance_ustx": median(accounts),
                "gini": gini(accounts),
            }
        ],
        "daily_balance_totals": [{"day": day, "balances_ustx": sum(held.values())}],
        "daily_balance_histogram": [{"day": day, "from_stx": at, "holders": count} for at, count in bins.items()],
        "whale_historical_stx_balances": [
            {"timestamp": midnight, "whale_address": address, "balance": b / STX} for address, b in whales.items()
        ],
        "stx_holder_bands": _bands(day, positive),
        "stx_holder_deciles": _deciles(day, positive),
        "top_stx_holders": [
            {"day": day, "rank": rank, "address": address, "balance_ustx": positive[address]}
            for rank, address in enumerate(ranked, 1)
        ],
    }


def median(ordered: list[int]) -> float | None:
    """The middle of ordered values, or the mean of the two in the middle."""
    count = len(ordered)
    return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2 if ordered else None


def gini(ordered: list[int]) -> float | None:
    """The mean difference of all pairs, by twice the mean."""
    count, total = len(ordered), sum(ordered)
    return sum((2 * i - count - 1) * x for i, x in enumerate(ordered, 1)) / (count * total) if ordered else None


def _by_kind(positive: dict[str, int]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = {}
    for address, balance in positive.items():
        kinds.setdefault("account" if is_account(address) else "contract", []).append(balance)
    return kinds


def _bands(day: date, positive: dict[str, int]) -> Rows:
    bands: dict[tuple[str, int], list[int]] = {}
    for kind, balances_of_kind in _by_kind(positive).items():
        for balance in balances_of_kind:
            edge = 10 ** (len(str(balance // STX)) - 1) if balance >= STX else 0
            bands.setdefault((kind, edge), []).append(balance)
    return [
        {"day": day, "holder_kind": kind, "from_stx": edge, "holders": len(some), "balance_ustx": sum(some)}
        for (kind, edge), some in bands.items()
    ]


def _deciles(day: date, positive: dict[str, int]) -> Rows:
    rows = []
    for kind, some in _by_kind(positive).items():
        left, size, more = sorted(some), *divmod(len(some), 10)
        for decile in range(1, 11):
            part, left = left[: size + (decile <= more)], left[size + (decile <= more) :]
            if part:
                sums = {"holders": len(part), "from_ustx": part[0], "to_ustx": part[-1], "balance_ustx": sum(part)}
                rows.append({"day": day, "holder_kind": kind, "decile": decile, **sums})
    return rows


def large_transfers(chain: Chain) -> Opinion:
    """Transfers of 1,000,000 STX or more."""
    txs = {(tx["index_block_hash"], tx["tx_id"]): tx for tx in chain.txs()}
    return {
        "large_transfers": [
            placed(event)
            | {
                "amount_ustx": event["amount"],
                "sender": event["sender"],
                "recipient": event["recipient"],
                "burn_block_time": event["block"]["burn_block_time"],
                "tx_type": txs[event["index_block_hash"], event["tx_id"]]["type"],
            }
            for event in chain.rows("stx_events")
            if event["asset_event_type_id"] == TRANSFER and event["amount"] >= 1_000_000 * STX
        ]
    }
