"""What the page asks of the warehouse and of the object store: every question of the former stands here.

All are bounded, and asked over a connection that can only read and waits three seconds at most.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from stacks_dataverse import catalog, files, paths
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.queries.days import FAILED_DAYS, FIGURES_DUE
from stacks_dataverse.runners import land
from stacks_dataverse.runners.compare import CHANGED, LOOSE, MISSING
from stacks_dataverse.runners.publish import LATEST
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot
from stacks_dataverse.window import Window

Row = dict[str, Any]

# Sixty-eight years of days, and a sane page of anything else.
MOST_DAYS, MOST_FAILURES, MOST_ROWS, MOST_SORTED = 25_000, 50, 200, 4
# As many connections as a client of botocore keeps.
HEADS_AT_ONCE = 10


def days(warehouse: Warehouse) -> list[Row]:
    """Every built day, ascending, with what became of it."""
    return warehouse.read(DAYS_SQL, most=MOST_DAYS).to_pylist()


def failures(warehouse: Warehouse) -> list[Row]:
    """Failed checks of what is held now that no later outcome of the same check took back; errors first.

    A past that was missing when a day was checked may be there by now: `history.missing` says what still is.
    """
    chain, prices = warehouse.read(FAILURES_SQL, most=MOST_FAILURES), warehouse.read(PRICE_FAILURES_SQL)
    return [*chain.to_pylist(), *prices.to_pylist()]


def comparisons(warehouse: Warehouse) -> list[Row]:
    """The newest outcome of each comparison of all days with the chain."""
    return warehouse.read(COMPARISONS_SQL).to_pylist()


def changes(warehouse: Warehouse) -> list[Row]:
    """Comparisons that found days changed by a fork, newest first."""
    return warehouse.read(CHANGES_SQL, most=MOST_ROWS).to_pylist()


def published(warehouse: Warehouse) -> dict[str, Row]:
    """Up to when the data of each public object go, by its name."""
    return {row["name"]: row for row in warehouse.read(PUBLISHED_SQL).to_pylist()}


def table_sizes(warehouse: Warehouse) -> dict[str, Row]:
    """Bytes of each table with its indexes, and about how many rows, by its name; null rows are not known."""
    return {row["name"]: row for row in warehouse.read(SIZES_SQL).to_pylist()}


def looked_at(warehouse: Warehouse) -> Any:
    """When the tip was last looked at; None before there was a look."""
    return warehouse.scalar("SELECT max(taken_at) FROM spot_snapshots")


def day(warehouse: Warehouse, when: date) -> Row | None:
    """A built day, with what became of it; None for a day that is not built."""
    rows = warehouse.read(DAY_SQL, day=when).to_pylist()
    return rows[0] if rows else None


def checks(warehouse: Warehouse, when: date) -> list[Row]:
    """The newest outcome of each check of a day; what failed first."""
    return warehouse.read(CHECKS_SQL, day=when).to_pylist()


def row_counts(warehouse: Warehouse, tables: Sequence[Table], when: date) -> dict[str, int]:
    """Rows of a day in each table of days, by the table's name."""
    asked = [table for table in tables if table.kind in (Kind.FACT, Kind.FIGURE)]
    counts = " UNION ALL ".join(
        f"SELECT '{table.name}' AS name, count(*) AS rows FROM {table.name} WHERE {_is_of_day(table)}"
        for table in asked
    )
    return {row["name"]: row["rows"] for row in warehouse.read(counts, day=when).to_pylist()}


def newest_rows(warehouse: Warehouse, table: Table) -> list[Row]:
    """The newest rows of a table by its height, moment or day; the first by its first column where it has none."""
    asked = f"SELECT {', '.join(table.fields)} FROM {table.name} ORDER BY {_order(table)} LIMIT {{most}}"
    return warehouse.read(asked, most=MOST_ROWS).to_pylist()


def manifest(archive: ObjectStore, when: date) -> Manifest | None:
    """What was landed of a day; None while it is not."""
    return land.read_manifest(archive, Window(when))


def look(archive: ObjectStore, taken_at: Any) -> TipSnapshot | None:
    """The manifest of a tip snapshot; None while there is none."""
    content = archive.get_json(paths.TIP_MANIFEST.format(at=f"{taken_at:%Y%m%dT%H%M%SZ}"))
    return None if content is None else TipSnapshot.from_json(content)


