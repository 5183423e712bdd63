"""Copy a day of the chain to the raw archive: blocks first, the manifest last."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from stacks_dataverse import chain, paths
from stacks_dataverse.data_check import Check
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import DayBlocks, StacksDb
from stacks_dataverse.manifest import BlocksPart, EmptyTable, LandedTable, Manifest, TablesPart, stored_files
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.runners import completeness
from stacks_dataverse.runners.parts import BLOCKS, SMALL_TABLES, read_blocks, read_parts, write_part, write_parts
from stacks_dataverse.runners.raw_archive import manifest_key, open_files, read_landed_height
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.transformers.blocks import block_summary
from stacks_dataverse.transformers.mining import MICROBLOCK_READS, daily_microblocks
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pins:
    """What the tables of a day are pinned to: the file of its blocks, and these."""

    file: LandedTable
    blocks: DayBlocks


def is_settled(source: StacksDb, window: Window, margin_hours: float) -> bool:
    """Whether the chain's tip is past the end of the day by the margin, so that the day is final."""
    tip = source.tip()
    return tip is not None and window.is_settled(tip.time, margin_hours)


def is_behind(source: StacksDb, held_height: int | None) -> bool:
    """Whether the tip is below a height that we hold: the node fell behind, or replays its chain."""
    tip = source.tip()
    return held_height is not None and (tip is None or tip.height < held_height)


def refuse_behind(source: StacksDb, held_height: int | None) -> None:
    """Raise Retryable when the node is behind a height that we hold; it may catch up."""
    if is_behind(source, held_height):
        tip = source.tip()
        raise Retryable(
            f"The node is behind: the tip of stacks_db is {(f'height {tip.height}' if tip else 'missing')}, but "
            f"height {held_height} is already landed or loaded. Nothing was overwritten. Wait until the node has "
            "caught up. To use another chain, start with an empty archive and an empty warehouse."
        )


def read_loaded_height(warehouse: Warehouse) -> int | None:
    """The highest height of the loaded days; None without any."""
    return warehouse.scalar("SELECT max(last_block_height) FROM loaded_days")


def land_day(
    source: StacksDb,
    archive: ObjectStore,
    window: Window,
    margin_hours: float,
    landed_at: datetime,
    checks: Sequence[Check],
    loaded_height: int | None = None,
) -> Manifest:
    """Land a whole day, table by table, from one snapshot of the source; return its manifest.

    Args:
        checks: those that the day must pass before it counts as landed.
    """
    source.refresh_snapshot()
    head = land_blocks(source, archive, window, margin_hours, loaded_height)
    pins = _pin(source, archive, window, head)
    with archive.together() as files:
        parts = {table: _land_pinned(source, files, window, pins, [table]) for table in chain.LARGE_TABLES}
        parts[SMALL_TABLES] = _land_small_pinned(source, files, window, pins)
    write_parts(archive, window, parts)
    return _join_parts(archive, window, head, list(parts.values()), landed_at, checks)


def land_blocks(
    source: StacksDb, archive: ObjectStore, window: Window, margin_hours: float, loaded_height: int | None = None
) -> BlocksPart:
    """Land the day's blocks, canonical and orphaned; every other table is pinned to them.

    Args:
        loaded_height: the highest height that the warehouse holds, where it is at hand.
    Raises:
        Retryable: the node is behind that height, or behind the day as it is landed.
    """
    for height in (loaded_height, read_landed_height(archive, window)):
        refuse_behind(source, height)
    day, held = source.day_blocks(window), source.held()
    part = BlocksPart(
        source_version=source.layout.api_version, unreadable_columns=source.unreadable_columns,
        missing_columns=source.missing_columns,
        settled=is_settled(source, window, margin_hours), tip=source.tip_sums(window),
        chain_first_day=held[0].day if held else None, burn_ranges=day.burn_ranges, **block_summary(day.rows),
        tables={"blocks": _write_blocks(archive, window, day)},
    )  # fmt: skip
    for table, columns in part.missing_columns.items():
        log.warning("stacks_db lacks %s of table %s: what reads this will not be built.", ", ".join(columns), table)
    return write_part(archive, window, BLOCKS, part)


def _write_blocks(archive: ObjectStore, window: Window, day: DayBlocks) -> LandedTable:
    key = paths.RAW_TABLE.format(table="blocks", day=window)
    if file := archive.write_parquet(key, day.rows.schema, day.rows.to_batches()):
        return file
    archive.delete(key)
    return EmptyTable()


def land_tables(source: StacksDb, archive: ObjectStore, window: Window, part: str, names: Iterable[str]) -> TablesPart:
    """Land tables, all columns, pinned to the day's landed blocks, as one part of the manifest.

    Raises:
        Retryable: the node that answers does not have those blocks yet.
    """
    pins = _pin(source, archive, window, read_blocks(archive, window))
    return write_part(archive, window, part, _land_pinned(source, archive, window, pins, names))


