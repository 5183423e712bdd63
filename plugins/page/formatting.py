"""Formats of numbers, times and sizes on the page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from stacks_dataverse.window import describe_end

UNKNOWN = "not known"
# Up to here a float represents every integer exactly.
EXACT = 2**53
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def number(value: Any) -> str:
    """A number with all digits and thousands separators; text for null."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < EXACT
    return f"{value:,.0f}" if is_whole else f"{value:,}"


def size(count: int | None) -> str:
    """Bytes in a readable unit."""
    if count is None:
        return UNKNOWN
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{count} {UNITS[0]}" if unit == 0 else f"{amount:.1f} {UNITS[unit]}"


def moment(at: datetime | None) -> str:
    """A moment in UTC, to the minute."""
    return UNKNOWN if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def end_of_data(at: datetime | None) -> str:
    """Up to when data go: of data that end at midnight, which have all of a day, the day."""
    return UNKNOWN if at is None else describe_end(at)


def duration(length: timedelta) -> str:
    """A duration in the largest unit of which it has at least two."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if length >= 2 * unit:
            return f"{length // unit} {name}"
    return f"{max(int(length.total_seconds()), 0)} seconds"
