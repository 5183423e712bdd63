"""Publish the half-hourly objects from a tip snapshot and the warehouse."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from stacks_dataverse import files, paths
from stacks_dataverse.dataset import LATEST, Kind, PublicObject, Table
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.network import Network
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.tip.land import open_snapshot, read_snapshot
from stacks_dataverse.runners.tip.session import Session, prepare_session
from stacks_dataverse.runners.upload import Draft, upload_all
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot

log = logging.getLogger(__name__)

# One run at a time: of two that replace the rows of a moment the later would find keys of the other's, and of two that
# publish an older state could replace a newer one.
TIP_LOCK = "hashtext('stacks_dataverse.tip')"


def publish_tip(
    archive: ObjectStore,
    warehouse: Warehouse,
    public: ObjectStore,
    at: str,
    tables: Sequence[Table],
    objects: Sequence[PublicObject],
    network: Network,
) -> list[str]:
    """Fill the snapshot tables from a landed tip snapshot and publish the objects; return the keys that changed.

    Of a snapshot that is older than another in those tables nothing is published: the objects are newer.

    Args:
        at: when the snapshot was taken, as keys have it.
        tables: facts, which objects read of the snapshot as `tip_<table>`, and the snapshot tables.
    Raises:
        Retryable, Terminal: as of `upload_all`; the other objects are published. What reads a fact of the snapshot or
            a snapshot table that failed fails with its reason.
    """
    snapshot = read_snapshot(archive, at)
    facts, filled = ([table for table in tables if table.kind is kind] for kind in (Kind.FACT, Kind.SNAPSHOT))
    with warehouse.hold_lock(TIP_LOCK):
        with open_snapshot(archive, snapshot, tables, network) as (full, since_last_day):
            prepared = prepare_session(warehouse, full, since_last_day, snapshot, facts, network)
        steps: dict[str, Callable[[], Iterable[Draft]]] = {
            table.name: partial(_fill_snapshot, warehouse, prepared, table) for table in filled
        }
        if not _is_older(warehouse, snapshot, filled):
            steps |= {obj.name: partial(_read_object, warehouse, prepared, obj) for obj in objects}
        return upload_all(warehouse, public, steps)


def _is_older(warehouse: Warehouse, snapshot: TipSnapshot, filled: Iterable[Table]) -> bool:
    """Whether a snapshot table has rows of a later moment; those of a clock that is fast by hours do not count."""
    later = [
        table.name for table in filled if warehouse.scalar(LATER_SQL.format(table=table.name), at=snapshot.taken_at)
    ]
    if later:
        log.warning("%s has rows of a later snapshot: of this one nothing is published.", ", ".join(later))
    return bool(later)


def check_tip_advances(source: StacksDb, archive: ObjectStore, run: str) -> dict[str, int]:
    """Check that the tip is higher than at the last run, and store its height.

    Args:
        run: by which the run is known when its task is run again: what it stored itself is not what it compares with.
    Raises:
        Retryable: it is not.
    """
    before = archive.get_json(paths.SANITY_CHECK)
    if before and archive.notes(paths.SANITY_CHECK).get("run") == run:
        return before
    tip = source.tip()
    height = tip.height if tip else 0
    if before and height <= before["maxblock"]:
        raise Retryable(
            f"The tip of stacks_db is at height {height} and has not advanced from {before['maxblock']} since the "
            "last check. Check that its node and API still follow the chain."
        )
    value = {"maxblock": height}
    headers = files.headers(paths.SANITY_CHECK)
    archive.put(paths.SANITY_CHECK, files.json_gz(value), headers, notes={"run": run})
    return value


def _fill_snapshot(warehouse: Warehouse, prepared: Session, table: Table) -> list[Draft]:
    """Replace the rows of a snapshot table for this moment; return no files, because none is public.

    Of a table that fails the rows of this moment are missing, so that what reads it fails too.
    """
    try:
        prepared.require(table.rows)
        rows = warehouse.read(table.rows, **prepared.values)
        with warehouse.transaction():
            warehouse.replace(table.name, "taken_at", prepared.values["taken_at"], rows)
    except Exception as error:
        prepared.failed[table.name] = error
        raise
    return []


def _read_object(warehouse: Warehouse, prepared: Session, obj: PublicObject) -> Iterator[Draft]:
    prepared.require(obj.rows, obj.known)
    return read_publication(warehouse, obj, [LATEST], **prepared.values)


LATER_SQL = """
    SELECT 1 FROM {table} WHERE taken_at > {{at}} AND taken_at < clock_timestamp() + interval '1 hour' LIMIT 1
"""
