"""Days and times of objects: the days of a series, the loaded ones, and the moments that series are keyed by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.second_opinion.chain import Row, Rows
from tests.second_opinion.objects.run import Answer, Run

DAY = timedelta(days=1)
SHOWN_DAYS = 90


def days_through(run: Run, day: date | None) -> list[date]:
    """The loaded days up to one, in order; none where no day is loaded."""
    return [each for each in run.days if day and each <= day]


def calendar(run: Run, day: date | None) -> list[date]:
    """Every day from the first loaded one up to one, loaded or not."""
    loaded = days_through(run, day)
    return [loaded[0] + number * DAY for number in range((loaded[-1] - loaded[0]).days + 1)] if loaded else []


def of_loaded_days(run: Run, table: str, day: date | None, *, last: int | None = None) -> Rows:
    """The rows of a table of the loaded days up to one, of that day and so many less one before it, by day."""
    loaded = {each for each in days_through(run, day) if last is None or (day and each > day - last * DAY)}
    return sorted((row for row in run.tables[table] if row["day"] in loaded), key=lambda row: row["day"])


def series(run: Run, day: date | None, name: str, values: Mapping[date, Any]) -> Answer:
    """A value for every day, null for one that is not loaded; in the predecessor's file by its midnight."""
    shown = {each: values.get(each) for each in calendar(run, day)}
    rows = [{"day": each, name: value} for each, value in shown.items()]
    return Answer(rows, {seconds(midnight(each)): value for each, value in shown.items()})


def midnight(day: date) -> datetime:
    """When a UTC day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def seconds(moment: datetime) -> int:
    """A moment in unix seconds."""
    return int(moment.timestamp())


def picked(rows: Iterable[Row], columns: Sequence[str]) -> Rows:
    """Rows with these columns alone, in this order."""
    return [{name: row[name] for name in columns} for row in rows]
