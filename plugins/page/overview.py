"""What an operator looks at first: what is wrong and what to do, and how far behind the tip all is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from plugins.page import words
from plugins.page.days import State, named
from plugins.page.entries import Entry, Freshness
from stacks_dataverse.tip_snapshot import TipSnapshot

# What the runbook calls the rows with what to do.
STALE_ROW, COMPARISON_ROW, HISTORY_ROW = "check_freshness", "raise_alarm", "missing_history"

# Until then what a comparison found is still to be mended; blocks that do not join bear no such sign.
UNMENDED = {"missing_days": State.MISSING, "changed_days": State.FORKED}


@dataclass(frozen=True)
class Problem:
    """Something that is wrong; `row` is the runbook's row with what to do, `remedy` its words.

    `days` and `datasets` name what it is about.
    """

    kind: str
    title: str
    detail: str
    row: str
    remedy: str
    days: tuple[date, ...] = ()
    datasets: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether something waits for it, or a reader sees it."""
        return self.kind != "warning"


@dataclass(frozen=True)
class Behind:
    """The last loaded day, and the chain's tip when it was last looked at; None for what is not known."""

    last_day: date | None
    last_height: int | None
    tip_height: int | None
    tip_time: datetime | None
    looked_at: datetime | None

    @property
    def blocks(self) -> int | None:
        """Blocks between the last loaded day and the tip."""
        known = self.tip_height is not None and self.last_height is not None
        return max(self.tip_height - self.last_height, 0) if known else None

    @property
    def days(self) -> int | None:
        """Whole days before the tip's that are not loaded yet."""
        known = self.tip_time is not None and self.last_day is not None
        return max((self.tip_time.date() - self.last_day).days - 1, 0) if known else None


def behind(days: Sequence[Mapping[str, Any]], look: TipSnapshot | None) -> Behind:
    """How far behind the tip the loaded days are; `look` is the last snapshot of it.

    A day without blocks that is not settled says nothing of the chain: it may lie past the tip.
    """
    loaded = [row for row in days if row["is_loaded"] and (row["settled"] or row["block_count"])]
    newest = max(loaded, key=lambda row: row["day"], default=None)
    heights = [row["last_block_height"] for row in loaded if row["last_block_height"] is not None]
    return Behind(
        newest and newest["day"],
        max(heights, default=None),
        look and look.tip_height,
        look and datetime.fromtimestamp(look.tip_time, UTC),
        look and look.taken_at,
    )


def problems(
    failures: Sequence[Mapping[str, Any]],
    comparisons: Sequence[Mapping[str, Any]],
    entries: Sequence[Entry],
    states: Mapping[date, State],
    remedies: Mapping[str, str],
    missing: Mapping[str, str | None] | None = None,
) -> list[Problem]:
    """All that is wrong, what holds others back first.

    Args:
        failures: rows of `reader.failures`.
        comparisons: rows of `reader.comparisons`.
        entries: public objects.
        remedies: what to do, by check and by row of the runbook.
        missing: what `history.missing` says of the chain's past.
    """
    found = [
        *([_without_past(missing)] if missing else ()),
        *(_failed(row, remedies) for row in failures),
        *_stale(entries, remedies),
        *_compared(comparisons, states, remedies),
    ]
    return sorted(found, key=lambda problem: not problem.is_error)


def _failed(row: Mapping[str, Any], remedies: Mapping[str, str]) -> Problem:
    detail = f"expected {row['expected']}, found {row['actual']}"
    title = f"{row['name']} failed on {row['day']}"
    return Problem(row["kind"], title, detail, row["name"], remedies.get(row["name"], ""), (row["day"],))


def _without_past(missing: Mapping[str, str | None]) -> Problem:
    detail = f"missing: {missing['stretches']}. Figures that stand on all of the past are null until they are built."
    remedy = f"Load it: {missing['command']}" if missing["command"] else "The Stacks database does not hold these days."
    return Problem("warning", "History is missing", detail, HISTORY_ROW, remedy)


def _stale(entries: Sequence[Entry], remedies: Mapping[str, str]) -> Iterator[Problem]:
    """One for all stale objects, with a sentence for each schedule, whose objects grow stale together."""
    stale = [entry for entry in entries if entry.freshness is Freshness.STALE]
    schedules = dict.fromkeys(entry.schedule for entry in stale)
    detail = " ".join(_sentence([entry for entry in stale if entry.schedule == schedule]) for schedule in schedules)
    title = f"{len(stale)} public objects are stale" if len(stale) > 1 else "A public object is stale"
    if stale:
        names = tuple(entry.name for entry in stale)
        yield Problem("stale", title, detail, STALE_ROW, remedies.get(STALE_ROW, ""), datasets=names)


def _sentence(same: Sequence[Entry]) -> str:
    oldest = min(same, key=lambda entry: entry.as_of)
    age = f"data up to {words.moment(oldest.as_of)}, {oldest.age} ago, {oldest.limit_hours} hours allowed"
    return f"{len(same)} published {oldest.schedule}: {age}."


def _compared(
    comparisons: Sequence[Mapping[str, Any]], states: Mapping[date, State], remedies: Mapping[str, str]
) -> Iterator[Problem]:
    for row in comparisons:
        wrong = UNMENDED.get(row["name"])
        left = tuple(sorted({day for day in named(row["actual"]) if wrong in (None, states.get(day))}))
        if not row["passed"] and left:
            title = f"{row['name']}, compared with the chain"
            words_for_it = remedies.get(COMPARISON_ROW, "")
            yield Problem(row["kind"], title, f"found {row['actual']}", COMPARISON_ROW, words_for_it, left)
