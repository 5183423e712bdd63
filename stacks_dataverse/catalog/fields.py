"""What declarations share: columns that many tables have, and queries of one value a day."""

from typing import Any

from stacks_dataverse.caveats import of_rows
from stacks_dataverse.dataset import Column
from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import Unit

DAY = Column("day", "date", "UTC day")

# Warnings of tables and columns that depend on all of the past.
PAST = "Null if an earlier day of the chain is missing; the check missing_history shows how to load it."
PAST_ROWS = of_rows("No rows if an earlier day of the chain is missing.")

# When the value of a day in a series is null.
NOT_LOADED = "if the day is not loaded"
NOT_KNOWN = "if the day is not loaded, or an earlier one is missing"

# Whether all of the past is known at the end of the day.
PAST_IS_KNOWN = "SELECT supply_ustx IS NOT NULL FROM daily_balances WHERE day = {day}"

# Where an event happened.
PLACE_MEANINGS = (
    "height of the canonical block",
    "place of its microblock in the block; 2147483647 for the anchored part",
    "place of its transaction there",
    "place of the event in its transaction",
)
PLACE = tuple(Column(name, "integer", meaning) for name, meaning in zip(EVENT_ORDER, PLACE_MEANINGS, strict=True))


def query_known_since(days: int) -> str:
    """A query of whether all of the last `days` days up to `{day}` are loaded, or the whole past is."""
    return f"""
        SELECT supply_ustx IS NOT NULL
               OR {days} = (SELECT count(*) FROM loaded_days WHERE day > {{day}}::date - {days} AND day <= {{day}})
        FROM daily_balances WHERE day = {{day}}
    """


def query_each_day(table: str, column: str, *, name: str = "", divisor: int = 1, until: str = "{day}::date") -> str:
    """A query of a column for every day since the first loaded one; null for a day that is not loaded.

    Args:
        name: of the value, where it is not the column's.
        divisor: units of the column in one of the value, where these differ.
        until: SQL for the last day.
    """
    value = f"{table}.{column}" if divisor == 1 else f"{table}.{column} / {divisor}::double precision"
    return f"""
        SELECT calendar.day::date AS day, {value} AS {name or column}
        FROM generate_series((SELECT min(day) FROM loaded_days), {until}, '1 day') AS calendar (day)
        LEFT JOIN loaded_days AS loaded ON loaded.day = calendar.day
        LEFT JOIN {table} ON {table}.day = loaded.day
        ORDER BY calendar.day
    """


def meaning_of(unit: Unit | str, more: str = "") -> str:
    """The meaning of a field that is no more than its unit, or than what is counted."""
    return unit(f"{unit.name}{more}") if isinstance(unit, Unit) else f"{unit}{more}"


def daily_series(
    table: str,
    column: str,
    meaning: str,
    unit: Unit | str,
    *,
    null: str = NOT_LOADED,
    ustx: bool = False,
    until: str = "{day}::date",
) -> dict[str, Any]:
    """What a PublicObject of one value a day is declared with: query, columns, and the predecessor's shape and fields.

    Args:
        column: of the table; the value has its name, but for amounts.
        unit: what is counted, or the unit of an amount.
        ustx: whether it is in µSTX, which are published as STX.
    """
    name, divisor = (column.replace("_ustx", "_stx"), 1_000_000) if ustx else (column, 1)
    kind, measure = ("double precision", unit) if isinstance(unit, Unit) else ("bigint", "")
    return {
        "rows": query_each_day(table, column, name=name, divisor=divisor, until=until),
        "columns": (DAY, Column(name, kind, meaning, measure, null)),
        "shape": shapes.series,
        "fields": series_of(unit),
    }


def series_of(unit: Unit | str) -> dict[str, str]:
    """The fields of a series: one value a day."""
    return {"<unix seconds of UTC midnight>": meaning_of(unit, "; null if the day is not loaded")}
