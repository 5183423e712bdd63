"""Compare built days with the chain as it is now, and with one another; nothing is changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from stacks_dataverse.data_check import Severity
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.queries.comparisons import CHANGED, MISSING, UNLINKED
from stacks_dataverse.queries.days import NEWEST_LOADED
from stacks_dataverse.runners.land import is_settled, read_loaded_height, refuse_behind
from stacks_dataverse.runners.outcomes import record
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window

NONE = "none"
# At most so many of each are named; a fork changes consecutive days, so that its days are few ranges.
MAX_RANGES, MAX_UNLINKED = 100, 10


@dataclass(frozen=True)
class Findings:
    """Days that are not loaded, days whose source changed since they landed, and blocks without their parent.

    An unlinked block comes with the range of days that has to be repaired, and a text.
    """

    missing: list[date]
    changed: list[date]
    unlinked: list[tuple[date, date, str]]

    @property
    def days(self) -> list[date]:
        """The first and the last day to be landed and built again; none when all is well."""
        days = sorted(
            [*self.missing, *self.changed, *(day for first, last, _ in self.unlinked for day in (first, last))]
        )
        return [days[0], days[-1]] if days else []

    def checks(self) -> dict[str, str]:
        """The findings in text, by the name of the check; days as ranges such as `2024-10-28 to 2024-10-30`."""
        return {
            MISSING: _format_list(format_ranges(self.missing), MAX_RANGES),
            CHANGED: _format_list(format_ranges(self.changed), MAX_RANGES),
            UNLINKED: _format_list([text for _, _, text in self.unlinked], MAX_UNLINKED),
        }


NOTHING = Findings([], [], [])


def compare_days(
    source: StacksDb,
    warehouse: Warehouse,
    first: Window,
    last: Window,
    margin_hours: float,
    checked_at: datetime,
) -> Findings:
    """Compare a range of days with the chain and with one another; the outcomes are checks of the last day.

    A day that was provisional when it landed and is final now counts as changed. Days that the chain does not hold, as
    those after its tip, are not compared: they cannot be landed.

    Raises:
        Retryable: the node is behind what is loaded, so that nothing can be compared.
    """
    source.refresh_snapshot()
    refuse_behind(source, read_loaded_height(warehouse))
    held = source.held()
    findings = _compare(source, warehouse, max(first, held[0]), min(last, held[1]), margin_hours) if held else NOTHING
    _store(warehouse, last, findings, checked_at)
    return findings


def read_loaded_range(warehouse: Warehouse) -> tuple[Window, Window] | None:
    """The first and the last loaded day, which is never one past the chain's tip; None without any."""
    ends = warehouse.read(ENDS_SQL).to_pylist()[0]
    return (Window(ends["first"]), Window(ends["last"])) if ends["last"] else None


def read_unlinked_blocks(warehouse: Warehouse, first: Window, last: Window) -> list[tuple[date, date, str]]:
    """Blocks of the days whose parent is not one height below; without any, the heights have no gap.

    The parent of block 1 is never canonical, and the lowest block held has none. Before Nakamoto times step back, so
    that a block missing in a day may belong to the day before or after: it is reported when both are built.
    """
    return [_describe(row) for row in warehouse.read(UNLINKED_SQL, first=first, last=last).to_pylist()]


def _compare(source: StacksDb, warehouse: Warehouse, first: Window, last: Window, margin_hours: float) -> Findings:
    wrong: dict[str, list[date]] = {MISSING: [], CHANGED: []}
    for windows in first.months_until(last).values():
        for name, day in _wrong_days(source, warehouse, windows, margin_hours):
            wrong[name].append(day)
    return Findings(wrong[MISSING], wrong[CHANGED], read_unlinked_blocks(warehouse, first, last))


