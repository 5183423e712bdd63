"""How public objects under `v1/` are declared: rows of typed columns, in one envelope."""

from collections.abc import Iterable
from typing import Any

from stacks_dataverse import envelope
from stacks_dataverse.dataset import Column, PublicObject, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.public_files import v1_path

# A warning of every series: what is not loaded is not made up.
NOT_LOADED = "A day that is not loaded has no row."
UP_TO_THE_DAY = "day <= {day} AND day IN (SELECT loaded.day FROM loaded_days AS loaded)"
# Of a table with many rows a day: an array is looked up in its index, where a join may read all of it.
LAST_90_DAYS = """day = ANY (ARRAY(
    SELECT loaded.day FROM loaded_days AS loaded WHERE loaded.day > {day}::date - 90 AND loaded.day <= {day}
))"""


def rows_object(
    name: str,
    columns: Iterable[Column],
    rows: str,
    method: str,
    *,
    title: str,
    group: Group,
    is_dated: bool = False,
    warnings: tuple[str, ...] = (),
    **more: Any,
) -> PublicObject:
    """Declare `v1/<name>.json.gz`, or `v1/<name>/<day>.json.gz` and `latest` if every day keeps a version of its own.

    Args:
        columns: of the query, in its order.
        rows: the query, up to `{day}`, in an order that is the same for the same rows.
        more: of PublicObject, such as `schedule`.
    """
    columns = tuple(columns)
    return PublicObject(
        name=name,
        path=v1_path(name, is_dated=is_dated),
        rows=rows,
        method=method,
        title=title,
        group=group,
        fields=envelope.fields(columns, warnings),
        columns=columns,
        warnings=warnings,
        **more,
    )


def series_object(table: Table, name: str, *, title: str, warnings: tuple[str, ...] = (), **more: Any) -> PublicObject:
    """Declare the public object of a table of one row a day: all its columns, a row for each day up to the newest."""
    query = f"SELECT {', '.join(table.fields)} FROM {table.name} WHERE {UP_TO_THE_DAY} ORDER BY {', '.join(table.key)}"
    warnings = (NOT_LOADED, *table.warnings, *warnings)
    return rows_object(
        name,
        table.columns,
        query,
        table.method,
        title=title,
        group=table.group,
        headline=f"{table.name}.{table.headline}",
        warnings=warnings,
        **more,
    )
