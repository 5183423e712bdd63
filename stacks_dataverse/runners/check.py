"""Run the catalogue's checks on a built day, or on the stored prices; a day that passes is loaded."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from stacks_dataverse.data_check import BUILD_THE_TABLE, NOT_RUN, Check, Place, Severity
from stacks_dataverse.end_of_day.states import BURN_BLOCK_HEIGHT
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.queries.days import MISSING_TABLES
from stacks_dataverse.raw_tables import merge
from stacks_dataverse.runners.build import open_raw, read_manifest
from stacks_dataverse.runners.built_tables import read_failed_tables
from stacks_dataverse.runners.outcomes import record
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import DAY_LOCK, Warehouse
from stacks_dataverse.versions import names_in
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

# The values of a query besides the day: those of the manifest, the source's own sums at its tip (null where the
# day does not hold the tip), and the Bitcoin height that was reached before the day.
AT_THE_TIP = ("tip_balances_ustx", "tip_supply_ustx", "tip_tokens")
VALUES = ("blocks_digest", *AT_THE_TIP, "burn_block_height")


def check_day(
    archive: ObjectStore, warehouse: Warehouse, window: Window, checks: Sequence[Check], checked_at: datetime
) -> dict[str, int]:
    """Run every check of a built day, store the outcomes, and enter the day as loaded; return how many there were.

    A check that reads a table without the day's rows, for it failed or waits for one that did, is not run: its outcome
    is a warning that says so.

    Raises:
        Retryable: the day was built again meanwhile, so that other rows than the present ones were checked.
        Terminal: a check of kind ERROR failed; the day is not loaded and nothing new is published.
    """
    revision = warehouse.scalar(REVISION_SQL, day=window)
    manifest = read_manifest(archive, window)
    failed = read_failed_tables(warehouse, window.day, window.day)
    waiting = {check.name: tables for check in checks if (tables := sorted(failed.keys() & names_in(check.query)))}
    ready = [check for check in checks if check.name not in waiting]
    answers = _check_raw(archive, manifest, ready) | _check_warehouse(warehouse, window, manifest, ready)
    outcomes = [_to_outcome(check, answers[check.name], window) for check in ready if check.name in answers]
    outcomes += [_to_waiting_outcome(check, waiting[check.name], window) for check in checks if check.name in waiting]
    errors = [outcome for outcome in _select_failed(outcomes) if outcome["kind"] == Severity.ERROR.value]
    _store(warehouse, window, outcomes, checked_at, revision, is_loaded=not errors)
    counts = _log_outcomes(window, outcomes)
    if errors:
        raise Terminal(f"{window} failed its checks and is not published. {' '.join(map(_sentence, errors))}")
    return counts


def read_outdated_days(warehouse: Warehouse) -> list[Window]:
    """The loaded days that lack other tables now than when they were checked."""
    return [Window(day) for day in warehouse.read(OUTDATED_SQL)["day"].to_pylist()]


def check_prices(warehouse: Warehouse, window: Window, checks: Sequence[Check], checked_at: datetime) -> dict[str, int]:
    """Run the checks of the stored prices, and store the outcomes as the window's; return how many there were.

    They are about all of history, and warnings: the newest outcome of each counts.
    """
    answers = _run(checks, Place.WAREHOUSE, lambda check: warehouse.read(check.query, **check.numbers))
    outcomes = [_to_outcome(check, answers[check.name], window) for check in checks]
    with warehouse.transaction():
        record(warehouse, window.day, outcomes, checked_at)
    return _log_outcomes(window, outcomes)


def _check_raw(archive: ObjectStore, manifest: Manifest, checks: Sequence[Check]) -> dict[str, dict[str, Any]]:
    with open_raw(archive, manifest, merge(check.reads for check in checks)) as raw:
        return _run(checks, Place.RAW, lambda check: check.answer(raw))


def _check_warehouse(
    warehouse: Warehouse, window: Window, manifest: Manifest, checks: Sequence[Check]
) -> dict[str, dict[str, Any]]:
    values = {"blocks_digest": manifest.blocks_digest} | {name: manifest.tip.get(name) for name in AT_THE_TIP}
    values["burn_block_height"] = warehouse.scalar(BURN_BLOCK_HEIGHT, first=window) or 0
    return _run(
        checks, Place.WAREHOUSE, lambda check: warehouse.read(check.query, day=window, **values, **check.numbers)
    )


def _run(checks: Sequence[Check], place: Place, ask: Any) -> dict[str, dict[str, Any]]:
    """Run the checks of a place; return the row of each by name. A check that has nothing to compare is left out."""
    rows = {check.name: ask(check).to_pylist() for check in checks if check.place is place}
    return {name: answer[0] for name, answer in rows.items() if answer}


def _to_outcome(check: Check, answer: Mapping[str, Any], window: Window) -> dict[str, Any]:
    example = answer.get("example")
    return {
        "name": check.name,
        "kind": check.kind_on(window.day).value,
        "passed": check.allowed.holds(answer["expected"], answer["actual"]),
        "expected": check.allowed.describe(answer["expected"]),
        "actual": f"{answer['actual']} ({example})" if example else answer["actual"],
        "remedy": check.remedy,
    }


def _to_waiting_outcome(check: Check, tables: Sequence[str], window: Window) -> dict[str, Any]:
    return {
        "name": check.name,
        "kind": Severity.WARNING.value,
        "passed": False,
        "expected": NOT_RUN,
        "actual": f"waits for {', '.join(tables)}",
        "remedy": BUILD_THE_TABLE,
    }


def _select_failed(outcomes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [outcome for outcome in outcomes if not outcome["passed"]]


def _log_outcomes(window: Window, outcomes: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Log which checks passed, and what failed; return how many checks there were, and how many failed."""
    failed, passed = _select_failed(outcomes), [outcome["name"] for outcome in outcomes if outcome["passed"]]
    log.info("%s: %d of %d checks passed: %s.", window, len(passed), len(outcomes), ", ".join(passed) or "none")
    for outcome in failed:
        log.warning("%s, %s: %s", window, outcome["kind"], _sentence(outcome))
    return {"checks": len(outcomes), "warnings": len(failed)}


def _store(
    warehouse: Warehouse,
    window: Window,
    outcomes: Sequence[Mapping[str, Any]],
    checked_at: datetime,
    revision: int | None,
    *,
    is_loaded: bool,
) -> None:
    with warehouse.transaction(DAY_LOCK.format(day=window)):
        if warehouse.scalar(REVISION_SQL, day=window) != revision:
            raise Retryable(f"{window} was built again while it was checked. Nothing was stored; check it again.")
        record(warehouse, window.day, outcomes, checked_at)
        warehouse.execute("DELETE FROM loaded_days WHERE day = {day}", day=window)
        if is_loaded:
            warehouse.execute(LOAD_SQL, day=window)


def _sentence(outcome: Mapping[str, Any]) -> str:
    return f"{outcome['name']}: expected {outcome['expected']}, actual {outcome['actual']}. {outcome['remedy']}"


REVISION_SQL = "SELECT revision FROM built_days WHERE day = {day}"

LOAD_SQL = f"""
    INSERT INTO loaded_days
    SELECT day, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
           settled, landed_at, built_at, ({MISSING_TABLES})
    FROM built_days WHERE day = {{day}}
"""

OUTDATED_SQL = f"""
    SELECT day FROM loaded_days AS loaded
    WHERE missing IS DISTINCT FROM ({MISSING_TABLES.format(day="loaded.day")})
    ORDER BY day
"""
