"""Count the rows that days have in the warehouse."""

from collections.abc import Sequence

from stacks_dataverse.dataset import Table
from stacks_dataverse.queries.row_counts import row_counts
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window


def count_rows(warehouse: Warehouse, tables: Sequence[Table], first: Window, last: Window) -> int:
    """Return how many rows the days from first to last have in all tables that have rows by day."""
    return sum(warehouse.read(row_counts(tables), first=first, last=last)["rows"].to_pylist())
