"""Reads the content of one dataset: the newest rows of a table, or the newest version of a public object."""

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.page.catalogue_reader import latest_key
from plugins.page.day_reader import Row
from stacks_dataverse import files
from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

MAX_ROWS, MAX_SORT_COLUMNS = 200, 4


def read_newest_rows(warehouse: Warehouse, table: Table) -> list[Row]:
    """The newest rows of a table by height, time or day; the first rows by its first column if it has none of these."""
    query = f"SELECT {', '.join(table.fields)} FROM {table.name} ORDER BY {_order(table)} LIMIT {{most}}"
    return warehouse.read(query, most=MAX_ROWS).to_pylist()


def read_object_text(store: ObjectStore, obj: PublicObject) -> bytes | None:
    """The newest version of a public object, unzipped; None while there is none."""
    body = store.get(latest_key(obj))
    return body and files.unzip(body)


def format_values(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows with bytes as hex text."""
    return [{name: _format(value) for name, value in row.items()} for row in rows]


def _format(value: Any) -> Any:
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def _order(table: Table) -> str:
    """Newest first, and then by the first columns, so that the same rows come in the same order.

    A leading height is the primary key, so it has an index; a time column may have none.
    """
    columns = list(table.fields)
    times = [name for name in columns if name == table.day_key or name.endswith(("_at", "timestamp"))]
    leading = columns[:1] if columns[0].endswith("_height") else times[:1]
    return ", ".join([*(f"{name} DESC" for name in leading), *columns[:MAX_SORT_COLUMNS]])
