"""The overview's verdict: how far the data go, whether the source moves, and whether checks and runs succeeded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum

from plugins.page import formatting
from plugins.page.overview import Issue, Lag
from stacks_dataverse.dataset import FRESHNESS_HOURS, Schedule
from stacks_dataverse.source import Source

# A live tip that is older stands still; a poll that is older says nothing of the present.
LIMIT = timedelta(hours=FRESHNESS_HOURS[Schedule.HALF_HOURLY])


class Motion(Enum):
    """Whether the source advances: a sign and a word."""

    MOVING = "✓", "moving"
    DECLARED = "=", "stands still"
    STALLED = "×", "stands still"
    UNPOLLED = "!", "not polled lately"
    UNREAD = "?", "not known"
    UNKNOWN = "?", "not polled yet"

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word


class Tone(Enum):
    """The verdict in a word, with a sign."""

    GOOD = "✓", "All is well"
    STILL = "=", "Complete: all that the source has"
    UNKNOWN = "?", "Not everything is known"
    WARNING = "!", "Published, with warnings"
    BAD = "×", "Needs attention"
    EMPTY = "–", "No data yet"

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word

    @property
    def css(self) -> str:
        """The name of its class in the style sheet."""
        return f"verdict-{self.name.lower()}"


@dataclass(frozen=True)
class Verdict:
    """How far the data go and how old they are, and what became of checks and runs."""

    tone: Tone
    age: str
    motion: Motion
    source: Source
    failed_runs: int

    @property
    def source_text(self) -> str:
        """Whether the source moves, and what it is if it never does."""
        kind = f" ({self.source.text})" if self.motion is Motion.DECLARED else ""
        return f"source {self.motion.word}{kind}"


def make_verdict(
    lag: Lag, source: Source, issues: Sequence[Issue], failed_runs: int, now: datetime, *, is_complete: bool = True
) -> Verdict:
    """The verdict at a moment.

    Args:
        issues: all that are open.
        is_complete: whether every store answers.
    """
    end = _end_of_data(lag)
    age = formatting.duration(max(now - end, timedelta())) if end else ""
    return Verdict(
        _tone(lag, source, issues, is_complete=is_complete), age, motion(lag, source, now), source, failed_runs
    )


def motion(lag: Lag, source: Source, now: datetime) -> Motion:
    """Whether the source advances, by the last poll of its tip."""
    if source.stands_still:
        return Motion.DECLARED
    if lag.polled_at is None or lag.tip_time is None:
        return Motion.UNREAD if lag.polled_at else Motion.UNKNOWN
    if now - lag.polled_at > LIMIT:
        return Motion.UNPOLLED
    return Motion.STALLED if now - lag.tip_time > LIMIT else Motion.MOVING


def _tone(lag: Lag, source: Source, issues: Sequence[Issue], *, is_complete: bool) -> Tone:
    if any(issue.is_error for issue in issues):
        return Tone.BAD
    if issues:
        return Tone.WARNING
    if not is_complete:
        return Tone.UNKNOWN
    if lag.last_day is None:
        return Tone.EMPTY
    return Tone.STILL if source.stands_still else Tone.GOOD


def _end_of_data(lag: Lag) -> datetime | None:
    """The end of the last loaded day; of one that holds the tip, the tip's time."""
    if lag.last_day is None:
        return None
    end = datetime.combine(lag.last_day, time(), UTC) + timedelta(days=1)
    return min(end, lag.tip_time or end)
