"""All checks with their meaning: which pass, which fail, and their last days."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import Any

from stacks_dataverse.data_check import MADE_AGAIN

# The newest days that a history shows.
HISTORY_DAYS = 30
NONE_FAILED: Mapping[str, Any] = {"failed": 0, "failed_days": ()}


class Severity(Enum):
    """What a failed check does: the word of its badge, by the kind that is stored."""

    ERROR = "blocks publishing"
    ALERT = "alerts"
    WARNING = "warns"

    @property
    def css(self) -> str:
        """The name of its class in the style sheet."""
        return f"severity-{self.name.lower()}"


class Outcome(Enum):
    """What came of a check: a sign and a word."""

    FAILED = "×", "failed"
    PASSED = "✓", "passed"
    NEVER = "–", "not run yet"

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word

    @property
    def css(self) -> str:
        """The name of its class in the style sheet."""
        return f"outcome-{self.name.lower()}"


@dataclass(frozen=True)
class Declared:
    """A check as the catalogue has it: `meaning` is one line, `row` the runbook's with the remedy."""

    name: str
    meaning: str
    severity: Severity
    row: str


@dataclass(frozen=True)
class Stretch:
    """Consecutive results of one outcome, as places of the history."""

    start: int
    length: int
    outcome: Outcome


@dataclass(frozen=True)
class CheckSummary:
    """A check over all days. `days` is None for one that is about more than a day."""

    declared: Declared
    outcome: Outcome
    days: int | None
    failed: int
    failed_days: tuple[date, ...]
    checked_at: datetime | None
    last_passed: int
    last_failed: int
    history: tuple[Stretch, ...]

    @property
    def places(self) -> int:
        """The length of the history."""
        return sum(stretch.length for stretch in self.history)


def severity_of(name: str, kind: str) -> Severity:
    """The severity of a check, by its name and its stored kind."""
    return Severity.ALERT if name == MADE_AGAIN else Severity[kind.upper()]


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    head, dot, _ = text.partition(". ")
    return f"{head}." if dot else head


def summarise(
    declared: Sequence[Declared],
    day_counts: Mapping[str, int],
    failed_days: Mapping[str, Mapping[str, Any]],
    history: Sequence[Mapping[str, Any]],
    open_checks: Collection[str],
) -> list[CheckSummary]:
    """Every check, those that fail first.

    Args:
        day_counts, failed_days, history: of `checks_reader`.
        open_checks: checks that are an open issue; so are those with failed days.
    """
    results = {name: list(rows) for name, rows in groupby(history, key=lambda row: row["name"])}
    days = sorted({row["day"] for row in history if row["name"] in day_counts})
    summaries = [
        _summary(
            check,
            day_counts.get(check.name),
            failed_days.get(check.name, NONE_FAILED),
            results.get(check.name, []),
            days,
            check.name in open_checks,
        )
        for check in declared
    ]
    return sorted(summaries, key=lambda summary: list(Outcome).index(summary.outcome))


def count_outcomes(summaries: Sequence[CheckSummary]) -> Mapping[Outcome, int]:
    """How many checks passed, failed and never ran."""
    return Counter(summary.outcome for summary in summaries)


def _summary(
    check: Declared,
    day_count: int | None,
    failed: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
    days: Sequence[date],
    is_open: bool,
) -> CheckSummary:
    axis = days if day_count else [row["day"] for row in results]
    outcomes = {row["day"]: Outcome.PASSED if row["passed"] else Outcome.FAILED for row in results}
    was_run = bool(day_count or results)
    outcome = Outcome.FAILED if is_open or failed["failed"] else Outcome.PASSED if was_run else Outcome.NEVER
    tally = Counter(outcomes[day] for day in axis[-HISTORY_DAYS:] if day in outcomes)
    return CheckSummary(
        check,
        outcome,
        day_count,
        failed["failed"],
        tuple(failed["failed_days"]),
        max((row["checked_at"] for row in results), default=None),
        tally[Outcome.PASSED],
        tally[Outcome.FAILED],
        tuple(_stretches([outcomes.get(day, Outcome.NEVER) for day in axis[-HISTORY_DAYS:]])),
    )


def _stretches(outcomes: Sequence[Outcome]) -> list[Stretch]:
    stretches, start = [], 0
    for outcome, same in groupby(outcomes):
        length = len(list(same))
        stretches.append(Stretch(start, length, outcome))
        start += length
    return stretches
