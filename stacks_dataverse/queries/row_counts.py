"""How many rows the days from `{first}` to `{last}` have, in each table that has rows by day; as SQL."""

from collections.abc import Iterable

from stacks_dataverse.dataset import Kind, Table


def row_counts(tables: Iterable[Table]) -> str:
    """A query of the `name` of each fact and figure among tables, and its number of `rows`."""
    by_day = [table for table in tables if table.kind in (Kind.FACT, Kind.FIGURE)]
    return " UNION ALL ".join(
        f"SELECT '{table.name}' AS name, count(*) AS rows FROM {table.name} WHERE {_is_of_days(table)}"
        for table in by_day
    )


def _is_of_days(table: Table) -> str:
    first, last = "{first}::date", "{last}::date"
    if table.day_key == "timestamp":
        first, last = (f"extract(epoch FROM {day})::bigint" for day in (first, last))
    return f"{table.day_key} BETWEEN {first} AND {last}"
