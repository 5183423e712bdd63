"""What tests of other code share: functions that make a table instead, what they made, and the backfill after."""

from collections.abc import Callable
from typing import Any

from stacks_dataverse.runners import backfill
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.support.pipeline import Pipeline

FIRST, SECOND, LAST = SAMPLE_DAYS
RANGE = (FIRST, LAST)
MADE = "SELECT day::text AS day, table_name, built_at FROM built_tables"
FAILURES = "SELECT day::text AS day, table_name, failure FROM built_tables WHERE failure IS NOT NULL"
MISSING = "SELECT day::text AS day, missing FROM loaded_days ORDER BY day"


def misled(transform: Callable[[Any], Any], source: Any) -> Any:
    """A function that fails."""
    raise ValueError(f"an odd print; {transform.__name__} cannot read it")


def same_rows(transform: Callable[[Any], Any], source: Any) -> Any:
    """Another function, of the same rows."""
    return transform(source)


def made_since(run: Pipeline, before: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The table and day of what was made since."""
    return {(row["table_name"], row["day"]) for row in run.read(MADE).to_pylist() if row not in before}


def failures(run: Pipeline) -> dict[tuple[str, str], str]:
    """Why tables lack rows, by table and day."""
    return {(row["table_name"], row["day"]): row["failure"] for row in run.read(FAILURES).to_pylist()}


def catch_up(run: Pipeline) -> None:
    """Do what a backfill does after it has landed."""
    run.build_days(*RANGE)
    run.make_figures()
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        days = backfill.check.read_outdated_days(warehouse)
    for day in {*SAMPLE_DAYS, *map(str, days)}:
        run.check_days(day, day)
    run.publish(LAST)
