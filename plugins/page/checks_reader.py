"""Reads the results of checks over all days: how often each passed, and its last days."""

from plugins.page.day_reader import COMPARISONS, PRICE_CHECKS, Row
from stacks_dataverse.stores.warehouse import Warehouse

HISTORY_DAYS, MAX_NAMED = 30, 5


def read_counts(warehouse: Warehouse) -> list[Row]:
    """By check: on how many built days it was run, on how many it fails, the newest of these, and when it was last run.

    Of each day the newest result counts. Results from before a day was last built do not. Checks that are about more
    than a day are not among them.
    """
    return warehouse.read(COUNTS_SQL, most=MAX_NAMED).to_pylist()


def read_history(warehouse: Warehouse) -> list[Row]:
    """The newest result of each check of each of the last days, by day."""
    return warehouse.read(HISTORY_SQL, days=HISTORY_DAYS).to_pylist()


COUNTS_SQL = f"""
    SELECT name, count(*) AS days, count(*) FILTER (WHERE NOT passed) AS failed,
           (array_agg(day ORDER BY day DESC) FILTER (WHERE NOT passed))[:{{most}}] AS failed_days
    FROM (
        SELECT DISTINCT ON (outcome.day, outcome.name) outcome.day, outcome.name, outcome.passed
        FROM quality_checks AS outcome JOIN built_days AS built ON built.day = outcome.day
        WHERE outcome.checked_at >= built.built_at AND outcome.name NOT IN ({COMPARISONS}, {PRICE_CHECKS})
        ORDER BY outcome.day, outcome.name, outcome.checked_at DESC
    ) AS newest
    GROUP BY name
"""

HISTORY_SQL = """
    SELECT DISTINCT ON (name, day) name, day, passed, kind, expected, actual, checked_at
    FROM quality_checks WHERE day > (SELECT max(day) FROM quality_checks) - {days}::int
    ORDER BY name, day, checked_at DESC
"""
