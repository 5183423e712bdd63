"""An opinion on the last 100 tenures, and on all that are complete."""

from collections import Counter
from datetime import date
from typing import Any

from tests.second_opinion.chain import Chain, Row, Rows, group, hexed
from tests.second_opinion.miners import burns_of, parts_of
from tests.second_opinion.objects.days import seconds
from tests.second_opinion.objects.mining import known_sum
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.tip import HOUR, SATS, USTX, candle_at, chain_at_tip

SHOWN = 100
OVERVIEW = (
    *("burn_block_height", "day", "first_block_height", "mined_at", "miner_address", "miner_commit_sats"),
    *("total_commit_sats", "burn_sats", "coinbase_ustx", "fees_ustx"),
)


def tenures_of(chain: Chain) -> Rows:
    """Every tenure of which the first day is there: its first part with all fees, matured where its reward has."""
    burns = burns_of(chain)
    rewards = group(
        (row | {"from": hexed(row["from_index_block_hash"])} for row in chain.rows("miner_rewards")), "from"
    )
    began: dict[int, Row] = {}
    for one in parts_of(chain, burns):
        part, first = one["part"], one["began"]
        if first["day"] in chain.days:
            tenure = began.setdefault(first["burn_block_height"], first | {"fees_ustx": 0})
            tenure["fees_ustx"] += part["fees_ustx"]
    for height, tenure in began.items():
        tenure["burn_sats"] = burns[height]["burn_sats"] if height in burns else None
        tenure |= _matured(rewards.get(tenure["first_index_block_hash"], []))
    return sorted(began.values(), key=lambda tenure: tenure["first_block_height"])


def _matured(rewards: Rows) -> Row:
    """What the rewards of a tenure say of it; its winner is who got the coinbase, of several the last by address."""
    winners = [row["miner_address"] or row["recipient"] for row in rewards if int(row["coinbase_amount"]) > 0]
    coinbase = {"coinbase_ustx": sum(int(row["coinbase_amount"]) for row in rewards)} if rewards else {}
    return {"matured": bool(rewards)} | coinbase | ({"miner_address": max(winners)} if winners else {})


def _last(run: Run) -> Rows:
    return tenures_of(chain_at_tip(run))[-SHOWN:]


def mining_overview(run: Run, day: date | None) -> Answer:
    """The last 100 tenures, with their commits, rewards and odds."""
    tenures = _last(run)
    return Answer([{name: tenure[name] for name in OVERVIEW} for tenure in tenures], _overview(tenures))


def _overview(tenures: Rows) -> Row:
    heights = [tenure["burn_block_height"] for tenure in tenures]
    rewards = [(tenure["coinbase_ustx"] + tenure["fees_ustx"]) / USTX for tenure in tenures]
    committed = [tenure["total_commit_sats"] for tenure in tenures]
    known = [sats for sats in committed if sats is not None]
    return {
        "btc_burns": dict(zip(heights, map(_btc, committed), strict=True)),
        "stx_rewards": dict(zip(heights, rewards, strict=True)),
        "win_probabilities": {tenure["burn_block_height"]: _odds(tenure) for tenure in tenures},
        "winning_miners": {tenure["burn_block_height"]: tenure["miner_address"] for tenure in tenures},
        "winner_burn_fees": {tenure["burn_block_height"]: _btc(tenure["miner_commit_sats"]) for tenure in tenures},
        "last_block_reward": rewards[-1],
        "total_btc_committed": _btc(known_sum(committed)),
        "avg_btc_committed": sum(known) / len(known) / SATS if known else None,
        "avg_fee_per_block": sum(tenure["fees_ustx"] for tenure in tenures) / len(tenures) / USTX,
        "total_stx_rewards": sum(rewards),
        "block_heights": heights,
    }


def _btc(sats: int | None) -> float | None:
    return None if sats is None else sats / SATS


def _odds(tenure: Row) -> float | None:
    """The winner's share of the payouts, which are what miners sent without what they burned."""
    if tenure["miner_commit_sats"] is None or tenure["total_commit_sats"] is None:
        return None
    payouts = tenure["total_commit_sats"] - (tenure["burn_sats"] or 0)
    return float(tenure["miner_commit_sats"] / payouts) if payouts else None


def mining_riskreward(run: Run, day: date | None) -> Answer:
    """What miners spent and earned with the last 100 tenures, at the prices of the hour, or of one in the 48 before."""
    rows = [_riskreward(run, tenure) for tenure in _last(run)]
    by_height = {
        row["burn_block_height"]: {
            "burn_block_time": seconds(row["burn_block_time"]),
            "spent_usd": row["spent_usd"],
            "rewarded_usd": row["rewarded_usd"],
        }
        for row in rows
    }
    return Answer(rows, by_height)


def _riskreward(run: Run, tenure: Row) -> Row:
    burned_at = tenure["mined_at"]
    btc, stx = (_price(run, symbol, burned_at) for symbol in ("BTC", "STX"))
    spent, earned = _btc(tenure["total_commit_sats"]), (tenure["coinbase_ustx"] + tenure["fees_ustx"]) / USTX
    return {
        "burn_block_height": tenure["burn_block_height"],
        "burn_block_time": burned_at,
        "spent_usd": None if None in (btc, spent) else spent * btc,
        "rewarded_usd": None if stx is None else earned * stx,
    }


def _price(run: Run, symbol: str, when: Any) -> Any:
    candle = candle_at(run, symbol, when, 48 * HOUR)
    return candle and candle["close_usd"]


def mining_most_successful(run: Run, day: date | None) -> Answer:
    """How many of the last 100 tenures each miner won."""
    won = Counter(tenure["miner_address"] for tenure in _last(run) if tenure["miner_address"] is not None)
    ordered = dict(sorted(won.items(), key=lambda item: (-item[1], item[0])))
    rows = [{"miner_address": miner, "tenures_won": count} for miner, count in ordered.items()]
    return Answer(rows, ordered)


def mining_tenures(run: Run) -> Rows:
    """The complete tenures of the loaded days."""
    columns = (
        *("burn_block_height", "mined_at", "miner_address", "miner_commit_sats", "total_commit_sats", "miners"),
        *("coinbase_ustx", "fees_ustx", "matured"),
    )
    return [{name: tenure[name] for name in columns} for tenure in tenures_of(run.chain)]


JUDGES = {
    "mining_overview": mining_overview,
    "mining_riskreward": mining_riskreward,
    "mining_most_successful": mining_most_successful,
}
TABLES = {"mining_tenures": mining_tenures}