def object_text(store: ObjectStore, declared: PublicObject) -> bytes | None:
    """The newest version of a public object, unzipped; None while there is none."""
    body = store.get(latest_key(declared))
    return body and files.unzipped(body)


def object_sizes(store: ObjectStore, objects: Sequence[PublicObject]) -> dict[str, int | None]:
    """Bytes of the newest version of each object as it is stored, by name; None while there is none."""
    with ThreadPoolExecutor(HEADS_AT_ONCE) as pool:
        sizes = pool.map(store.size, map(latest_key, objects))
        return {declared.name: size for declared, size in zip(objects, sizes, strict=True)}


def latest_key(declared: PublicObject) -> str:
    """The key of an object's newest version."""
    return declared.path.format(version=LATEST)


def values(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows with bytes as hex, as a page can show them."""
    return [{name: _shown(value) for name, value in row.items()} for row in rows]


def _shown(value: Any) -> Any:
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def _order(table: Table) -> str:
    """Newest first, and then by the first columns, so that the same rows come in the same order.

    A height that comes first is the key of its table, and found by an index where a moment beside it is not.
    """
    columns = list(table.fields)
    times = [name for name in columns if name == table.day_key or name.endswith(("_at", "timestamp"))]
    leading = columns[:1] if columns[0].endswith("_height") else times[:1]
    return ", ".join([*(f"{name} DESC" for name in leading), *columns[:MOST_SORTED]])


def _is_of_day(table: Table) -> str:
    if table.day_key == "timestamp":
        return "timestamp = extract(epoch FROM {day}::date)::bigint"
    return f"{table.day_key} = {{day}}"


# `is_due`: figures or publishing have not caught up with the day's content.
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

DAYS_SQL = f"SELECT * FROM ({STATE_OF_DAY}) AS state ORDER BY day DESC LIMIT {{most}}"

DAY_SQL = f"SELECT * FROM ({STATE_OF_DAY}) AS state WHERE day = {{day}}"

COMPARED = f"'{MISSING}', '{CHANGED}', '{LOOSE}'"
OF_PRICES = ", ".join(f"'{check.name}'" for check in catalog.MARKET_CHECKS)

FAILURES_SQL = f"""
    SELECT outcome.day, outcome.name, outcome.kind, outcome.expected, outcome.actual, outcome.checked_at
    FROM quality_checks AS outcome JOIN built_days AS built ON built.day = outcome.day
    WHERE NOT outcome.passed AND outcome.checked_at >= built.built_at
      AND outcome.name NOT IN ({COMPARED}, 'missing_history')
      AND NOT EXISTS (SELECT FROM quality_checks AS later
                      WHERE later.day = outcome.day AND later.name = outcome.name
                        AND later.checked_at > outcome.checked_at)
    ORDER BY outcome.kind, outcome.day DESC, outcome.name LIMIT {{most}}
"""

PRICE_FAILURES_SQL = f"""
    SELECT * FROM (
        SELECT DISTINCT ON (name) day, name, kind, expected, actual, checked_at, passed
        FROM quality_checks WHERE name IN ({OF_PRICES}) ORDER BY name, checked_at DESC
    ) AS newest WHERE NOT passed
"""

COMPARISONS_SQL = f"""
    SELECT DISTINCT ON (name) checked_at, day, name, passed, expected, actual, kind
    FROM quality_checks WHERE name IN ({COMPARED}) ORDER BY name, checked_at DESC
"""

CHANGES_SQL = f"""
    SELECT checked_at, actual FROM quality_checks WHERE name = '{CHANGED}' AND NOT passed
    ORDER BY checked_at DESC LIMIT {{most}}
"""

CHECKS_SQL = f"""
    SELECT * FROM (
        SELECT DISTINCT ON (name) name, checked_at, passed, expected, actual, kind
        FROM quality_checks WHERE day = {{day}} AND name NOT IN ({COMPARED}, {OF_PRICES})
        ORDER BY name, checked_at DESC
    ) AS newest ORDER BY passed, kind, name
"""

PUBLISHED_SQL = "SELECT name, as_of, stale_since FROM published_objects"

SIZES_SQL = """
    SELECT relname::text AS name, pg_total_relation_size(oid) AS bytes,
           CASE WHEN reltuples >= 0 THEN reltuples::bigint END AS rows
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