def land_small_tables(source: StacksDb, archive: ObjectStore, window: Window) -> TablesPart:
    """Land every table of the source without a task of its own; note those that are missing or may not be read.

    Raises:
        Retryable: as of `land_tables`.
    """
    pins = _pin(source, archive, window, read_blocks(archive, window))
    with archive.together() as files:
        part = _land_small_pinned(source, files, window, pins)
    return write_part(archive, window, SMALL_TABLES, part)


def write_manifest(archive: ObjectStore, window: Window, landed_at: datetime, checks: Sequence[Check]) -> Manifest:
    """Join the parts into the day's manifest; with it the day is landed.

    Args:
        checks: those that the day must pass first.
    Raises:
        Retryable: a part is missing, was landed for other blocks than the current ones, or lacks rows.
    """
    return _join_parts(archive, window, *read_parts(archive, window), landed_at, checks)


def _join_parts(
    archive: ObjectStore,
    window: Window,
    head: BlocksPart,
    parts: list[TablesPart],
    landed_at: datetime,
    checks: Sequence[Check],
) -> Manifest:
    if any(part.pinned_to != head.tables["blocks"] for part in parts):
        raise Retryable(f"The blocks of {window} were landed again in the meantime; land its other tables again too.")
    landed = {name: table for part in (head, *parts) for name, table in part.tables.items()}
    completeness.require_complete(archive, landed, [check for check in checks if check.stops(window.day)], str(window))
    fields = vars(head) | {"tables": dict(sorted(landed.items()))}
    digest = _microblocks_digest(archive, landed)
    manifest = Manifest(**fields, day=window.day, landed_at=landed_at, microblocks_digest=digest)
    archive.put_json(manifest_key(window), manifest.to_json())
    if read_parts(archive, window) != (head, parts):
        # Another run has landed the day meanwhile: this manifest must not replace the one of the files that are there.
        return write_manifest(archive, window, landed_at, checks)
    return manifest


def _pin(source: StacksDb, archive: ObjectStore, window: Window, head: BlocksPart) -> Pins:
    """Read the day's landed blocks, and refuse a source that does not have all of them."""
    refuse_behind(source, head.last_block_height)
    with open_files(archive, head.tables, ["blocks"]) as raw:
        day = DayBlocks.of(raw.get("blocks"), head.burn_ranges)
    if missing := source.count_missing(day):
        raise Retryable(
            f"stacks_db lacks {missing} of the {len(day.hashes)} blocks of {window} that landed from it: it is a "
            "replica that is catching up, or another database. A retry may succeed. If none does, land the day's "
            "blocks again."
        )
    return Pins(head.tables["blocks"], day)


def _land_pinned(
    source: StacksDb,
    archive: ObjectStore,
    window: Window,
    pins: Pins,
    names: Iterable[str],
    notes: Mapping[str, LandedTable] = MappingProxyType({}),
) -> TablesPart:
    keys = {name: paths.RAW_TABLE.format(table=name, day=window) for name in names}
    landed = {name: land_table(source, archive, key, name, pins.blocks) for name, key in keys.items()}
    archive.delete(*(keys[name] for name, table in landed.items() if isinstance(table, EmptyTable)))
    return TablesPart(pinned_to=pins.file, tables={**landed, **notes})


def _land_small_pinned(source: StacksDb, archive: ObjectStore, window: Window, pins: Pins) -> TablesPart:
    names = [name for name in source.tables if name not in chain.LARGE_TABLES]
    absent = sorted({*chain.OPTIONAL_TABLES, *source.unreadable_tables} - set(source.tables))
    notes = {name: EmptyTable(source.layout.why_absent(name)) for name in absent}
    return _land_pinned(source, archive, window, pins, names, notes)


def land_table(
    source: StacksDb,
    archive: ObjectStore,
    key: str,
    name: str,
    blocks: DayBlocks,
    columns: Collection[str] | None = None,
) -> LandedTable:
    """Land one table's rows of some blocks as one file, and return the table's line of the manifest.

    Without rows no file is written; one of an earlier landing is left, for the caller to delete.
    """
    with source.rows(name, blocks, columns) as reader:
        file = archive.write_parquet(key, reader.schema, reader)
    return file or EmptyTable()


def _microblocks_digest(archive: ObjectStore, landed: Mapping[str, LandedTable]) -> str:
    names = with_keys(MICROBLOCK_READS) if stored_files(landed, ["microblocks"]) else ()
    with open_files(archive, landed, names) as raw, chain.canonical_day(raw, MICROBLOCK_READS) as opened:
        return daily_microblocks(opened)["microblocks_digest"][0].as_py()
