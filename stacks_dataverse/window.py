"""The window of time that a run is about, half-open and UTC: one whole day, or for vendors' series several spans."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Self

from stacks_dataverse.errors import Terminal

SECONDS_PER_HOUR = 3600
SECONDS_PER_DAY = 86_400

# What a scheduled run requests from the vendors: hours and social figures are revised for some days after, and
# indicators of 180 days need a warm-up of 120 more.
TRAILING_DAYS_OF_HOURS = 4
TRAILING_DAYS = 300
TRAILING_DAYS_OF_SOCIAL = 30


@dataclass(frozen=True, order=True)
class Window:
    """A UTC day, `[start, end)` in unix seconds."""

    day: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the window of an ISO date such as `2024-10-29`; Terminal for any other text."""
        try:
            return cls(datetime.strptime(text, "%Y-%m-%d").date())
        except ValueError as error:
            raise Terminal(f"{text!r} is not a valid day; use YYYY-MM-DD (UTC).") from error

    @classmethod
    def containing(cls, time: int) -> Self:
        """Return the window of the day that holds a moment, in unix seconds."""
        return cls(datetime.fromtimestamp(time, UTC).date())

    @property
    def start(self) -> int:
        """First second of the day."""
        return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp())

    @property
    def end(self) -> int:
        """First second of the next day."""
        return self.start + int(timedelta(days=1).total_seconds())

    def key(self, column: str) -> date | int:
        """The day as a table's column of days holds it: a date, or unix seconds where it is called `timestamp`."""
        return self.start if column == "timestamp" else self.day

    def before(self, days: int) -> Self:
        """Return the window so many days earlier, as far as the calendar goes back."""
        return type(self)(date.fromordinal(max(self.day.toordinal() - days, date.min.toordinal())))

    def until(self, last: Self) -> list[Self]:
        """Return the windows from this one to the last; none when that is earlier."""
        return [type(self)(self.day + timedelta(days=n)) for n in range((last.day - self.day).days + 1)]

    def months_until(self, last: Self) -> dict[str, list[Self]]:
        """Return the same windows by month, such as `2024-10`, in order."""
        return {month: list(days) for month, days in groupby(self.until(last), lambda window: f"{window.day:%Y-%m}")}

    def is_settled(self, tip_time: int, margin_hours: float) -> bool:
        """Whether the day is final: the tip, at `tip_time`, is at least the margin past its end."""
        return tip_time >= self.end + margin_hours * SECONDS_PER_HOUR

    def refuse_after(self, today: date) -> Self:
        """Return this window; Terminal when its day lies after `today`."""
        if self.day > today:
            raise Terminal(f"{self.day} is in the future; today is {today} (UTC).")
        return self

    def __str__(self) -> str:
        return self.day.isoformat()


@dataclass(frozen=True, order=True)
class Span:
    """An interval of time, `[start, end)` in unix seconds; as text it names a folder."""

    start: int
    end: int

    @classmethod
    def of_days_before(cls, end: int, days: int) -> Self:
        """Return the whole days before the one that holds `end`, in unix seconds."""
        midnight = end // SECONDS_PER_DAY * SECONDS_PER_DAY
        return cls(midnight - days * SECONDS_PER_DAY, midnight)

    def __bool__(self) -> bool:
        return self.start < self.end

    def __contains__(self, time: int) -> bool:
        return self.start <= time < self.end

    def __str__(self) -> str:
        return "_".join(f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H}" for time in (self.start, self.end))


@dataclass(frozen=True)
class MarketWindow:
    """What a run requests from the vendors: hours, days and social days, all complete.

    `requested_at` in unix seconds.
    """

    hours: Span
    days: Span
    social: Span
    requested_at: int

    @classmethod
    def of(cls, first: str | None, last: str | None, end: datetime, requested_at: datetime) -> Self:
        """Return the chosen days of a run by hand, else what trails `end`.

        Raises:
            Terminal: one day without the other, a text that is no day, days in the wrong order or after `requested_at`.
        """
        if first and last:
            return cls.of_days(first, last, int(requested_at.timestamp()))
        if first or last:
            raise Terminal("A manual run needs both from_day and to_day as YYYY-MM-DD, or neither.")
        return cls.trailing(int(end.timestamp()), int(requested_at.timestamp()))

    @classmethod
    def trailing(cls, end: int, requested_at: int) -> Self:
        """Return the window of a run without chosen days: complete at `end`, and possibly revised by the vendor."""
        last_hour = _hour(min(end, requested_at))
        hours = Span(Span.of_days_before(last_hour, TRAILING_DAYS_OF_HOURS).start, last_hour)
        days, social = (Span.of_days_before(last_hour, count) for count in (TRAILING_DAYS, TRAILING_DAYS_OF_SOCIAL))
        return cls(hours, days, social, requested_at)

    @classmethod
    def of_days(cls, first: str, last: str, requested_at: int) -> Self:
        """Return whole days, both included, as far as they were complete when the run was requested.

        Raises:
            Terminal: a text that is no day, a last day before the first, or one after the day of `requested_at`.
        """
        since, until = Window.parse(first), Window.parse(last)
        until.refuse_after(Window.containing(requested_at).day)
        if until < since:
            raise Terminal(f"from_day {since} is after to_day {until}; swap them.")
        hours = Span(since.start, min(until.end, _hour(requested_at)))
        days = Span(since.start, hours.end // SECONDS_PER_DAY * SECONDS_PER_DAY)
        return cls(hours, days, days, requested_at)


def _hour(time: int) -> int:
    return time // SECONDS_PER_HOUR * SECONDS_PER_HOUR


def describe_end(end: datetime) -> str:
    """Up to when data go, for people: the day of data that end at a UTC midnight, else the minute."""
    end = end.astimezone(UTC)
    is_midnight = end == end.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{end - timedelta.resolution:%Y-%m-%d}" if is_midnight else f"{end:%Y-%m-%d %H:%M} UTC"
