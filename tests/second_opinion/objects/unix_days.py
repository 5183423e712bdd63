"""Days and hours as the predecessor's files name them, and as windows of time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.second_opinion.chain import Row, Rows


def unix(when: date | datetime) -> int:
    """Unix seconds of a time, or of a day's UTC midnight."""
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    return int(when.timestamp())


def days_to(last: date, count: int) -> list[date]:
    """So many days up to the last, in order."""
    return [last - timedelta(days=ago) for ago in reversed(range(count))]


def days_from(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return days_to(last, (last - first).days + 1)


def series(rows: Rows, when: str, name: str) -> dict[int, Any]:
    """A predecessor's file of one value by time."""
    return {unix(row[when]): row[name] for row in rows}


def up_to(rows: Iterable[Row], day: date | None) -> Rows:
    """Rows of tables, without those of later days."""
    return [row for row in rows if day and row["day"] <= day]
