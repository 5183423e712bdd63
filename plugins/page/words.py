"""How the page writes numbers, times and sizes."""

from datetime import UTC, datetime, timedelta
from typing import Any

UNKNOWN = "not known"
# Up to here every whole number has a floating one of its own.
EXACT = 2**53
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def number(value: Any) -> str:
    """A figure with all its digits, thousands apart; null is no number."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < EXACT
    return f"{value:,.0f}" if is_whole else f"{value:,}"


def size(count: int | None) -> str:
    """Bytes in the unit that suits them."""
    if count is None:
        return UNKNOWN
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{count} {UNITS[0]}" if unit == 0 else f"{amount:.1f} {UNITS[unit]}"


def moment(at: datetime | None) -> str:
    """A moment in UTC, to the minute."""
    return UNKNOWN if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time in the largest unit of which there are two."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if length >= 2 * unit:
            return f"{length // unit} {name}"
    return f"{max(int(length.total_seconds()), 0)} seconds"
