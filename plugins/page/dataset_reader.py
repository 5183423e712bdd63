"""Reads the content of one dataset: rows of a table, or the newest version of a public object."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from plugins.page import table_query
from plugins.page.catalogue_reader import latest_key
from plugins.page.day_reader import Row
from plugins.page.table_query import DAY, DESCENDING, FROM, PAGE_ROWS, TO, Storage, TableQuery
from stacks_dataverse import files
from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

MAX_SORT_COLUMNS, MAX_SERIES_ROWS = 4, 5000
MAX_DOWNLOAD_SECONDS = 600


def read_storage(warehouse: Warehouse, table: Table) -> Storage:
    """How a table is stored."""
    rows = warehouse.read(STORAGE_SQL, name=table.name).to_pylist()
    if not rows:
        return Storage()
    indexes = tuple(tuple(columns.split(",")) for columns in (rows[0]["indexes"] or "").split(";") if columns)
    return Storage(indexes, rows[0]["bytes"], rows[0]["rows"])


def read_page(warehouse: Warehouse, query: TableQuery) -> tuple[list[Row], bool]:
    """The rows of a page, bytes as hex text, and whether more follow."""
    sql, values = _sql(query)
    bounded = f"{sql} LIMIT {PAGE_ROWS + 1} OFFSET {(query.page - 1) * PAGE_ROWS}"
    rows = warehouse.read(bounded, **values).to_pylist()
    return rows[:PAGE_ROWS], len(rows) > PAGE_ROWS


def read_series(warehouse: Warehouse, table: Table) -> list[Row]:
    """The rows of a table that has one a day or moment, newest first, up to MAX_SERIES_ROWS."""
    sql, values = _sql(TableQuery(table, Storage()))
    return warehouse.read(f"{sql} LIMIT {MAX_SERIES_ROWS}", **values).to_pylist()


def read_check_results(warehouse: Warehouse, names: Sequence[str]) -> dict[str, Row]:
    """The newest result of each check in the last days that have any, by the check's name."""
    values = {f"name_{position}": name for position, name in enumerate(names)}
    sql = RESULTS_SQL.replace("[names]", ", ".join(f"{{{name}}}" for name in values))
    return {row["name"]: row for row in warehouse.read(sql, **values).to_pylist()}


@contextmanager
def stream_rows(warehouse: Warehouse, query: TableQuery) -> Iterator[pa.RecordBatchReader]:
    """All rows of a query, of one moment, as record batches; bytes are hex text, and exact decimals text."""
    sql, values = _sql(query)
    with warehouse.stream(sql, MAX_DOWNLOAD_SECONDS, **values) as batches:
        yield batches


def read_object_text(store: ObjectStore, obj: PublicObject) -> bytes | None:
    """The newest version of a public object, unzipped; None while there is none."""
    body = store.get(latest_key(obj))
    return body and files.unzip(body)


def _sql(query: TableQuery) -> tuple[str, dict[str, Any]]:
    """The query of rows in their order, and its values; names are those of declared columns."""
    columns = ", ".join(_selected(column.name, column.type) for column in query.table.columns)
    conditions, values = _conditions(query)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {columns} FROM {query.table.name}{where} ORDER BY {_order(query)}", values


def _selected(name: str, kind: str) -> str:
    return f"'0x' || encode({name}, 'hex') AS {name}" if kind == "bytea" else name


def _conditions(query: TableQuery) -> tuple[list[str], dict[str, Any]]:
    conditions, values = _time_conditions(query)
    for position, (name, value) in enumerate(query.equal.items()):
        kind = table_query.type_of(query.table, name)
        conditions.append(f"{name} = {{equal_{position}}}::{kind}")
        # As text: a minus before a bare number would come after the cast of its digits.
        values[f"equal_{position}"] = f"\\{value[1:]}" if kind == "bytea" else str(value)
    return conditions, values


def _time_conditions(query: TableQuery) -> tuple[list[str], dict[str, Any]]:
    """Conditions in the column's own type, so that its index answers them."""
    column = table_query.time_column(query.table)
    if not query.dates or column is None:
        return [], {}
    day = query.dates.get(DAY)
    first, last = query.dates.get(FROM, day), query.dates.get(TO, day)
    if day:
        first, last = max(first or day, day), min(last or day, day)
    bounds = {
        "first": first and _bound(query.table, column, first),
        "end": _bound(query.table, column, last + timedelta(days=1)) if last and last < date.max else None,
    }
    signs = {"first": ">=", "end": "<"}
    if day and first == last == day and table_query.type_of(query.table, column) == "date":
        return [f"{column} = {{first}}"], {"first": day}
    values = {name: value for name, value in bounds.items() if value is not None}
    return [f"{column} {signs[name]} {{{name}}}" for name in values], values


def _bound(table: Table, column: str, day: date) -> date | datetime | int:
    midnight = datetime.combine(day, time(), UTC)
    if table_query.is_unix(table, column):
        return int(midnight.timestamp())
    return day if table_query.type_of(table, column) == "date" else midnight


def _order(query: TableQuery) -> str:
    """The order of the rows; the same rows always come in the same order.

    Without a chosen one, newest first and then by the first columns and the rest of the key. A leading height is the
    primary key, so it has an index; a time column may have none. In a large table, that of an index.
    """
    columns = list(query.table.fields)
    if not query.sort:
        leading = columns[0] if columns[0].endswith("_height") else table_query.time_column(query.table)
        others = dict.fromkeys([*columns[:MAX_SORT_COLUMNS], *query.table.key])
        return ", ".join([*([f"{leading} DESC"] if leading else []), *others])
    column = query.sort.removeprefix(DESCENDING)
    direction = "DESC" if query.sort.startswith(DESCENDING) else "ASC"
    if query.is_cheap:
        return ", ".join([f"{column} {direction} NULLS LAST", *(query.table.key or columns[:MAX_SORT_COLUMNS])])
    return ", ".join(f"{each} {direction}" for each in query.storage.index_of(column))


# An index on an expression, or on some rows only, is of no use to every query.
STORAGE_SQL = """
    SELECT pg_total_relation_size(held.oid) AS bytes,
           CASE WHEN held.reltuples >= 0 THEN held.reltuples::bigint END AS rows,
           (SELECT string_agg(
                (SELECT string_agg(attname, ',' ORDER BY place.ordinality)
                 FROM unnest(indkey[0:indnkeyatts - 1]) WITH ORDINALITY AS place (number, ordinality)
                 JOIN pg_attribute ON attrelid = held.oid AND attnum = place.number), ';' ORDER BY indexrelid)
            FROM pg_index WHERE indrelid = held.oid AND indpred IS NULL AND indexprs IS NULL) AS indexes
    FROM pg_class AS held
    WHERE held.relname = {name} AND held.relnamespace = 'public'::regnamespace AND held.relkind = 'r'
"""

RESULTS_SQL = """
    SELECT DISTINCT ON (name) name, day, checked_at, passed FROM quality_checks
    WHERE day > (SELECT max(day) FROM quality_checks) - 7 AND name IN ([names])
    ORDER BY name, checked_at DESC
"""
