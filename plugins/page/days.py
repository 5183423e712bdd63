"""What became of each day, and the calendar that shows it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

DAYS_OF_A_MONTH = range(1, 32)
MONTHS_SHOWN = 12
STRETCH = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")


class State(Enum):
    """What became of a day: a sign and a word for it, and what it means. From good to bad."""

    PUBLISHED = "✓", "published", "its present content passed its checks, and readers have it"
    MENDED = "↻", "rebuilt after a fork", "published; the chain had told it otherwise before"
    UNSETTLED = "~", "unsettled", "landed before the chain had left it behind; the next run builds it again"
    BUILT = "b", "built", "its figures, checks or public objects are still to come"
    LANDED = "l", "landed", "raw files are there, and the warehouse does not know it"
    FORKED = "!", "changed by a fork", "the chain tells it otherwise now; it is to be built again"
    FAILED = "×", "failed a check", "it waits, and all later days with it"
    MISSING = "–", "missing", "neither landed nor built"

    def __init__(self, sign: str, word: str, meaning: str) -> None:
        self.sign = sign
        self.word = word
        self.meaning = meaning

    @property
    def css(self) -> str:
        """The name of its class in the style sheet."""
        return f"day-{self.name.lower()}"


# Whoever watches has nothing to do about these.
GOOD = {State.PUBLISHED, State.MENDED, State.UNSETTLED}


@dataclass(frozen=True)
class Cell:
    """A day of the calendar."""

    day: date
    state: State


@dataclass(frozen=True)
class Month:
    """A row of the calendar: 31 cells, None where the month has no such day, or the calendar does not reach."""

    first: date
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Year:
    """How many days of a year are in which state."""

    year: int
    counts: Mapping[State, int]

    @property
    def words(self) -> str:
        """The counts in words, the worst first."""
        return ", ".join(f"{self.counts[state]} {state.word}" for state in reversed(State) if state in self.counts)

    @property
    def is_good(self) -> bool:
        """Whether nothing of the year is left to do for whoever watches."""
        return set(self.counts) <= GOOD


@dataclass(frozen=True)
class Calendar:
    """The states of all days, `first` to `last`; None for both without any."""

    states: Mapping[date, State]
    first: date | None
    last: date | None

    @property
    def years(self) -> list[Year]:
        """A summary of each year, the newest first."""
        counts: dict[int, Counter[State]] = {}
        for day, state in self.states.items():
            counts.setdefault(day.year, Counter())[state] += 1
        return [Year(year, counts[year]) for year in sorted(counts, reverse=True)]

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


def calendar(
    built: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    landed: Collection[str] = (),
    tip_day: date | None = None,
) -> Calendar:
    """Put together what became of each day, from the first that is held to the day before the tip's.

    A later day is there only where it is held: nothing is missing of it.

    Args:
        built: rows of `reader.days`.
        changes: rows of `reader.changes`.
        landed: days that are landed, in text.
        tip_day: the day of the chain's tip, which is not over; None where that is not known.
    """
    rows = {row["day"]: row for row in built}
    known = {*rows, *map(date.fromisoformat, landed)}
    if not known:
        return Calendar({}, None, None)
    expected = max(known) if tip_day is None else tip_day - timedelta(days=1)
    last = max({*known, expected})
    changed = changed_at(changes)
    states = {
        day: state_of(rows.get(day), changed.get(day, ()), is_landed=str(day) in landed)
        for day in _days(min(known), last)
        if day <= expected or day in known
    }
    return Calendar(states, min(known), last)


def state_of(row: Mapping[str, Any] | None, changed: Collection[datetime], *, is_landed: bool) -> State:
    """What became of a day.

    Args:
        row: the day as `reader.days` has it; None for a day that is not built.
        changed: when comparisons found that the chain tells the day otherwise.
    """
    if row is None:
        return State.LANDED if is_landed else State.MISSING
    if row["has_failed"]:
        return State.FAILED
    if any(at > row["built_at"] for at in changed):
        return State.FORKED
    if not row["is_loaded"] or row["is_due"]:
        return State.BUILT
    if not row["settled"]:
        return State.UNSETTLED
    return State.MENDED if changed else State.PUBLISHED


def changed_at(changes: Sequence[Mapping[str, Any]]) -> dict[date, list[datetime]]:
    """When comparisons found each day changed by a fork."""
    found: dict[date, list[datetime]] = {}
    for row in changes:
        for day in named(row["actual"]):
            found.setdefault(day, []).append(row["checked_at"])
    return found


def named(text: str) -> list[date]:
    """The days that a comparison names, all of each stretch."""
    ends = [(date.fromisoformat(first), date.fromisoformat(last or first)) for first, last in STRETCH.findall(text)]
    return [day for first, last in ends for day in _days(first, last)]


def shown(year: int | None, last: date) -> tuple[date, date]:
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
