"""The wrappers that compare days with the chain and with their raw files, for `stacks_daily` and `stacks_weekly`."""

import logging
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import audit, compare
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from stacks_dataverse.task_wrappers.shared import window, wrapper
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)


@wrapper("Compared the days up to {days} with the chain")
def find_changed_days(**context: Any) -> dict[str, Any] | None:
    """Compare the trailing days with the chain; return those to be landed and built again."""
    last = window(context)
    first = last.before(connections.trailing_days() - 1)
    with connections.stacks_db() as source, connections.warehouse() as store:
        return _to_redo(compare.compare_days(source, store, first, last, connections.settle_hours(), datetime.now(UTC)))


@wrapper("Compared all loaded days with the chain")
def compare_all_days(**context: Any) -> dict[str, Any] | None:
    """Compare every loaded day with the chain; return those to be landed and built again."""
    migrate(connections.dsn("warehouse_db"))
    with connections.stacks_db() as source, connections.warehouse() as store:
        loaded = compare.read_loaded_range(store)
        findings = (
            compare.compare_days(source, store, *loaded, connections.settle_hours(), datetime.now(UTC))
            if loaded
            else None
        )
        return _to_redo(findings) if findings else None


@wrapper("All loaded days are as the chain has them")
def raise_alarm(**context: Any) -> None:
    """Fail where days differ, so that an alert is sent; the backfill that repairs them is triggered already."""
    findings = context["ti"].xcom_pull(task_ids="compare_all_days")
    if not findings:
        return
    raise Terminal(
        f"The warehouse differs from the chain: {findings['days']} missing or changed days and {findings['loose']} "
        f"gaps between days. stacks_backfill was triggered for {findings['from_day']} to {findings['to_day']}. See "
        "the log of compare_all_days and the table quality_checks for details."
    )


@wrapper("Audited a loaded day")
def audit_day(**context: Any) -> dict[str, Any] | None:
    """Compare a loaded day with what is made of its raw files now: that of the Param `day`, else one by the seed.

    Raises:
        Terminal: rows or public files differ; the outcome is on record.
    """
    params = context["params"]
    seed = params.get("seed") or context["run_id"]
    with connections.warehouse() as store:
        day = params.get("day") or audit.choose_day(store, seed)
        if day is None:
            log.info("No day is loaded yet: there is nothing to audit.")
            return None
        log.info("Auditing %s (%s).", day, "as asked for" if params.get("day") else f"chosen with the seed {seed!r}")
        return _audit(store, Window.parse(str(day)))


def _audit(store: Warehouse, day: Window) -> dict[str, Any]:
    tables, objects = catalog.built_tables(), catalog.objects_of_a_day()
    found = audit.audit_day(
        connections.archive(), store, connections.public(), day, tables, objects, connections.network()
    )
    audit.store_audit(store, day, found, catalog.AUDIT, datetime.now(UTC))
    for text in found.differences:
        log.error("%s: %s.", day, text)
    if found.differences:
        raise Terminal(f"{day} is not what its raw files make. {found.text}. {catalog.AUDIT.remedy}")
    return {"day": str(day), "tables": len(found.tables), "objects": len(found.objects)}


def _to_redo(findings: compare.Findings) -> dict[str, Any] | None:
    for name, actual in findings.checks().items():
        log.log(logging.INFO if actual == compare.NONE else logging.WARNING, "%s: %s.", name, actual)
    if not findings.days:
        return None
    first, last = findings.days
    redo = len({*findings.missing, *findings.changed})
    return {"from_day": str(first), "to_day": str(last), "days": redo, "loose": len(findings.unlinked)}
