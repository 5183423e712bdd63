"""Reads the results of checks over all days: how often each passed, and its last days.

Of each day the newest result counts. Results from before a day was last built do not. Checks of all days at once, such
as those of prices, have no days of their own.
"""

from plugins.page.day_reader import COMPARISONS, PRICE_CHECKS, Row
from stacks_dataverse.stores.warehouse import Warehouse

MAX_NAMED = 5
OF_ALL_DAYS = f"{COMPARISONS}, {PRICE_CHECKS}, 'missing_history'"


def read_day_counts(warehouse: Warehouse) -> dict[str, int]:
    """On how many built days each check was run, by its name."""
    return {row["name"]: row["days"] for row in warehouse.read(DAYS_SQL).to_pylist()}


def read_failed_days(warehouse: Warehouse) -> dict[str, Row]:
    """The number of days on which a check fails, and the newest of them, by its name; only of those that fail."""
    return {row["name"]: row for row in warehouse.read(FAILED_SQL, most=MAX_NAMED).to_pylist()}


def read_history(warehouse: Warehouse, days: int) -> list[Row]:
    """The newest result of each check of each of the last built days and of later ones, by check and day."""
    return warehouse.read(HISTORY_SQL, days=days).to_pylist()


DAYS_SQL = f"""
    SELECT name, count(*) AS days
    FROM (
        SELECT outcome.name, outcome.day
        FROM quality_checks AS outcome JOIN built_days AS built ON built.day = outcome.day
        WHERE outcome.checked_at >= built.built_at AND outcome.name NOT IN ({OF_ALL_DAYS})
        GROUP BY outcome.name, outcome.day
    ) AS checked
    GROUP BY name
"""

FAILED_SQL = f"""
    SELECT outcome.name, count(*) AS failed,
           (array_agg(outcome.day ORDER BY outcome.day DESC))[:{{most}}] AS failed_days
    FROM quality_checks AS outcome JOIN built_days AS built ON built.day = outcome.day
    WHERE NOT outcome.passed AND outcome.checked_at >= built.built_at AND outcome.name NOT IN ({OF_ALL_DAYS})
      AND NOT EXISTS (SELECT FROM quality_checks AS later
                      WHERE later.day = outcome.day AND later.name = outcome.name
                        AND later.checked_at > outcome.checked_at)
    GROUP BY outcome.name
"""

HISTORY_SQL = """
    SELECT DISTINCT ON (name, day) name, day, passed, kind, expected, actual, checked_at
    FROM quality_checks WHERE day > (SELECT max(day) FROM built_days) - {days}::int
    ORDER BY name, day, checked_at DESC
"""
