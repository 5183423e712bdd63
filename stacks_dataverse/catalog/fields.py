"""What declarations share: columns that many tables have, and queries of one value a day."""

from stacks_dataverse.caveats import of_rows
from stacks_dataverse.dataset import Column
from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.units import Unit

DAY = Column("day", "date", "UTC day")

# Warnings of tables and columns that depend on all of the past.
PAST = "Null if an earlier day of the chain is missing; the check missing_history shows how to load it."
PAST_ROWS = of_rows("No rows if an earlier day of the chain is missing.")

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


def query_each_day(table: str, column: str, *, divisor: int = 1, until: str = "{day}::date") -> str:
    """A query of a column for every day since the first loaded one; null for a day that is not loaded.

    Args:
        divisor: units of the column in one of the value, where these differ.
        until: SQL for the last day.
    """
    value = f"{table}.{column}" if divisor == 1 else f"{table}.{column} / {divisor}::double precision"
    return f"""
        SELECT calendar.day::date AS day, {value} AS value
        FROM generate_series((SELECT min(day) FROM loaded_days), {until}, '1 day') AS calendar (day)
        LEFT JOIN loaded_days AS loaded ON loaded.day = calendar.day
        LEFT JOIN {table} ON {table}.day = loaded.day
        ORDER BY calendar.day
    """


def meaning_of(unit: Unit | str, more: str = "") -> str:
    """The meaning of a field that is no more than its unit, or than what is counted."""
    return unit(f"{unit.name}{more}") if isinstance(unit, Unit) else f"{unit}{more}"


def series_of(unit: Unit | str) -> dict[str, str]:
    """The fields of a series: one value a day."""
    return {"<unix seconds of UTC midnight>": meaning_of(unit, "; null if the day is not loaded")}
