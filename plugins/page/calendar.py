"""The state of each day, and the calendar that shows it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise
from typing import Any

from stacks_dataverse.source import Source

DAYS_OF_A_MONTH = range(1, 32)
MONTHS_SHOWN = 12
ONE_DAY = timedelta(days=1)
DATE_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")


class DayState(Enum):
    """The state of a day: a sign, a word and what it means. From good to bad."""

    PUBLISHED = "✓", "published", "no failed check blocks it; the public files include it"
    REBUILT = "↻", "rebuilt after a reorg", "published; its source had changed after an earlier ingest"
    PROVISIONAL = "~", "provisional", "ingested before finality; the next run after finality builds it again"
    BUILT = "◐", "built", "daily snapshots, checks or public files are pending"
    LANDED = "↓", "landed", "ingested, not yet loaded into the warehouse"
    REORGED = "!", "reorged", "the source changed since ingest; it must be landed and built again"
    FAILED = "×", "failed a check", "not published; later days wait for it"
    MISSING = "–", "missing", "neither landed nor built"

    def __init__(self, sign: str, word: str, meaning: str) -> None:
        self.sign = sign
        self.word = word
        self.meaning = meaning

    @property
    def css(self) -> str:
        """The name of its class in the style sheet."""
        return f"day-{self.name.lower()}"


# An operator has nothing to do about these.
GOOD = {DayState.PUBLISHED, DayState.REBUILT, DayState.PROVISIONAL}


@dataclass(frozen=True)
class Cell:
    """A day of the calendar."""

    day: date
    state: DayState


@dataclass(frozen=True)
class Month:
    """A row of the calendar: 31 cells, None where the month has no such day, or the calendar does not reach."""

    first: date
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Year:
    """The number of days of a year in each state."""

    year: int
    counts: Mapping[DayState, int]

    @property
    def summary(self) -> str:
        """The counts as text, the worst state first."""
        return ", ".join(f"{self.counts[state]} {state.word}" for state in reversed(DayState) if state in self.counts)

    @property
    def is_good(self) -> bool:
        """Whether an operator has nothing to do about any day of the year."""
        return set(self.counts) <= GOOD


@dataclass(frozen=True)
class Coverage:
    """The loaded days: the first, the last, how many, and the ranges that are not loaded in between."""

    first: date
    last: date
    days: int
    gaps: tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class Calendar:
    """The states of all days, `first` to `last`; None for both without any."""

    states: Mapping[date, DayState]
    first: date | None
    last: date | None

    @property
    def years(self) -> list[Year]:
        """A summary of each year, the newest first."""
        counts: dict[int, Counter[DayState]] = {}
        for day, state in self.states.items():
            counts.setdefault(day.year, Counter())[state] += 1
        return [Year(year, counts[year]) for year in sorted(counts, reverse=True)]

    @property
    def shown_states(self) -> list[DayState]:
        """The states that a day is in, for a legend."""
        return [state for state in DayState if state in self.states.values()]

    @property
    def coverage(self) -> Coverage | None:
        """The days that are published or provisional; None without any."""
        days = sorted(day for day, state in self.states.items() if state in GOOD)
        gaps = [(one + ONE_DAY, other - ONE_DAY) for one, other in pairwise(days) if other - one > ONE_DAY]
        return Coverage(days[0], days[-1], len(days), tuple(gaps)) if days else None

    def months(self, first: date, last: date) -> list[Month]:
        """The months from one day to another in which there are days, the newest first."""
        starts = list(_month_starts(max(first, self.first or first), min(last, self.last or last)))
        return [Month(start, tuple(self._cell(start, number) for number in DAYS_OF_A_MONTH)) for start in starts[::-1]]

    def _cell(self, start: date, number: int) -> Cell | None:
        try:
            day = start.replace(day=number)
        except ValueError:
            return None
        return Cell(day, self.states[day]) if day in self.states else None


def make_calendar(
    built: Sequence[Mapping[str, Any]],
    reorgs: Sequence[Mapping[str, Any]],
    landed: Collection[str] = (),
    tip_day: date | None = None,
) -> Calendar:
    """Return the state of each day, from the first known day to the day before the tip's.

    A later day is included only if it is landed or built: it cannot be missing yet.

    Args:
        built: rows of `overview_reader.built_days`.
        reorgs: rows of `day_reader.reorgs`.
        landed: landed days, as ISO dates.
        tip_day: the day of the chain's tip, which is not over; None if it is not known.
    """
    rows = {row["day"]: row for row in built}
    known = {*rows, *map(date.fromisoformat, landed)}
    if not known:
        return Calendar({}, None, None)
    expected = max(known) if tip_day is None else tip_day - timedelta(days=1)
    last = max({*known, expected})
    reorged = reorged_at(reorgs)
    states = {
        day: state_of(rows.get(day), reorged.get(day, ()), is_landed=str(day) in landed)
        for day in _days(min(known), last)
        if day <= expected or day in known
    }
    return Calendar(states, min(known), last)


def state_of(row: Mapping[str, Any] | None, reorged: Collection[datetime], *, is_landed: bool) -> DayState:
    """Return the state of a day.

    Args:
        row: the day as `day_reader.built_day` returns it; None for a day that is not built.
        reorged: when comparisons found that the source of the day had changed.
    """
    if row is None:
        return DayState.LANDED if is_landed else DayState.MISSING
    if row["has_failed"]:
        return DayState.FAILED
    if any(at > row["built_at"] for at in reorged):
        return DayState.REORGED
    if not row["is_loaded"] or row["is_due"]:
        return DayState.BUILT
    if not row["settled"]:
        return DayState.PROVISIONAL
    return DayState.REBUILT if reorged else DayState.PUBLISHED


def finality(day: date, settle_hours: float, tip_time: datetime | None, source: Source) -> str:
    """When a provisional day becomes final, as a sentence.

    Args:
        settle_hours: hours by which the tip must be past the end of a day.
    """
    final_at = datetime.combine(day, time(), UTC) + ONE_DAY + timedelta(hours=settle_hours)
    when = f"the chain's tip is past {final_at:%Y-%m-%d %H:%M} UTC"
    if source.stands_still and (tip_time is None or tip_time < final_at):
        return f"It stays provisional: it would be final once {when}, and the {source.text} ends before."
    if tip_time is not None and tip_time >= final_at:
        return "Its day is final by now: the next run builds it again, and then it is final."
    return f"It will be final once {when}: the next run after that builds it again."


def reorged_at(reorgs: Sequence[Mapping[str, Any]]) -> dict[date, list[datetime]]:
    """When comparisons found each day changed by a reorg."""
    times: dict[date, list[datetime]] = {}
    for row in reorgs:
        for day in days_in(row["actual"]):
            times.setdefault(day, []).append(row["checked_at"])
    return times


def days_in(text: str) -> list[date]:
    """The days that the text of a comparison names, with all days of its date ranges."""
    ends = [(date.fromisoformat(first), date.fromisoformat(last or first)) for first, last in DATE_RANGE.findall(text)]
    return [day for first, last in ends for day in _days(first, last)]


def shown_range(year: int | None, last: date) -> tuple[date, date]:
    """The first and the last day that the calendar shows: of a year, or of the newest twelve months."""
    if year is not None:
        return date(year, 1, 1), date(year, 12, 31)
    months = _month(last) - MONTHS_SHOWN + 1
    return date(months // 12, months % 12 + 1, 1), last


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _month_starts(first: date, last: date) -> Iterator[date]:
    return (date(number // 12, number % 12 + 1, 1) for number in range(_month(first), _month(last) + 1))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
