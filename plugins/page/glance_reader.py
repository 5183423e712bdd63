"""Reads which days of each dataset are here, and the last values of the daily figures that stand for datasets."""

from collections.abc import Iterable, Sequence

from plugins.page.day_reader import Row
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.stores.warehouse import Warehouse

# How far the values go back.
DAYS = 60

# Columns that say of when a row is, of tables that are not built by the day.
MOMENTS = ("hour_at", "taken_at")


def read_coverage(warehouse: Warehouse, tables: Sequence[Table], present: Iterable[str]) -> dict[str, Row]:
    """The `first` and `last` day of each table in the warehouse, and how many `days`, by its name.

    A table without days has no row.

    Args:
        present: the names of the tables that there are.
    """
    counted = " UNION ALL ".join([BUILT_SQL, *(_moments_sql(table) for table in tables if table.name in present)])
    rows = warehouse.read(f"SELECT * FROM ({counted}) AS counted WHERE last IS NOT NULL").to_pylist()
    return {row.pop("name"): row for row in rows}


def read_headlines(warehouse: Warehouse, names: Iterable[str], present: Iterable[str]) -> dict[str, list[Row]]:
    """The values of daily figures in the last days, by their names, as `table.column`; each with its days, in order."""
    queries = [_days_sql(*name.split(".")) for name in names if name.split(".")[0] in present]
    found: dict[str, list[Row]] = {}
    for row in warehouse.read(" UNION ALL ".join(queries)).to_pylist() if queries else ():
        found.setdefault(row["name"], []).append(row)
    return {name: sorted(rows, key=lambda row: row["day"]) for name, rows in found.items()}


def _moments_sql(table: Table) -> str:
    """A query of the days of a table that is not built by the day: those of its rows, or of its moments."""
    names = [column.name for column in table.columns]
    moment = next((name for name in MOMENTS if name in names), "")
    if table.kind in (Kind.FACT, Kind.FIGURE, Kind.STATE, Kind.VIEW) or not (moment or table.key == ("day",)):
        return f"SELECT '{table.name}' AS name, NULL::date AS first, NULL::date AS last, 0 AS days"
    if moment:
        return (
            f"SELECT '{table.name}', first, last, last - first + 1 FROM (SELECT min({moment})::date AS first, "
            f"max({moment})::date AS last FROM {table.name}) AS ends"
        )
    return f"SELECT '{table.name}', min(day), max(day), count(DISTINCT day) FROM {table.name}"


def _days_sql(table: str, column: str) -> str:
    return f"""
        SELECT '{table}.{column}' AS name, day, {column}::double precision AS value
        FROM {table} WHERE day > (SELECT max(day) FROM {table}) - {DAYS}
    """


BUILT_SQL = """
    SELECT table_name AS name, min(day) AS first, max(day) AS last, count(*) AS days
    FROM built_tables WHERE failure IS NULL GROUP BY table_name
"""
