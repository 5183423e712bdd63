"""Locked STX and who locks them for whom, reward sets and signers."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.second_opinion.balances import supplies
from tests.second_opinion.chain import CYCLES, Chain, Opinion, Row, Rows, hexed, place, placed

DELEGATED = ("delegate-stack-stx", "delegate-stack-extend", "delegate-stack-increase")
UNDELEGATED = ("revoke-delegate-stx", "handle-unlock")
STAKES = ("stake", "stake-update", "unstake", "register-for-bond")


def pox5(chain: Chain, *names: str) -> Rows:
    """Events of PoX-5 of some names, each with its `fields`; of all names without one."""
    events = [row for row in chain.rows("pox5_events") if row["name"] in names or not names]
    return [
        row | {"fields": json.loads(row["data"]) if isinstance(row["data"], str) else row["data"]} for row in events
    ]


def locks_of(chain: Chain) -> Rows:
    """What a principal has locked after each event, with the place of the event."""
    stakes = pox5(chain, *STAKES)
    printed = {(*place(row)[:3], row["fields"]["staker"], *map(int, _terms(row["fields"]))) for row in stakes}
    locked = [
        _lock(row, row["locked_address"], _version(row["contract_name"]), row["locked_amount"], row["unlock_height"])
        for row in chain.rows("stx_lock_events")
        if (*place(row)[:3], row["locked_address"], int(row["locked_amount"]), int(row["unlock_height"])) not in printed
    ]
    unlocked = [
        _lock(row, row["stacker"], version, 0, row["burnchain_unlock_height"])
        for version in (2, 3, 4)
        for row in chain.rows(f"pox{version}_events")
        if row["name"] == "handle-unlock"
    ]
    staked = [_lock(row, row["fields"]["staker"], 5, *_terms(row["fields"])) for row in stakes]
    return sorted((*locked, *unlocked, *staked), key=lambda lock: place(lock["row"]))


def _lock(row: Row, address: str, version: int, amount: Any, unlock_height: Any) -> Row:
    lock = {"pox_version": version, "locked_ustx": int(amount), "unlock_height": int(unlock_height)}
    return {"row": row, "address": address} | lock


def _version(contract: str | None) -> int:
    return int((contract or "pox").removeprefix("pox").removeprefix("-") or 1)


def _terms(fields: Row) -> tuple[Any, Any]:
    return fields["amount_ustx"], fields["unlock_burn_height"]


def delegations_of(chain: Chain) -> Rows:
    """Who locked STX for whom after each event; no delegate where that ended."""
    rows = [
        {"row": row, "stacker": row["stacker"], "pox_version": version}
        | {"delegate": row["delegator"] if row["name"] in DELEGATED else None}
        | {"locked_ustx": int(row["locked"]), "unlock_height": int(row["burnchain_unlock_height"])}
        for version in (2, 3, 4)
        for row in chain.rows(f"pox{version}_events")
        if row["name"] in (*DELEGATED, *UNDELEGATED)
    ]
    for row in pox5(chain, *STAKES, "update-bond-registration"):
        fields = row["fields"]
        named = {"row": row, "stacker": fields["staker"], "delegate": fields["signer"], "pox_version": 5}
        rows.append(named | {"locked_ustx": int(fields["amount_ustx"]), "unlock_height": _unlock_height(chain, fields)})
    return sorted(rows, key=lambda lock: place(lock["row"]))


def _unlock_height(chain: Chain, fields: Row) -> int:
    if "unlock_burn_height" in fields:
        return int(fields["unlock_burn_height"])
    cycle = int(fields["first_reward_cycle"]) + int(fields["num_cycles"])
    return chain.cycles.first_burn_height + cycle * chain.cycles.cycle_length


def _placed(lock: Row, *left_out: str) -> Row:
    columns = placed(lock["row"]) | {name: value for name, value in lock.items() if name != "row"}
    return {name: value for name, value in columns.items() if name not in left_out}


def locks(chain: Chain) -> Opinion:
    """Locks and delegations, and what of them holds at the end of each day."""
    locked, delegated, heights = locks_of(chain), delegations_of(chain), heights_of(chain)
    sets, daily, pools, last = reward_cycles(chain), list[Row](), list[Row](), None
    for row in heights:
        day, last = row["day"], row["last_burn_block_height"] or last
        held = _holding(locked, "address", day, last, row)
        cycle = None if last is None else chain.cycles.cycle_of(last)
        known = [one["min_threshold_ustx"] for one in sets if one["cycle"] == cycle and one["day"] <= day]
        sums = {"stacked_ustx": sum(lock["locked_ustx"] for lock in held), "stackers": len(held)}
        if last is not None:
            daily.append({"day": day, "cycle": cycle, **sums, "min_threshold_ustx": known[-1] if known else None})
        pools += _pools(day, _holding(delegated, "stacker", day, last, row))
    return {
        "stx_locks": [_placed(lock) for lock in locked],
        "delegated_locks": [_placed(lock, "tx_id") for lock in delegated],
        "daily_pox_heights": heights,
        "daily_stacking": daily,
        "stacking_pools": pools,
    }


def heights_of(chain: Chain) -> Rows:
    """The Bitcoin heights that decide locks, of each day."""
    (state, *_) = [*chain.tables.get("pox_state", ()), {}]
    names = (*(f"pox_v{version}_unlock_height" for version in (1, 2, 3, 4)), *CYCLES)
    known = {name: state.get(name) for name in names}
    return [{"day": day, "last_burn_block_height": chain.last_burn_height(day)} | known for day in chain.days]


def _holding(rows: Rows, owner: str, day: date, last: int | None, heights: Row) -> Rows:
    """The latest row of each owner up to a day, of those whose lock lasts."""
    latest = {lock[owner]: lock for lock in rows if lock["row"]["day"] <= day}
    return [lock for lock in latest.values() if lock["locked_ustx"] > 0 and last and _lasts(lock, last, heights)]


def _lasts(lock: Row, last: int, heights: Row) -> bool:
    void = heights.get(f"pox_v{lock['pox_version']}_unlock_height")
    return last < lock["unlock_height"] and not (void and last >= void)


def _pools(day: date, held: Rows) -> Rows:
    pools: dict[str, list[int]] = {}
    for lock in held:
        if lock["delegate"] is not None:
            pools.setdefault(lock["delegate"], []).append(lock["locked_ustx"])
    return [
        {"day": day, "delegate": delegate, "stacked_ustx": sum(amounts), "stackers": len(amounts)}
        for delegate, amounts in pools.items()
    ]


def reward_cycles(chain: Chain) -> Rows:
    """Reward sets with their totals."""
    thresholds = {row["cycle_number"]: row["pox_ustx_threshold"] for row in chain.rows("pox_sets")}
    first_without = chain.cycles.cycle_of(chain.cycles.waterfall_height)
    rows = []
    for row in chain.rows("pox_cycles"):
        cycle = row["cycle_number"]
        threshold = thresholds.get(cycle) if cycle < first_without else None
        rows.append(
            {
                "day": row["day"],
                "cycle": cycle,
                "block_height": row["block"]["block_height"],
                "min_threshold_ustx": None if threshold is None else int(threshold),
                "stacked_ustx": int(row["total_stacked_amount"]),
                "signers": row["total_signers"],
            }
        )
    return rows


def signers(chain: Chain) -> Opinion:
    """Reward sets, their signers, and how weight is shared among them."""
    sets = [
        {
            "day": row["day"],
            "cycle": row["cycle_number"],
            "signing_key": hexed(row["signing_key"]),
            "block_height": row["block"]["block_height"],
            "weight": row["weight"],
            "stacked_ustx": int(row["stacked_amount"]),
        }
        for row in chain.rows("pox_sets")
    ]
    supply = dict(zip(chain.days, (row["supply_ustx"] for row in supplies(chain)["supply"]), strict=True))
    cycles = reward_cycles(chain)
    return {
        "reward_cycles": cycles,
        "cycle_signers": sets,
        "signer_keys": [
            placed(row) | {"signer_manager": row["fields"]["signer"], "signing_key": row["fields"]["signer_key"]}
            for row in pox5(chain, "register-signer")
        ],
        "stacking_cycles": [_cycle(row, cycles, sets, supply[row["day"]]) for row in cycles],
    }


def _cycle(row: Row, cycles: Rows, sets: Rows, supply: int) -> Row:
    of_set = {one["signing_key"]: one["weight"] for one in sets if one["cycle"] == row["cycle"]}
    before = {one["signing_key"] for one in sets if one["cycle"] == row["cycle"] - 1}
    is_known = any(one["cycle"] == row["cycle"] - 1 and one["day"] <= row["day"] for one in cycles)
    weight = sum(of_set.values())
    return row | {
        "liquid_supply_ustx": supply,
        "participation": row["stacked_ustx"] / supply if supply else None,
        "signers": len(of_set),
        "weight": weight,
        "hhi": sum((each / weight) ** 2 for each in of_set.values()) if weight else None,
        "nakamoto_30": _fewest(of_set.values(), lambda part: 10 * part > 3 * weight),
        "nakamoto_70": _fewest(of_set.values(), lambda part: 10 * part >= 7 * weight),
        "entered": len(of_set.keys() - before) if is_known else None,
        "exited": len(before - of_set.keys()) if is_known else None,
    }


def _fewest(weights: Iterable[int], are_enough: Any) -> int | None:
    ordered = sorted(weights, reverse=True)
    return next((count for count in range(1, len(ordered) + 1) if are_enough(sum(ordered[:count]))), None)
