"""Reads what the overview shows: all days, failed checks, comparisons with the chain, and the tip."""

from datetime import datetime

from plugins.page.day_reader import COMPARISONS, PRICE_CHECKS, STATE_OF_DAY, Row
from stacks_dataverse import paths
from stacks_dataverse.queries.days import MISSING_NOW_SQL
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot

# Sixty-eight years of days, and as many failures as an operator reads.
MAX_DAYS, MAX_FAILURES = 25_000, 50


def read_built_days(warehouse: Warehouse) -> list[Row]:
    """All built days with their states, newest first."""
    return warehouse.read(DAYS_SQL, most=MAX_DAYS).to_pylist()


def read_failed_checks(warehouse: Warehouse) -> list[Row]:
    """Failed checks of the present content that did not pass later; errors first.

    The check `missing_history` is not among them: days that were missing at the time of a check may be there by now.
    """
    chain, prices = warehouse.read(FAILURES_SQL, most=MAX_FAILURES), warehouse.read(PRICE_FAILURES_SQL)
    return [*chain.to_pylist(), *prices.to_pylist()]


def read_comparisons(warehouse: Warehouse) -> list[Row]:
    """The newest outcome of each comparison of all days with the chain."""
    return warehouse.read(COMPARISONS_SQL).to_pylist()


def read_last_snapshot_at(warehouse: Warehouse) -> datetime | None:
    """When the last tip snapshot was taken; None before the first."""
    return warehouse.scalar("SELECT max(taken_at) FROM spot_snapshots")


def read_snapshot_manifest(archive: ObjectStore, taken_at: datetime) -> TipSnapshot | None:
    """The manifest of a tip snapshot; None while there is none."""
    content = archive.get_json(paths.TIP_MANIFEST.format(at=f"{taken_at:%Y%m%dT%H%M%SZ}"))
    return None if content is None else TipSnapshot.from_json(content)


def read_missing_history(warehouse: Warehouse) -> Row | None:
    """Days that are missing before the newest built day, and the command that loads them; None when none are."""
    rows = warehouse.read(MISSING_NOW_SQL).to_pylist()
    return rows[0] if rows else None


def read_landed_days(archive: ObjectStore) -> set[str]:
    """All landed days, as ISO dates."""
    return archive.list_values(paths.RAW_MANIFEST, "day")


DAYS_SQL = f"SELECT * FROM ({STATE_OF_DAY}) AS state ORDER BY day DESC LIMIT {{most}}"

FAILURES_SQL = f"""
    SELECT outcome.day, outcome.name, outcome.kind, outcome.expected, outcome.actual, outcome.checked_at
    FROM quality_checks AS outcome JOIN built_days AS built ON built.day = outcome.day
    WHERE NOT outcome.passed AND outcome.checked_at >= built.built_at
      AND outcome.name NOT IN ({COMPARISONS}, 'missing_history')
      AND NOT EXISTS (SELECT FROM quality_checks AS later
                      WHERE later.day = outcome.day AND later.name = outcome.name
                        AND later.checked_at > outcome.checked_at)
    ORDER BY outcome.kind, outcome.day DESC, outcome.name LIMIT {{most}}
"""

PRICE_FAILURES_SQL = f"""
    SELECT * FROM (
        SELECT DISTINCT ON (name) day, name, kind, expected, actual, checked_at, passed
        FROM quality_checks WHERE name IN ({PRICE_CHECKS}) ORDER BY name, checked_at DESC
    ) AS newest WHERE NOT passed
"""

COMPARISONS_SQL = f"""
    SELECT DISTINCT ON (name) checked_at, day, name, passed, expected, actual, kind
    FROM quality_checks WHERE name IN ({COMPARISONS}) ORDER BY name, checked_at DESC
"""
