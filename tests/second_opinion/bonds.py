"""Bonds of PoX-5 and distributions of sBTC."""

from collections import defaultdict
from datetime import date
from typing import Any

from tests.second_opinion.chain import Chain, Opinion, Row, Rows, place, placed
from tests.second_opinion.stacking import heights_of, pox5

SETUP = {
    "bond_index": "bond_index",
    "target_rate_bp": "target_rate",
    "stx_value_ratio": "stx_value_ratio",
    "min_ustx_ratio": "min_ustx_ratio",
    "first_cycle": "first_reward_cycle",
    "start_height": "bond_start_height",
    "unlock_cycle": "unlock_cycle",
    "unlock_height": "unlock_burn_height",
}
CHANGES = (
    *("allowed", "capacity_sats", "registrations", "registered_sats", "l1_sats", "registered_ustx", "withdrawn_sats"),
    *("released_sats", "early_exits", "distributions", "target_sats", "paid_sats", "claimed_sats"),
)
EXITS = ("withdrawn_sats", "released_sats", "exits")


def added(name: str, fields: Row) -> dict[str, int]:
    """What an event adds to its bond."""
    match name:
        case "add-to-allowlist":
            return {"allowed": 1, "capacity_sats": int(fields["max_sats"])}
        case "register-for-bond":
            sats = int(fields["sats_total"])
            amounts = {"registered_sats": sats, "l1_sats": sats if fields["is_l1_lock"] else 0}
            return amounts | {"registrations": 1, "registered_ustx": int(fields["amount_ustx"])}
        case "unstake-sbtc":
            is_all = int(fields["new_amount_sats"]) == 0
            return {"withdrawn_sats": int(fields["amount_withdrawn_sats"]), "early_exits": int(is_all)}
        case "announce-l1-early-exit":
            return {"released_sats": int(fields["amount_sats_released"]), "early_exits": 1}
        case "bond-distribution":
            amounts = {"target_sats": int(fields["target_yield"]), "paid_sats": int(fields["bond_rewards"])}
            return amounts | {"distributions": 1}
        case "claim-staker-rewards-for-signer":
            return {"claimed_sats": int(fields["rewards_claimed"])}
    return {}


def bonds(chain: Chain) -> Opinion:
    """Bonds, what happened to them, and how they were at the end of each day."""
    changes: dict[Any, Row] = defaultdict(lambda: dict.fromkeys(CHANGES, 0))
    exits: dict[Any, Row] = defaultdict(lambda: dict.fromkeys(EXITS, 0))
    for row in pox5(chain):
        bond, change = row["fields"].get("bond_index"), added(row["name"], row["fields"])
        if bond is not None and (change or row["name"] == "setup-bond"):
            _add(changes[row["day"], int(bond)], change)
        if row["name"] in ("unstake-sbtc", "announce-l1-early-exit"):
            cycle = chain.cycles.cycle_of(row["block"]["burn_block_height"])
            left = {name.removeprefix("early_"): amount for name, amount in change.items()}
            _add(exits[row["day"], int(bond), cycle], left)
    setups = [_setup(row) for row in pox5(chain, "setup-bond")]
    return {
        "bond_setups": setups,
        "bond_changes": [{"day": day, "bond_index": bond} | row for (day, bond), row in changes.items()],
        "bond_sums": _summed(changes, "bond_index"),
        "bond_exits": [{"day": d, "bond_index": bond, "cycle": cycle} | row for (d, bond, cycle), row in exits.items()],
        "bond_exit_sums": _summed(exits, "bond_index", "cycle"),
        "daily_bonds": [row for day in chain.days for row in _at_the_end(chain, day, setups, changes, exits)],
    }


def _add(sums: Row, change: dict[str, int]) -> None:
    for name, amount in change.items():
        sums[name] += amount


def _setup(row: Row) -> Row:
    return placed(row) | {name: int(row["fields"][key]) for name, key in SETUP.items()}