def _wrong_days(
    source: StacksDb, warehouse: Warehouse, windows: Sequence[Window], margin_hours: float
) -> Iterator[tuple[str, date]]:
    digests = source.digests(windows[0], windows[-1])
    for held in warehouse.read(HELD_SQL, first=windows[0], last=windows[-1]).to_pylist():
        day = held["day"]
        expected = digests[day] | {"settled": held["settled"] or is_settled(source, Window(day), margin_hours)}
        if not held["is_loaded"]:
            yield MISSING, day
        elif any(held[name] != value for name, value in expected.items()):
            yield CHANGED, day


def _describe(row: dict[str, Any]) -> tuple[date, date, str]:
    height, day, below = row["block_height"], row["day"], row["day_below"]
    holder = row["holder"] or (below if row["height_below"] == height - 1 else None)
    if holder:
        text = f"the parent of block {height} on {day} is not block {height - 1} in {holder}"
        return min(holder, day), max(holder, day), text
    return below, day, f"heights {row['height_below'] + 1} to {height - 1} between {below} and {day} are missing"


def format_ranges(days: Iterable[date]) -> list[str]:
    """Return days as text, consecutive ones as a range."""
    ordinals = enumerate(sorted({day.toordinal() for day in days}))
    together = [[n for _, n in same] for _, same in groupby(ordinals, key=lambda item: item[1] - item[0])]
    ends = [(date.fromordinal(same[0]), date.fromordinal(same[-1])) for same in together]
    return [f"{first} to {last}" if first < last else str(first) for first, last in ends]


def _format_list(items: list[str], most: int) -> str:
    shown = ", ".join(items[:most]) or NONE
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown


def _store(warehouse: Warehouse, window: Window, findings: Findings, checked_at: datetime) -> None:
    outcomes = [
        {"name": name, "passed": actual == NONE, "expected": NONE, "actual": actual, "kind": Severity.WARNING.value}
        for name, actual in findings.checks().items()
    ]
    with warehouse.transaction():
        record(warehouse, window.day, outcomes, checked_at)


ENDS_SQL = f"SELECT min(day) AS first, ({NEWEST_LOADED}) AS last FROM loaded_days"

HELD_SQL = f"""
    SELECT calendar.day::date AS day, built.settled, built.blocks_digest, daily_microblocks.microblocks_digest,
           loaded.day IS NOT NULL AS is_loaded
    FROM generate_series({{first}}::date, {{last}}::date, '1 day') AS calendar (day)
    LEFT JOIN built_days AS built ON built.day = calendar.day
    LEFT JOIN daily_microblocks ON daily_microblocks.day = calendar.day
    LEFT JOIN loaded_days AS loaded ON loaded.day = calendar.day
    WHERE calendar.day BETWEEN (SELECT min(day) FROM loaded_days) AND ({NEWEST_LOADED})
    ORDER BY calendar.day
"""

UNLINKED_SQL = """
    WITH loose AS MATERIALIZED (
        SELECT day, block_height FROM block_edges AS edge
        WHERE day BETWEEN {first} AND {last} AND parent_is_elsewhere AND block_height > 1
              AND block_height > (SELECT min(block_height) FROM block_edges)
              AND NOT EXISTS (SELECT FROM block_edges AS parent
                              WHERE parent.block_height = edge.block_height - 1 AND parent.child_is_elsewhere
                                    AND parent.index_block_hash = edge.parent_index_block_hash)
    )
    SELECT loose.*, holder.day AS holder, below.day AS day_below, below.block_height AS height_below
    FROM loose
    LEFT JOIN LATERAL (
        SELECT day FROM built_days
        WHERE loose.block_height - 1 BETWEEN first_block_height AND last_block_height AND day <> loose.day
        ORDER BY day LIMIT 1
    ) AS holder ON true
    LEFT JOIN LATERAL (
        SELECT day, block_height FROM block_edges WHERE child_is_elsewhere AND block_height < loose.block_height
        ORDER BY block_height DESC LIMIT 1
    ) AS below ON true
    WHERE holder.day IS NOT NULL OR below.day <> loose.day OR below.block_height = loose.block_height - 1
          OR 2 = (SELECT count(*) FROM built_days WHERE day IN (loose.day - 1, loose.day + 1))
    ORDER BY loose.block_height
"""
