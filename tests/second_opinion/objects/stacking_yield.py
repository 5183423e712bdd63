"""An opinion on what stackers had locked and what they earned, of each finished reward cycle."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import fsum
from typing import Any

from tests.second_opinion.chain import Rows
from tests.second_opinion.objects.market import closes
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.unix_days import days_from, up_to

STX, BTC = 1_000_000, 100_000_000
LAST_CYCLES = 10
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cycles:
    """The reward cycles of the loaded days up to one.

    The last day of a cycle is the last at whose end it still ran. Its last Bitcoin blocks may be of the day after.
    """

    run: Run
    day: date

    @cached_property
    def days(self) -> dict[date, int]:
        """The cycle that ran at the end of each loaded day."""
        return {row["day"]: row["cycle"] for row in self.rows("daily_stacking")}

    def rows(self, table: str, cycle: int | None = None) -> Rows:
        """The rows of a table, of loaded days, that belong to a cycle."""
        rows = [row for row in up_to(self.run.tables[table], self.day) if row["day"] in self.run.days]
        return [row for row in rows if cycle is None or row["cycle"] == cycle]

    def last_height(self, cycle: int) -> int:
        """The last Bitcoin height of a cycle."""
        network = self.run.chain.cycles
        return network.first_burn_height + (cycle + 1) * network.cycle_length - 1

    def first_day(self, cycle: int) -> date:
        """The first loaded day at whose end it ran."""
        return min(day for day, running in self.days.items() if running == cycle)

    def last_day(self, cycle: int) -> date:
        """Its last day that is loaded."""
        return max(day for day, running in self.days.items() if running == cycle)

    def is_paid_from_the_pool(self, cycle: int) -> bool:
        """Whether stackers are paid by distributions."""
        return self.last_height(cycle) >= self.run.chain.cycles.waterfall_height

    def finished_on(self, cycle: int) -> date | None:
        """The day on which a cycle was finished: then a later one runs, and all distributions of it are made."""
        end = self.last_height(cycle)
        over = [day for day, running in self.days.items() if running > cycle]
        if not over or not self.is_paid_from_the_pool(cycle):
            return min(over, default=None)
        made = [row["day"] for row in self.rows("stacking_distributions") if row["calculation_height"] >= end]
        half_later = end + 1 + self.run.chain.cycles.cycle_length // 2
        heights = ((row["day"], row["last_burn_block_height"]) for row in self.rows("daily_pox_heights"))
        late = [day for day, height in heights if height is not None and height >= half_later]
        return min([*made, *late], default=None)

    def is_whole(self, cycle: int, finished: date) -> bool:
        """Whether every day is loaded from that on which a cycle began."""
        first = self.first_day(cycle)
        begins_the_chain = any(
            row["day"] == first and row["first_block_height"] == 1 for row in self.run.tables["loaded_days"]
        )
        is_begun = begins_the_chain or first - A_DAY in self.days
        return is_begun and all(day in self.days for day in days_from(first, finished))

    def locked(self, cycle: int) -> float | None:
        """The value of the STX that earned."""
        last = self.last_day(cycle)
        price = closes(self.run, "STX").get(last)
        ustx = self._earning(cycle)
        if ustx is None or price is None or last + A_DAY not in self.days:
            return None
        return int(ustx) / STX * price

    def _earning(self, cycle: int) -> Any:
        end = self.last_height(cycle)
        if self.is_paid_from_the_pool(cycle):
            made = self.rows("stacking_distributions", cycle)
            return max(made, key=lambda row: row["calculation_height"])["staked_ustx"] if made else None
        sets = self.rows("reward_cycles", cycle)
        if sets:
            return sets[-1]["stacked_ustx"]
        if end >= self.run.chain.cycles.pox_5_height:
            return None
        locked = {row["day"]: row["stacked_ustx"] for row in self.rows("daily_stacking")}
        return locked[self.last_day(cycle)]

    def rewarded(self, cycle: int, finished: date) -> float | None:
        """The value of the BTC that was paid."""
        prices = closes(self.run, "BTC")
        paid = {row["day"]: int(row["reward_sats"]) for row in self.rows("daily_stacking_rewards", cycle)}
        needed = {day: sats for day, sats in paid.items() if sats and day <= finished}
        if not self.is_whole(cycle, finished) or needed.keys() - prices.keys():
            return None
        return fsum(sats / BTC * prices[day] for day, sats in needed.items())


def stacking_riskreward(run: Run, day: date | None) -> Answer:
    """Every finished cycle, the newest first; a cycle in which no day ended has no row."""
    if day is None:
        return Answer([], {})
    cycles = Cycles(run, day)
    rows = [
        {"cycle": cycle, "locked_usd": cycles.locked(cycle), "rewarded_usd": cycles.rewarded(cycle, finished)}
        for cycle in sorted(set(cycles.days.values()), reverse=True)
        if (finished := cycles.finished_on(cycle))
    ]
    return _answer(rows)


def stacking_riskreward_small(run: Run, day: date | None) -> Answer:
    """The last ten."""
    return _answer((stacking_riskreward(run, day).rows or [])[:LAST_CYCLES])


def _answer(rows: Rows) -> Answer:
    by_cycle = {row["cycle"]: {name: row[name] for name in ("locked_usd", "rewarded_usd")} for row in reversed(rows)}
    return Answer(rows, by_cycle)


JUDGES = {"stacking_riskreward": stacking_riskreward, "stacking_riskreward_small": stacking_riskreward_small}
