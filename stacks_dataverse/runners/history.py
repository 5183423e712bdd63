"""Which built days have all of the chain's past before them, and how to load a missing past."""

from datetime import date

from stacks_dataverse.queries.days import MISSING_NOW_SQL, WHOLE_SQL
from stacks_dataverse.stores.warehouse import Warehouse


def read_whole_days(warehouse: Warehouse, first: date, last: date) -> set[date]:
    """The built days of a range that have all of the chain's past before them."""
    return set(warehouse.read(WHOLE_SQL, first=first, last=last)["day"].to_pylist())


def read_missing_history(warehouse: Warehouse) -> dict[str, str | None] | None:
    """What is missing before the newest built day: `stretches` of days as text, and the `command` to load them.

    The command is None where the source does not hold these days. None when nothing does, and without any day.
    """
    rows = warehouse.read(MISSING_NOW_SQL).to_pylist()
    return rows[0] if rows else None