def _summed(changes: dict[Any, Row], *key: str) -> Rows:
    sums: dict[Any, Row] = {}
    for (_, *keys), change in changes.items():
        _add(sums.setdefault(tuple(keys), dict.fromkeys(change, 0)), change)
    return [dict(zip(key, keys, strict=True)) | row for keys, row in sums.items()]


def _at_the_end(chain: Chain, day: date, setups: Rows, changes: dict[Any, Row], exits: dict[Any, Row]) -> Rows:
    heights = [row["last_burn_block_height"] for row in heights_of(chain) if row["day"] <= day]
    last = next((height for height in reversed(heights) if height is not None), 0)
    rows = []
    for setup in (setup for setup in setups if setup["day"] <= day):
        bond = setup["bond_index"]
        sums, left = dict.fromkeys(CHANGES, 0), dict.fromkeys(EXITS, 0)
        for (when, which), change in changes.items():
            _add(sums, change if when <= day and which == bond else {})
        for (when, which, cycle), change in exits.items():
            _add(left, change if when <= day and which == bond and cycle < setup["unlock_cycle"] else {})
        rows.append({"day": day} | _bond(setup, sums, left, last))
    return rows


def _bond(setup: Row, sums: Row, left: Row, last: int) -> Row:
    exited = left["withdrawn_sats"] + left["released_sats"]
    status = "open" if last < setup["start_height"] else "running" if last < setup["unlock_height"] else "ended"
    terms = ("bond_index", "target_rate_bp", "first_cycle", "start_height", "unlock_cycle", "unlock_height")
    kept = ("allowed", "capacity_sats", "registrations", "distributions", "target_sats", "paid_sats", "claimed_sats")
    return (
        {name: setup[name] for name in terms}
        | {name: sums[name] for name in kept}
        | {
            "status": status,
            "bound_sats": sums["registered_sats"] - exited,
            "bound_l1_sats": sums["l1_sats"] - left["released_sats"],
            "bound_ustx": sums["registered_ustx"],
            "early_exits": left["exits"],
            "exited_sats": exited,
            "shortfall_sats": sums["target_sats"] - sums["paid_sats"],
        }
    )


def calculations_of(chain: Chain) -> Rows:
    """Every distribution, with what it gave to whom."""
    rows = []
    for row in pox5(chain, "calculate-rewards"):
        fields = {name: int(value) for name, value in row["fields"].items() if isinstance(value, str | int)}
        staked = fields["cycle_staked_ustx"]
        amounts = {
            "bond_sats": fields["total_bond_rewards"],
            "stx_staker_sats": fields["total_stx_staker_rewards"] if staked else 0,
            "reserve_sats": fields["reserve_deposit"],
        }
        cycle = {"cycle": fields["stx_cycle"], "calculation_height": fields["calculation_height"]}
        after = {"reserve_balance_sats": fields["reserve_balance"], "staked_ustx": staked}
        rows.append({"row": row, "gross_sats": fields["gross_accrued_rewards"]} | cycle | amounts | after)
    return rows


def distributions(chain: Chain) -> Opinion:
    """Distributions, and the part of each bond in them."""
    calculations = calculations_of(chain)
    parts = []
    for row in pox5(chain, "bond-distribution"):
        fields = row["fields"]
        known = [
            one for one in calculations if place(one["row"])[:3] == place(row)[:3] and place(one["row"]) > place(row)
        ]
        amounts = {"staked_sats": "bond_staked_sats", "target_sats": "target_yield", "paid_sats": "bond_rewards"}
        cycle = {name: known[0][name] if known else None for name in ("cycle", "calculation_height")}
        amounts = {name: int(fields[key]) for name, key in amounts.items()}
        parts.append(placed(row) | {"bond_index": int(fields["bond_index"])} | cycle | amounts)
    return {
        "bond_distributions": parts,
        "stacking_distributions": [
            placed(one["row"]) | {name: value for name, value in one.items() if name != "row"} for one in calculations
        ],
    }
