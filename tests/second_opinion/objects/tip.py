"""The chain up to its tip, as every half hour has it, and an opinion on the key figures there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from stacks_dataverse.network import Network
from tests.second_opinion.balances import large_transfers, median, supplies
from tests.second_opinion.bonds import distributions
from tests.second_opinion.chain import Chain, Row, Rows, is_account
from tests.second_opinion.miners import burns_of
from tests.second_opinion.objects.days import midnight, of_loaded_days, picked, seconds
from tests.second_opinion.objects.mempool import is_transfer, waiting_of
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.stacking import locks, reward_cycles

HOUR = timedelta(hours=1)
SATS, USTX = 100_000_000, 1_000_000
WHALE_USTX = 100_000 * USTX
BITCOIN_BLOCKS_OF_A_YEAR = 52_560
TIMES = ("refresh_ts", "latest_whale_timestamp")


def chain_at_tip(run: Run) -> Chain:
    """The Stacks database with all days up to the tip, loaded or not."""
    return replace(run.chain, days=sorted({*run.days, *(block["day"] for block in run.chain.all_blocks)}))


def moment(unix_seconds: int) -> datetime:
    """A time of unix seconds."""
    return datetime.fromtimestamp(unix_seconds, UTC)


def hour_of(when: datetime) -> datetime:
    """The beginning of the UTC hour of a time."""
    return when.replace(minute=0, second=0, microsecond=0)


def candle_at(run: Run, symbol: str, when: datetime, back: timedelta = timedelta(0)) -> Row | None:
    """The candle of the hour of a time, otherwise the latest that began less than so long before the time."""
    candles = [row for row in run.tables["price_hourly"] if row["symbol"] == symbol and row["hour_at"] <= when]
    known = [row for row in candles if row["hour_at"] == hour_of(when) or when - row["hour_at"] < back]
    return max(known, key=lambda row: row["hour_at"], default=None)


def spot_snapshots(run: Run) -> Rows:
    """The chain at its tip, at the one snapshot of a run."""
    chain = chain_at_tip(run)
    tip = chain.blocks[-1]
    taken_at = max(row["taken_at"] for row in run.tables["mempool_ages"])
    prices = {symbol: _close(run, symbol, moment(tip["time"])) for symbol in ("STX", "BTC")}
    txs = chain.txs()
    recent = [tx for tx in txs if tx["block"]["time"] > tip["time"] - 24 * 3600]
    transfers = [tx["fee_rate"] for tx in txs if tx["type"] == "token_transfer"][-10:]
    waiting = waiting_of(chain)
    fee_per_byte = median(sorted(row["fee_rate"] / row["tx_size"] for row in waiting if is_transfer(row)))
    row = {
        "taken_at": taken_at,
        "refresh_ts": seconds(taken_at),
        "total_txs_alltime": len(txs),
        "total_txs_past24": len(recent),
        **_cycle(run, chain, tip),
        **_locked(chain, prices["STX"]),
        "current_stx_block_height": tip["block_height"],
        "stacking_apy": _apy(chain, tip, prices),
        **_balances(run),
        **_whale(chain),
        **_high(run, prices["STX"]),
        "mstx_fee": fee_per_byte,
        "usd_fee": None if None in (fee_per_byte, prices["STX"]) else fee_per_byte * prices["STX"] / USTX,
        "latest_transfer_fee": median(sorted(transfers)) / USTX if transfers else None,
        "now_in_mempool": len(waiting),
        "circulating_supply": supplies(chain)["supply"][-1]["supply_ustx"] / USTX,
    }
    return [row]


def _close(run: Run, symbol: str, when: datetime) -> Any:
    candle = candle_at(run, symbol, when, 48 * HOUR)
    return candle and candle["close_usd"]


def _cycle(run: Run, chain: Chain, tip: Row) -> Row:
    network, height = chain.cycles, tip["burn_block_height"]
    cycle = network.cycle_of(height)
    start = network.first_burn_height + cycle * network.cycle_length
    first = next(block for block in chain.all_blocks if network.cycle_of(block["burn_block_height"]) == cycle)
    candle = candle_at(run, "STX", moment(first["burn_block_time"]), 48 * HOUR)
    thresholds = [row["min_threshold_ustx"] for row in reward_cycles(chain) if row["cycle"] == cycle]
    return {
        "current_cycle_no": cycle,
        "current_cycle_open_price": candle and candle["open_usd"],
        "cycle_blocks_left": start + network.cycle_length - height,
        "current_cycle_phase": "prepare" if _is_prepare(network, height, height - start) else "reward",
        "slot_minimum": thresholds[-1] / USTX if thresholds and thresholds[-1] is not None else None,
    }


def _is_prepare(network: Network, height: int, index: int) -> bool:
    """Whether staking is closed in a block of a cycle; until PoX-5, whether miners burn in it."""
    first_closed = network.cycle_length - network.prepare_length
    return index >= first_closed if height >= network.waterfall_height else index > first_closed or index == 0


def _locked(chain: Chain, price: float | None) -> Row:
    now = locks(chain)["daily_stacking"][-1]
    stacked = now["stacked_ustx"] / USTX
    return {
        "total_stackers": now["stackers"],
        "total_stacked": stacked,
        "total_stacked_usd": None if price is None else stacked * price,
    }


def _apy(chain: Chain, tip: Row, prices: Row) -> float | None:
    cycle = chain.cycles.cycle_of(tip["burn_block_height"])
    if tip["burn_block_height"] >= chain.cycles.waterfall_height:
        paid = _distributed(chain, cycle)
    else:
        paid = _sent(chain, cycle, tip)
    if paid is None or None in prices.values():
        return None
    sats, ustx, blocks = paid
    earned = sats / SATS * prices["BTC"] / (ustx / USTX * prices["STX"])
    return float(100 * earned * BITCOIN_BLOCKS_OF_A_YEAR / blocks)


def _distributed(chain: Chain, cycle: int) -> tuple[int, float, int] | None:
    """What the last two distributions paid for STX staked alone, those STX, and for how many Bitcoin blocks."""
    rows = distributions(chain)["stacking_distributions"]
    last = [row for row in rows if row["cycle"] in (cycle - 1, cycle)][-2:]
    blocks = len(last) * chain.cycles.cycle_length // 2
    staked = sum(row["staked_ustx"] for row in last) / len(last) if last else 0
    return (sum(row["stx_staker_sats"] for row in last), staked, blocks) if staked else None


def _sent(chain: Chain, cycle: int, tip: Row) -> tuple[int, float, int] | None:
    """What miners paid in the cycle so far, the STX of its reward set, and how many Bitcoin blocks of it there were."""
    start = chain.cycles.first_burn_height + cycle * chain.cycles.cycle_length
    sats = sum(burn["reward_sats"] or 0 for height, burn in burns_of(chain).items() if height >= start)
    sets = [row["stacked_ustx"] for row in reward_cycles(chain) if row["cycle"] == cycle]
    staked = sets[-1] if sets else locks(chain)["daily_stacking"][-1]["stacked_ustx"]
    return (sats, staked, tip["burn_block_height"] - start + 1) if staked else None


def _balances(run: Run) -> Row:
    last = of_loaded_days(run, "daily_balances", run.days[-1])[-1]
    changes = [row for row in run.tables["stx_balance_changes"] if row["day"] <= last["day"]]
    held: dict[str, int] = {}
    for row in changes:
        held[row["address"]] = held.get(row["address"], 0) + int(row["change_ustx"])
    whales = sum(is_account(address) and balance >= WHALE_USTX for address, balance in held.items())
    return {
        "gini_coefficient": last["gini"],
        "median_balance": last["median_balance_ustx"] / USTX,
        "nonzero_bal_addx": last["holders"],
        "whale_percent": 100 * whales / last["holders"],
    }


def _whale(chain: Chain) -> Row:
    last = large_transfers(chain)["large_transfers"][-1:]
    return {
        "latest_whale_amount": last[0]["amount_ustx"] / USTX if last else None,
        "latest_whale_timestamp": last[0]["burn_block_time"] if last else None,
    }


def _high(run: Run, price: float | None) -> Row:
    high = max((row["high_usd"] for row in run.tables["price_hourly"] if row["symbol"] == "STX"), default=None)
    return {"ath": high, "perc_from_ath": 100 * (price - high) / high if price and high else None}


def spot_stats(run: Run, day: date | None) -> Answer:
    """The last snapshot."""
    last = _last_of(run.tables["spot_snapshots"])
    stats = {name: value for name, value in last.items() if name != "taken_at"}
    times = {name: moment(stats[name]) for name in TIMES if stats[name] is not None}
    return Answer([stats | times], stats)


def spot_stats_historical(run: Run, day: date | None) -> Answer:
    """The last snapshot of each UTC day, of every day since the first."""
    names = ("median_balance", "whale_percent", "stacking_apy")
    by_day: dict[date, Rows] = {}
    for row in run.tables["spot_snapshots"]:
        by_day.setdefault(row["taken_at"].date(), []).append(row)
    first, last = min(by_day), max(by_day)
    shown = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    values = {
        each: picked([_last_of(by_day[each])], names)[0] if each in by_day else dict.fromkeys(names) for each in shown
    }
    rows = [{"day": each} | figures for each, figures in values.items()]
    return Answer(rows, {seconds(midnight(each)): figures for each, figures in values.items()})


def _last_of(snapshots: Iterable[Row]) -> Row:
    return max(snapshots, key=lambda row: row["taken_at"])


JUDGES = {"spot_stats": spot_stats, "spot_stats_historical": spot_stats_historical}
TABLES = {"spot_snapshots": spot_snapshots}
