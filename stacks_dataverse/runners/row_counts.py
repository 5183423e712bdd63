"""Count the rows that days have in the warehouse."""

from collections.abc import Sequence

from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window


def count_rows(warehouse: Warehouse, tables: Sequence[Table], first: Window, last: Window) -> int:
    """Return how many rows the days from first to last have in all tables that have rows by day."""
    counts = " + ".join(_count(table) for table in tables if table.kind in (Kind.FACT, Kind.FIGURE))
    return warehouse.scalar(f"SELECT {counts}", first=first, last=last)


def _count(table: Table) -> str:
    first, last = "{first}::date", "{last}::date"
    if table.day_key == "timestamp":
        first, last = (f"extract(epoch FROM {day})::bigint" for day in (first, last))
    return f"(SELECT count(*) FROM {table.name} WHERE {table.day_key} BETWEEN {first} AND {last})"
