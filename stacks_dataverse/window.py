"""The window of time that a run is about: one whole UTC day, half-open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Self

from stacks_dataverse.errors import Terminal

SECONDS_PER_HOUR = 3600


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
            raise Terminal(f"{text!r} is not a day: give one as YYYY-MM-DD, in UTC.") from error

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

    def before(self, days: int) -> Self:
        """Return the window so many days earlier."""
        return type(self)(self.day - timedelta(days=days))

    def until(self, last: Self) -> list[Self]:
        """Return the windows from this one to the last; none when that is earlier."""
        return [type(self)(self.day + timedelta(days=n)) for n in range((last.day - self.day).days + 1)]

    def months_until(self, last: Self) -> dict[str, list[Self]]:
        """Return the same windows by month, such as `2024-10`, in order."""
        return {month: list(days) for month, days in groupby(self.until(last), lambda window: f"{window.day:%Y-%m}")}

    def is_settled(self, tip_time: int, margin_hours: float) -> bool:
        """Whether a chain whose tip stands at `tip_time` has left this day behind for good."""
        return tip_time >= self.end + margin_hours * SECONDS_PER_HOUR

    def refuse_after(self, today: date) -> Self:
        """Return this window; Terminal when its day lies after `today`."""
        if self.day > today:
            raise Terminal(f"{self.day} is after today, {today} (UTC): nothing can have happened on it yet.")
        return self

    def __str__(self) -> str:
        return self.day.isoformat()
