"""An opinion on objects of stacking: who stacks how much, signers, and pools."""

from datetime import date
from typing import Any

from tests.second_opinion.chain import Row, Rows, place
from tests.second_opinion.objects import days
from tests.second_opinion.objects.of_days import of_day, past_is_known, seed
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.unix_days import up_to

STX = 1_000_000
LARGEST = 10


def stacking_participation(run: Run, day: date | None) -> Answer:
    """Each reward set, by cycle."""
    return Answer(sorted(days.of_loaded_days(run, "stacking_cycles", day), key=lambda row: row["cycle"]))


def signers(run: Run, day: date | None) -> Answer:
    """Signers of the newest reward set, the heaviest first."""
    written = up_to(run.tables["reward_cycles"], day)
    newest = max(written, key=lambda row: row["cycle"], default=None)
    if newest is None:
        return Answer([])
    rows = up_to(run.tables["cycle_signers"], day)
    of_set = [row for row in rows if row["cycle"] == newest["cycle"]]
    before = {row["signing_key"]: row["weight"] for row in rows if row["cycle"] == newest["cycle"] - 1}
    weight = sum(row["weight"] for row in of_set)
    return Answer(
        [
            {name: row[name] for name in ("cycle", "block_height", "signing_key", "weight")}
            | {
                "weight_share": row["weight"] / weight,
                "stacked_ustx": row["stacked_ustx"],
                "stacked_share": int(row["stacked_ustx"]) / int(newest["stacked_ustx"]),
                "weight_before": before.get(row["signing_key"]),
            }
            for row in sorted(of_set, key=lambda row: (-row["weight"], row["signing_key"]))
        ]
    )


def pools_on(run: Run, day: date | None) -> Rows:
    """Pools at the end of a day, the largest first."""
    return sorted(of_day(run, "stacking_pools", day), key=lambda row: (-int(row["stacked_ustx"]), row["delegate"]))


def signer_managers(run: Run, day: date | None) -> Answer:
    """Pools that have registered a signing key."""
    registered = sorted(up_to(run.tables["signer_keys"], day), key=_place)
    keys = {row["signer_manager"]: row["signing_key"] for row in registered}
    managers = [row for row in pools_on(run, day) if row["delegate"] in keys]
    stacked = sum(int(row["stacked_ustx"]) for row in managers)
    return Answer(
        [
            {
                "signer_manager": row["delegate"],
                "signing_key": keys[row["delegate"]],
                "stacked_ustx": row["stacked_ustx"],
                "stacked_share": int(row["stacked_ustx"]) / stacked,
                "stackers": row["stackers"],
            }
            for row in managers
        ]
    )


def _place(row: Row) -> tuple[int, ...]:
    return place(row | {"block": row})


def stx_stacked_over_time(run: Run, day: date | None) -> Answer:
    """Locked STX of each day since the first that is loaded."""
    stacked = {row["day"]: row["stacked_ustx"] for row in days.of_loaded_days(run, "daily_stacking", day)}
    known = {each: None if ustx is None else int(ustx) / STX for each, ustx in stacked.items()}
    return days.series(run, day, "stacked_stx", known)


def top_pools(run: Run, day: date | None) -> Answer:
    """The largest pools by name."""
    if not past_is_known(run, day):
        return Answer(None, None)
    names = {row["address"]: row["name"] for row in seed("pool_names")}
    rows = [
        {
            "address": row["delegate"],
            "name": names.get(row["delegate"], row["delegate"]),
            "stacked_stx": int(row["stacked_ustx"]) / STX,
        }
        for row in pools_on(run, day)[:LARGEST]
    ]
    return Answer(rows, {row["name"]: {"value": row["stacked_stx"], "address": row["address"]} for row in rows})


def number_of_pools(run: Run, day: date | None) -> Answer:
    """How many pools there are."""
    count = len(pools_on(run, day)) if past_is_known(run, day) else None
    return Answer([{"total_pools": count}], {"total_pools": count})


def liquid_stacking(run: Run, day: date | None) -> Answer:
    """Supply of the tokens that stand for stacked STX, and its part of what is stacked."""
    tokens = {row["asset_identifier"] for row in seed("pegged_tokens") if row["kind"] == "liquid_stacking"}
    supplies = [row for row in run.tables["daily_tokens"] if row["asset_identifier"] in tokens]
    stacked = {row["day"]: row["stacked_ustx"] for row in up_to(run.tables["daily_stacking"], day)}
    known = [each for each in sorted(stacked) if each in run.days and stacked[each] is not None]
    return Answer([_liquid(each, up_to(supplies, each), stacked[each]) for each in known])


def _liquid(day: date, supplies: Rows, stacked: Any) -> Row:
    """Of a day before which none is missing."""
    latest = {row["asset_identifier"]: row["supply"] for row in sorted(supplies, key=lambda row: row["day"])}
    liquid = sum(map(int, latest.values()))
    return {
        "day": day,
        "liquid_ustx": liquid,
        "stacked_ustx": stacked,
        "liquid_share": liquid / int(stacked) if latest and stacked else None,
    }


JUDGES = {
    "stacking_participation": stacking_participation,
    "signers": signers,
    "signer_managers": signer_managers,
    "stx_stacked_over_time": stx_stacked_over_time,
    "top_pools": top_pools,
    "number_of_pools": number_of_pools,
    "liquid_stacking": liquid_stacking,
}
