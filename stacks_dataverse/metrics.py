"""What tasks did, as metrics by Airflow's own channel.

Metrics go where `[metrics]` of Airflow's configuration sends them, StatsD or OpenTelemetry; by default nowhere. Their
names and units are listed in docs/monitoring.md.
"""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

import structlog
from airflow.sdk.observability import stats

PREFIX = "dataverse"

# The counts that are taken from a task's result, and their units.
COUNTED = {
    "rows": "rows",
    "bytes": "bytes",
    "days": "days",
    "done": "days",
    "changed": "objects",
    "checks": "checks",
    "warnings": "checks",
    "paths": "paths",
}

# Metrics that keep their value until they are set again, and their units.
GAUGES = {
    "days_behind_tip": "days",
    "tip_age": "seconds",
    "stale_objects": "objects",
    "oldest_object": "hours",
}

log = structlog.get_logger(__name__)


def emit_task_metrics(task: str, context: Mapping[str, Any], result: Any, seconds: float) -> None:
    """Emit the duration of a successful task, by the name of its wrapper, and the counts in its result."""
    counts = {name: value for name, value in result.items() if name in COUNTED} if isinstance(result, dict) else {}
    tags = _tags(context)
    stats.timing(f"{PREFIX}.{task}.duration", timedelta(seconds=seconds), tags=tags)
    for name, count in counts.items():
        stats.incr(f"{PREFIX}.{task}.{name}", count, tags=tags)


def set_gauge(name: str, value: float) -> None:
    """Set one of GAUGES, and log its value."""
    stats.gauge(f"{PREFIX}.{name}", value)
    log.info(f"{name} is {value:g} {GAUGES[name]}", **{name: value})


def days_of_run(context: Mapping[str, Any]) -> str:
    """The days of a run in text: from its Params, else its data interval, else when it was triggered; in UTC."""
    params = context.get("params") or {}
    if params.get("day"):
        return str(params["day"])
    if params.get("from_day") and params.get("to_day"):
        return f"{params['from_day']} to {params['to_day']}"
    start, end = context.get("data_interval_start"), context.get("data_interval_end")
    if start and end and end - start == timedelta(days=1) and not start.astimezone(UTC).hour:
        return f"{start.astimezone(UTC):%Y-%m-%d}"
    moment = start or getattr(context.get("dag_run"), "run_after", None)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "no day"


def _tags(context: Mapping[str, Any]) -> dict[str, str]:
    ti = context.get("ti")
    return {name: str(getattr(ti, name)) for name in ("dag_id", "task_id") if hasattr(ti, name)}
