"""The record of what checks came to."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse.stores.warehouse import Warehouse

CHECKS_LOCK = "hashtext('stacks_dataverse.checks')"
COLUMNS = ("checked_at", "day", "name", "passed", "expected", "actual", "kind")


def record(warehouse: Warehouse, day: date, outcomes: Sequence[Mapping[str, Any]], checked_at: datetime) -> None:
    """Record the outcomes of checks of a day, in the open transaction.

    The newest outcome counts, and none of before the day was built. So they are recorded as later than both, also
    where a clock was set back meanwhile; and one run records at a time, so that no two do as of the same moment.

    Args:
        outcomes: what COLUMNS name, but for `checked_at` and `day`; other values are left out.
    """
    warehouse.lock(CHECKS_LOCK)
    moment = warehouse.scalar(MOMENT_SQL, day=day, checked_at=checked_at)
    rows = [{**outcome, "checked_at": moment, "day": day} for outcome in outcomes]
    warehouse.append("quality_checks", pa.Table.from_pylist(rows).select(COLUMNS))


MOMENT_SQL = """
    SELECT GREATEST(
        {checked_at},
        (SELECT built_at FROM built_days WHERE day = {day}),
        (SELECT max(checked_at) + interval '1 microsecond' FROM quality_checks WHERE day = {day})
    )
"""
