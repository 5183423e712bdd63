"""What a task did: the last lines of its log, and the extra of its assets' events."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from airflow.sdk.configuration import conf

from stacks_dataverse import metrics
from stacks_dataverse.manifest import EmptyTable, LandedTable
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)
summary_log = structlog.get_logger(__name__)

# At most so many keys are listed; the summary has their number.
MAX_LISTED = 200

# The counts of a task's result that the summary has, with their units.
UNITS = {
    "tables": "tables",
    "rows": "rows",
    "bytes": "bytes",
    "days": "days",
    "done": "days done",
    "unchanged": "days unchanged",
    "changed": "public files changed",
    "checks": "checks",
    "warnings": "warnings",
    "raw": "raw files removed",
    "paths": "CDN paths",
    "objects": "objects",
    "stale": "stale",
}


def log_summary(done: str, arguments: Sequence[Any], context: Mapping[str, Any], result: Any, seconds: float) -> None:
    """Log in one line what a task did for which day, with its counts and a link to the day's page.

    Args:
        done: what was done, with `{days}` and, of a task with an argument, `{of}`.
    """
    days, of = metrics.days_of_run(context), {"of": arguments[0]} if arguments else {}
    counts = {name: result[name] for name in UNITS if name in result} if isinstance(result, dict) else {}
    text = ", ".join(format_count(name, count) for name, count in counts.items())
    if isinstance(result, bool):
        counts, text = {"answer": result}, "yes" if result else "not yet"
    what = f"{done.format(days=days, **of)}{': ' if text else ''}{text}"
    fields = {"day": days, **of, **counts, "seconds": round(seconds, 3)}
    summary_log.info(f"{what} ({seconds:.1f} s). {page_url(context)}", **fields)


def log_failure(context: Mapping[str, Any], seconds: float) -> None:
    """Log for which day a task failed; Airflow logs the reason after it."""
    days = metrics.days_of_run(context)
    summary_log.error(f"Failed for {days} ({seconds:.1f} s). {page_url(context)}", day=days, seconds=round(seconds, 3))


def log_files(bucket: str, tables: Mapping[str, LandedTable]) -> None:
    """Log the raw file of each table with its rows and size."""
    for name, table in tables.items():
        if isinstance(table, EmptyTable):
            log.info("%s: no rows%s.", name, f" ({table.note})" if table.note else "")
        else:
            size = format_count("bytes", table.bytes)
            log.info("%s: wrote s3://%s/%s, %s, %s.", name, bucket, table.key, format_count("rows", table.rows), size)


def log_rows(rows: Mapping[str, int]) -> None:
    """Log how many rows each table has."""
    for name in sorted(rows):
        log.info("%s: %s.", name, format_count("rows", rows[name]))


def log_keys(bucket: str, keys: Sequence[str]) -> None:
    """Log the keys that changed; of very many the first."""
    for key in keys[:MAX_LISTED]:
        log.info("Wrote s3://%s/%s.", bucket, key)
    if len(keys) > MAX_LISTED:
        log.info("And %d more.", len(keys) - MAX_LISTED)


def describe_assets(context: Mapping[str, Any], day: Any, as_of: datetime, **counts: Any) -> None:
    """Set the extra of the events of a task's assets.

    Args:
        day: the newest day that the data are of.
        as_of: up to when the data go.
        counts: such as `rows`.
    """
    extra = {"day": str(day), "as_of": f"{as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", **counts}
    for asset in context.get("outlets", ()):
        context["outlet_events"][asset].extra.update(extra | {"page": page_url(context, day)})


def end_of(day: Window) -> datetime:
    """Up to when data of a day go: its end, or now for a day that has not ended."""
    return min(datetime.fromtimestamp(day.end, UTC), datetime.now(UTC))


def page_url(context: Mapping[str, Any], day: Any = None) -> str:
    """The address of a day's page, by default of the run's day; of runs without one, of the overview."""
    days = str(day or metrics.days_of_run(context))
    base = (conf.get("api", "base_url", fallback="") or "").rstrip("/")
    return f"{base}/dataverse/{f'day/{days}' if _is_day(days) else ''}"


def format_count(name: str, count: int) -> str:
    """A count with its unit, such as `51,234 rows` and `9.9 MB`."""
    if name == "bytes":
        return _format_size(count)
    unit = UNITS[name]
    return f"{count:,} {unit.replace('s ', ' ', 1).removesuffix('s') if count == 1 else unit}"


def _format_size(count: int) -> str:
    size, units = float(count), ["bytes", "kB", "MB", "GB"]
    while size >= 1000 and len(units) > 1:
        size /= 1000
        units.pop(0)
    return f"{count} bytes" if units[0] == "bytes" else f"{size:.1f} {units[0]}"


def _is_day(text: str) -> bool:
    return len(text) == len("2024-10-29") and text[4] == "-"
