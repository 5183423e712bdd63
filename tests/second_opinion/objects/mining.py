"""An opinion on objects of miners by day and cycle."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.second_opinion.chain import Row, Rows, group
from tests.second_opinion.objects.days import SHOWN_DAYS, of_loaded_days, series
from tests.second_opinion.objects.run import Answer, Run

SHOWN_CYCLES = 6
SUMS = (
    "miner_commit_sats",
    "miner_commit_ustx",
    "total_commit_sats",
    "total_commit_ustx",
    "coinbase_ustx",
    "fees_ustx",
)
USTX_PER_STX = 1_000_000


def mining(run: Run, day: date | None) -> Answer:
    """All tenures of each day."""
    columns = ("day", "miners", "hhi", "nakamoto_coefficient", "tenures", "commits", *SUMS)
    rows = of_loaded_days(run, "daily_mining", day)
    return Answer([{name: row[name] for name in columns} | _sats_per_stx(row, "total", "sats_per_stx") for row in rows])


def miners_by_day(run: Run, day: date | None) -> Answer:
    """Each miner of the last days."""
    return Answer(_by_miner(of_loaded_days(run, "daily_miners", day, last=SHOWN_DAYS), "day"))


def miners_by_cycle(run: Run, day: date | None) -> Answer:
    """Each miner of the last reward cycles."""
    return Answer(_by_miner(_of_last_cycles(run, day), "cycle"))


def mining_cycles(run: Run, day: date | None) -> Answer:
    """All tenures of the last reward cycles."""
    cycles = group(_of_last_cycles(run, day), "cycle")
    return Answer([{"cycle": cycle} | _in_all(cycles[cycle]) for cycle in sorted(cycles)])


def _of_last_cycles(run: Run, day: date | None) -> Rows:
    rows = of_loaded_days(run, "daily_miners", day)
    newest = max((row["cycle"] for row in rows), default=0)
    return [row for row in rows if row["cycle"] > newest - SHOWN_CYCLES]


def _by_miner(rows: Rows, period: str) -> Rows:
    won = Counter[Any]()
    for row in rows:
        won[row[period]] += row["tenures"]
    miners = [
        {period: when, "miner_address": miner} | _added(some, won[when])
        for (when, miner), some in group(rows, period, "miner_address").items()
    ]
    return sorted(miners, key=lambda row: (row[period], -row["tenures"], row["miner_address"]))


def _added(rows: Rows, won_by_all: int) -> Row:
    added = _sums(rows)
    return {
        **added,
        "win_share": added["tenures"] / won_by_all if won_by_all else None,
        **_sats_per_stx(added, "miner", "miner_sats_per_stx"),
        **_sats_per_stx(added, "total", "sats_per_stx"),
    }


def _in_all(rows: Rows) -> Row:
    added = _sums(rows)
    by_miner = [sum(row["tenures"] for row in some) for some in group(rows, "miner_address").values()]
    won = sorted((count for count in by_miner if count), reverse=True)
    tenures = added["tenures"]
    return {
        "miners": len(won),
        "hhi": sum((count / tenures) ** 2 for count in won) if won else None,
        "nakamoto_coefficient": next((n for n in range(1, len(won) + 1) if 2 * sum(won[:n]) > tenures), None),
        **added,
        **_sats_per_stx(added, "total", "sats_per_stx"),
    }


def _sums(rows: Rows) -> Row:
    return {name: known_sum(row[name] for row in rows) for name in ("tenures", "commits", *SUMS)}


def known_sum(values: Iterable[Any]) -> int | None:
    """The sum of whole numbers that are known; None where none is."""
    known = [int(value) for value in values if value is not None]
    return sum(known) if known else None


def _sats_per_stx(row: Row, whose: str, name: str) -> Row:
    sats, ustx = row[f"{whose}_commit_sats"], row[f"{whose}_commit_ustx"]
    return {name: int(sats) * USTX_PER_STX / int(ustx) if sats is not None and ustx else None}


def microblocks(run: Run, day: date | None) -> Answer:
    """Microblocks per day, to the last day that has any."""
    counts = {row["day"]: row["microblocks"] for row in of_loaded_days(run, "daily_microblocks", day)}
    return series(run, max((each for each, count in counts.items() if count), default=None), "microblocks", counts)


JUDGES = {
    "mining": mining,
    "miners_by_day": miners_by_day,
    "miners_by_cycle": miners_by_cycle,
    "mining_cycles": mining_cycles,
    "microblocks": microblocks,
}
