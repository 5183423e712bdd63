"""Two runs that record the outcomes of a day's checks at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread

from stacks_dataverse.runners import outcomes
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.moments import WAITS, wait_until
from tests.support.pipeline import Pipeline

DAY, NOW = date(2024, 10, 30), datetime(2024, 10, 31, 3, tzinfo=UTC)
OUTCOME = {"name": "prices", "passed": True, "expected": "0", "actual": "0", "kind": "warning"}


def record(dsn: str) -> None:
    """Record an outcome, as a run does."""
    with Warehouse.open(dsn) as warehouse, warehouse.transaction():
        outcomes.record(warehouse, DAY, [OUTCOME], NOW)


def test_outcomes_of_the_same_moment(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    """The clocks of both say the same, or were set back."""
    run = new_run(sample, 0)
    other = Thread(target=record, args=(run.warehouse_dsn,))
    with Warehouse.open(run.warehouse_dsn) as warehouse, warehouse.transaction():
        outcomes.record(warehouse, DAY, [OUTCOME], NOW)
        other.start()
        wait_until(lambda: run.read(WAITS)["waits"][0].as_py(), "the other run waits for this one")
    other.join()
    moments = run.read("SELECT checked_at FROM quality_checks ORDER BY checked_at")["checked_at"].to_pylist()
    assert moments == [NOW, NOW + timedelta(microseconds=1)]
