"""BTC that miners sent, tenures, and what they earned."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from tests.second_opinion.bonds import calculations_of
from tests.second_opinion.chain import Chain, Opinion, Row, Rows, day_of, group, hexed

COMMITS = ("commits", "miner_commit_sats", "miner_commit_ustx", "total_commit_sats", "total_commit_ustx")
Commits = dict[int, Row]


def burns_of(chain: Chain) -> Commits:
    """What is known of each Bitcoin block at or below a Stacks block: payouts, burned BTC, commits and its day."""
    tables = {name: chain.tables.get(name, ()) for name in ("burnchain_rewards", "burn_block_pox_txs", "burn_blocks")}
    heights = {row["burn_block_height"] for rows in tables.values() for row in rows}
    anchored = {block["burn_block_height"]: block for block in reversed(chain.all_blocks)}
    known = {}
    for height in sorted(heights):
        owners = [block for block in chain.all_blocks if block["burn_block_height"] >= height]
        if owners:
            at_height = {
                name: [row for row in rows if row["burn_block_height"] == height] for name, rows in tables.items()
            }
            known[height] = _burn(at_height, anchored.get(height)) | {"day": owners[0]["day"]}
    return known


def _burn(rows: dict[str, Rows], block: Row | None) -> Row:
    chosen = block["burn_block_hash"] if block else _preferred(rows)
    ours = {name: [row for row in some if row["burn_block_hash"] == chosen] for name, some in rows.items()}
    by_id = partial(sorted, key=lambda row: row["id"])
    slots = {row["reward_index"]: row for row in by_id(ours["burnchain_rewards"])}
    outputs = {(row["tx_id"], row["utxo_idx"]): row for row in ours["burn_block_pox_txs"]}
    header = by_id(ours["burn_blocks"])[-1:]
    burned = [int(row["burn_amount"]) for row in (*header, *slots.values())]
    sent: list[Any] = list(slots.values()) or header
    return {
        "burned_at": datetime.fromtimestamp(block["burn_block_time"], UTC) if block else None,
        "reward_sats": sum(int(row["reward_amount"]) for row in sent) if sent else None,
        "burn_sats": burned[0] if burned else None,
        "recipients": len({row["reward_recipient"] for row in slots.values() if row["reward_amount"]}),
        "outputs": list(outputs.values()),
    }


def _preferred(rows: dict[str, Rows]) -> bytes:
    """The block that is canonical in burn_blocks, otherwise the one stored last."""
    canonical = [row["burn_block_hash"] for row in rows["burn_blocks"] if row["canonical"]]
    stored = sorted((*rows["burn_blocks"], *rows["burnchain_rewards"]), key=lambda row: row["id"])
    hashes = [row["burn_block_hash"] for row in (*rows["burn_block_pox_txs"], *stored)]
    return (canonical or hashes)[-1]


def burn_rewards(burns: Commits) -> Rows:
    """Bitcoin blocks in which miners sent BTC."""
    return [
        {
            "burn_block_height": height,
            "day": burn["day"],
            "burned_at": burn["burned_at"],
            "reward_sats": burn["reward_sats"],
            "burn_sats": burn["burn_sats"],
            "recipients": burn["recipients"],
        }
        for height, burn in burns.items()
        if (burn["reward_sats"] or 0) + (burn["burn_sats"] or 0)
    ]


def parts_of(chain: Chain, burns: Commits) -> Rows:
    """The part of each tenure on each day, in the order of the chain; `began` is the day on which it did."""
    fees = Counter[bytes]()
    for tx in chain.rows("txs"):
        fees[tx["index_block_hash"]] += tx["fee_rate"]
    senders = {tx["index_block_hash"]: tx["sender_address"] for tx in chain.txs() if tx["type"] == "coinbase"}
    began: dict[int, Row] = {}
    parts = []
    lowest = min((block["burn_block_height"] for block in chain.all_blocks), default=0)
    stacks_blocks = {(day_of(block), block["burn_block_height"]) for block in chain.tables["blocks"]}
    has_commits = {height for height, burn in burns.items() if _has_commits(burn)}
    for (day, height), blocks in group(chain.all_blocks, "day", "burn_block_height").items():
        first = blocks[0]
        miners = [senders[block["index_block_hash"]] for block in blocks if block["index_block_hash"] in senders]
        part = {
            "day": day,
            "first_block_height": first["block_height"],
            "first_index_block_hash": hexed(first["index_block_hash"]),
            "burn_block_height": height,
            "mined_at": datetime.fromtimestamp(first["burn_block_time"], UTC),
            "miner_address": miners[0] if miners else None,
            "fees_ustx": sum(fees[block["index_block_hash"]] for block in blocks),
        }
        if height in began:
            part |= {"coinbase_ustx": 0} | _commits(None, b"")
        else:
            has_sortition = has_commits | {burn for when, burn in stacks_blocks if when == day}
            has_sortition |= {block["burn_block_height"] for block in chain.all_blocks}
            coinbase = sum(_scheduled(chain, each) for each in (height, *_missed(height, lowest, has_sortition)))
            part |= {"coinbase_ustx": coinbase} | _commits(burns.get(height), first["miner_txid"])
        parts.append({"part": part, "began": began.setdefault(height, part)})
    return [part for part in parts if part["part"]["day"] in chain.days]


def _commits(burn: Row | None, winner: bytes) -> Row:
    outputs = burn["outputs"] if burn else []
    sent = [int(row["amount"]) for row in outputs]
    by_winner = [int(row["amount"]) for row in outputs if row["tx_id"] == winner]
    payouts = sum(sent) if outputs else burn["reward_sats"] if burn else None
    return {
        "miner_commit_sats": sum(by_winner) if by_winner else None,
        "total_commit_sats": None if payouts is None else payouts + (burn["burn_sats"] or 0 if burn else 0),
        "miners": len({row["tx_id"] for row in outputs}) if outputs else None,
    }


def _missed(height: int, lowest: int, has_sortition: set[int]) -> Iterable[int]:
    """The Bitcoin blocks without sortition just before one."""
    while height - 1 > lowest and (height := height - 1) not in has_sortition:
        yield height


def _has_commits(burn: Row) -> bool:
    return bool(burn["outputs"] or (burn["reward_sats"] or 0) + (burn["burn_sats"] or 0))


def _scheduled(chain: Chain, height: int) -> int:
    schedule = chain.network.coinbase_ustx
    return schedule[max(start for start in schedule if start <= height)]


def mining(chain: Chain) -> Opinion:
    """All tables of miners."""
    burns = burns_of(chain)
    parts = parts_of(chain, burns)
    miners = _by_miner(chain, [part for part in parts if part["began"]["day"] in chain.days])
    burned = [row for row in burn_rewards(burns) if row["day"] in chain.days]
    return {
        "burn_block_rewards": burned,
        "tenures": [part["part"] for part in parts],
        "daily_miners": miners,
        "daily_mining": [_day(day, miners, parts) for day in chain.days],
        "daily_stacking_rewards": _rewards(chain, burned),
    }


def _by_miner(chain: Chain, parts: Rows) -> Rows:
    groups: dict[tuple[date, int, str], Rows] = defaultdict(list)
    for part in parts:
        day, began = part["part"]["day"], part["began"]
        cycle = chain.cycles.cycle_of(began["burn_block_height"])
        groups[day, cycle, began["miner_address"]].append(part)
    return [
        {"day": day, "cycle": cycle, "miner_address": miner} | _won(some)
        for (day, cycle, miner), some in groups.items()
    ]


def _won(parts: Rows) -> Row:
    began = [one["part"] for one in parts if one["part"] is one["began"]]
    fees = sum(one["part"]["fees_ustx"] for one in parts)
    row = {"tenures": len(began), "commits": total(tenure["miners"] for tenure in began), "fees_ustx": fees}
    row["coinbase_ustx"] = sum(tenure["coinbase_ustx"] for tenure in began)
    for whose in ("miner", "total"):
        known = [one["part"] for one in parts if one["began"][f"{whose}_commit_sats"] is not None]
        row[f"{whose}_commit_sats"] = total(part[f"{whose}_commit_sats"] for part in known)
        row[f"{whose}_commit_ustx"] = total(part["coinbase_ustx"] + part["fees_ustx"] for part in known)
    return row


def total(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _day(day: date, all_miners: Rows, all_parts: Rows) -> Row:
    miners = [row for row in all_miners if row["day"] == day]
    won = Counter[str]()
    for row in miners:
        won[row["miner_address"]] += row["tenures"]
    tenures, ordered = won.total(), sorted(won.values(), reverse=True)
    halves = (count for count in range(1, len(ordered) + 1) if 2 * sum(ordered[:count]) > tenures)
    return {
        **{name: total(row[name] for row in miners) for name in COMMITS},
        "coinbase_ustx": sum(row["coinbase_ustx"] for row in miners),
        "fees_ustx": sum(part["part"]["fees_ustx"] for part in all_parts if part["part"]["day"] == day),
        "day": day,
        "miners": sum(count > 0 for count in ordered),
        "tenures": tenures,
        "hhi": sum((count / tenures) ** 2 for count in ordered) if tenures else None,
        "nakamoto_coefficient": next(halves) if tenures else None,
    }


def _rewards(chain: Chain, burned: Rows) -> Rows:
    sums: dict[tuple[date, int], Row] = {}
    names = ("reward_sats", "miner_sats", "bond_sats", "reserve_sats")
    for row in burned:
        key = (row["day"], chain.cycles.cycle_of(row["burn_block_height"]))
        of_cycle = sums.setdefault(key, dict.fromkeys(names, 0))
        of_cycle["miner_sats"] += row["reward_sats"]
        if row["burn_block_height"] < chain.cycles.waterfall_height:
            of_cycle["reward_sats"] += row["reward_sats"]
    for one in calculations_of(chain):
        of_cycle = sums.setdefault((one["row"]["day"], one["cycle"]), dict.fromkeys(names, 0))
        of_cycle["reward_sats"] += one["stx_staker_sats"]
        of_cycle["bond_sats"] += one["bond_sats"]
        of_cycle["reserve_sats"] += one["reserve_sats"]
    return [{"day": day, "cycle": cycle} | row for (day, cycle), row in sums.items()]
