"""Reads what the page says of one day: its state, its checks, its rows and its manifest.

Every query of the page is bounded, and runs over a read-only connection with a timeout of three seconds.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from stacks_dataverse import catalog, paths
from stacks_dataverse.dataset import Table
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.queries.comparisons import CHANGED, MISSING, UNLINKED
from stacks_dataverse.queries.days import FAILED_DAYS, FIGURES_DUE
from stacks_dataverse.queries.row_counts import row_counts
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

Row = dict[str, Any]

# Far more failed comparisons than a chain has in a year; a bound for the query.
MAX_REORGS = 200


def read_built_day(warehouse: Warehouse, when: date) -> Row | None:
    """A built day with its state; None for a day that is not built."""
    rows = warehouse.read(DAY_SQL, day=when).to_pylist()
    return rows[0] if rows else None


def read_checks(warehouse: Warehouse, when: date) -> list[Row]:
    """The newest result of each check of a day; failures first."""
    return warehouse.read(CHECKS_SQL, day=when).to_pylist()


def read_reorgs(warehouse: Warehouse) -> list[Row]:
    """Comparisons that found days changed by a reorg, newest first."""
    return warehouse.read(REORGS_SQL, most=MAX_REORGS).to_pylist()


def read_row_counts(warehouse: Warehouse, tables: Sequence[Table], when: date) -> dict[str, int]:
    """Rows of a day in each table that has rows by day, by the table's name."""
    rows = warehouse.read(row_counts(tables), first=when, last=when).to_pylist()
    return {row["name"]: row["rows"] for row in rows}


def read_manifest(archive: ObjectStore, when: date) -> Manifest | None:
    """The manifest of a landed day; None for a day that is not landed."""
    content = archive.get_json(paths.RAW_MANIFEST.format(day=when))
    return None if content is None else Manifest.from_json(content)


# `is_due`: daily snapshots or public objects are older than the content of the day.
STATE_OF_DAY = f"""
    SELECT built.day, built.settled, built.landed_at, built.built_at, built.first_block_height,
           built.last_block_height, built.block_count, built.tx_count, built.blocks_digest,
           loaded.day IS NOT NULL AS is_loaded,
           {FIGURES_DUE.format(day="built.day")} OR built.revision > built.published_revision AS is_due,
           failed.day IS NOT NULL AS has_failed
    FROM built_days AS built
    LEFT JOIN loaded_days AS loaded ON loaded.day = built.day
    LEFT JOIN ({FAILED_DAYS}) AS failed ON failed.day = built.day
"""

DAY_SQL = f"SELECT * FROM ({STATE_OF_DAY}) AS state WHERE day = {{day}}"

COMPARISONS = f"'{MISSING}', '{CHANGED}', '{UNLINKED}'"
PRICE_CHECKS = ", ".join(f"'{check.name}'" for check in catalog.MARKET_CHECKS)

REORGS_SQL = f"""
    SELECT checked_at, actual FROM quality_checks WHERE name = '{CHANGED}' AND NOT passed
    ORDER BY checked_at DESC LIMIT {{most}}
"""

CHECKS_SQL = f"""
    SELECT * FROM (
        SELECT DISTINCT ON (name) name, checked_at, passed, expected, actual, kind
        FROM quality_checks WHERE day = {{day}} AND name NOT IN ({COMPARISONS}, {PRICE_CHECKS})
        ORDER BY name, checked_at DESC
    ) AS newest ORDER BY passed, kind, name
"""
