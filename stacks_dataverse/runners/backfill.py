"""Many days at a time: land, build or check each day that is out of date, and skip the others.

Every function goes day by day in one process and connection, and yields each day when it is done; so a task that
was killed resumes at the first day that was not done.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from stacks_dataverse.data_check import Check
from stacks_dataverse.dataset import Table
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.network import Network
from stacks_dataverse.queries.days import MISSING_TABLES
from stacks_dataverse.runners import build, check, due, land, raw_archive
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
DONE, UNCHANGED, FAILED = "done", "unchanged", "failed"

# A day that is built but for tables that failed.
INCOMPLETE = "incomplete"


def refuse_outside(source: StacksDb, first: Window, last: Window, loaded_height: int | None) -> None:
    """Refuse days that the source does not hold.

    Raises:
        Terminal: days before the chain began, or after its tip.
        Retryable: the node is behind what is loaded.
    """
    land.refuse_behind(source, loaded_height)
    held = source.held()
    if held is None:
        raise Terminal("stacks_db has no blocks yet: there is nothing to land.")
    began, ended = held
    if first < began or last > ended:
        raise Terminal(
            f"{first} to {last} is outside the chain of stacks_db, {began} to {ended}; choose days within it."
        )


def refuse_unlanded(archive: ObjectStore, first: Window, last: Window) -> None:
    """Refuse days before the first landed one, or after the last: they cannot be built.

    Raises:
        Terminal: there are such days.
    """
    landed = raw_archive.list_landed_days(archive)
    if not landed:
        raise Terminal("No day is landed yet; add `land` to the Param `what`.")
    if str(first) < min(landed) or str(last) > max(landed):
        raise Terminal(
            f"{first} to {last} is outside the landed days, {min(landed)} to {max(landed)}; choose days within "
            "them, or add `land` to the Param `what`."
        )


def land_days(
    source: StacksDb,
    archive: ObjectStore,
    windows: Sequence[Window],
    margin_hours: float,
    checks: Sequence[Check],
    clock: Clock,
    *,
    loaded_height: int | None = None,
    redo_before: datetime | None = None,
) -> Iterator[tuple[Window, Manifest | None]]:
    """Land the days of a range that differ from the chain as it is now; yield each with its new manifest.

    A day that was landed so already has None.

    Args:
        checks: those that a day must pass before it counts as landed.
        loaded_height: the highest height that the warehouse holds, where it is at hand.
        redo_before: land also what was landed before then, though it is unchanged.
    """
    source.refresh_snapshot()
    digests, tx_counts = (read(windows[0], windows[-1]) for read in (source.digests, source.tx_counts))
    for window in windows:
        expected = digests[window.day] | {"settled": land.is_settled(source, window, margin_hours)}
        if _is_landed(raw_archive.read_manifest(archive, window), expected, tx_counts[window.day], redo_before):
            yield window, None
        else:
            yield window, land.land_day(source, archive, window, margin_hours, clock(), checks, loaded_height)


def build_days(
    archive: ObjectStore,
    warehouse: Warehouse,
    windows: Sequence[Window],
    tables: Sequence[Table],
    clock: Clock,
    network: Network,
    *,
    redo_before: datetime | None = None,
    only: Collection[str] | None = None,
) -> Iterator[tuple[Window, str]]:
    """Build what is due of the landed days; yield each day with its outcome.

    Args:
        tables: all facts and end-of-day figures.
        redo_before: build also what was built before then, though it is unchanged.
        only: names of the tables to build, on days that are built of what is landed; the others are built whole.
    Raises:
        Terminal: some days cannot be built; the others are built all the same.
    """
    day = partial(_build_day, archive, warehouse, tables, clock, network, redo_before, only)
    return _run_each(windows, day)


def check_days(
    archive: ObjectStore, warehouse: Warehouse, windows: Sequence[Window], checks: Sequence[Check], clock: Clock
) -> Iterator[tuple[Window, str]]:
    """Check the built days that have not passed since, when their figures are made; yield each with its outcome.

    Raises:
        Terminal: some days failed their checks; the others are checked all the same.
    """
    return _run_each(windows, lambda window: _check_day(archive, warehouse, window, checks, clock))


def _run_each(windows: Sequence[Window], step: Callable[[Window], str]) -> Iterator[tuple[Window, str]]:
    failures: dict[Window, Terminal] = {}
    for window in windows:
        outcome = FAILED
        try:
            outcome = step(window)
        except Terminal as error:
            log.error("%s", error)
            failures[window] = error
        yield window, outcome
    if failures:
        first = next(iter(failures.values()))
        raise Terminal(
            f"{len(failures)} of {len(windows)} days failed: {', '.join(map(str, failures))}. The first error: {first}"
        )


def _build_day(
    archive: ObjectStore,
    warehouse: Warehouse,
    tables: Sequence[Table],
    clock: Clock,
    network: Network,
    redo_before: datetime | None,
    only: Collection[str] | None,
    window: Window,
) -> str:
    manifest = raw_archive.read_manifest(archive, window)
    if manifest is None:
        raise Terminal(f"{window} is not landed; add `land` to the Param `what`.")
    facts = due.find_due_facts(warehouse, window, manifest, tables, network, redo_before)
    is_built = warehouse.scalar(BUILT_SQL, day=window, landed_at=manifest.landed_at)
    if only is not None and is_built:
        facts &= set(only)
    figures = due.mark_to_redo(warehouse, window.day, tables, only, redo_before)
    if is_built and not facts:
        return DONE if figures else UNCHANGED
    made = build.build_day(archive, warehouse, window, tables, clock(), network, facts)
    return DONE if made.keys() >= facts else INCOMPLETE


def _check_day(
    archive: ObjectStore, warehouse: Warehouse, window: Window, checks: Sequence[Check], clock: Clock
) -> str:
    if warehouse.scalar(LOADED_SQL, day=window):
        return UNCHANGED
    if not warehouse.scalar(AT_ALL_SQL, day=window):
        raise Terminal(f"{window} is not built; add `build` to the Param `what`.")
    check.check_day(archive, warehouse, window, checks, clock())
    return DONE


def _is_landed(
    manifest: Manifest | None, expected: Mapping[str, Any], tx_count: int, redo_before: datetime | None
) -> bool:
    """Whether a day's manifest says what is expected, of at least so many transactions.

    An earlier version of this code landed fewer than a day's blocks count, or none, without a word.
    """
    if manifest is None or (redo_before and manifest.landed_at < redo_before):
        return False
    is_whole = manifest.tables["txs"].rows >= tx_count
    return is_whole and all(getattr(manifest, name) == value for name, value in expected.items())


# Built of the manifest that is landed; not by a release that knew of no versions of tables.
BUILT_SQL = "SELECT day FROM built_days WHERE day = {day} AND landed_at = {landed_at} AND facts_version IS NULL"

AT_ALL_SQL = "SELECT day FROM built_days WHERE day = {day}"

# Loaded is what passed its checks since it was built, all that could be run.
LOADED_SQL = f"SELECT day FROM loaded_days WHERE day = {{day}} AND missing IS NOT DISTINCT FROM ({MISSING_TABLES})"
