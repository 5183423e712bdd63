"""Copy what the chain said of a day to the raw archive: blocks first, the manifest last."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from stacks_dataverse import chain, paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import DayBlocks, StacksDb
from stacks_dataverse.quality import Check
from stacks_dataverse.raw_tables import Origin, Reads, with_keys
from stacks_dataverse.runners import completeness
from stacks_dataverse.stores.object_store import ObjectStore, StoredFile
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.transformers.blocks import block_summary
from stacks_dataverse.transformers.mining import MICROBLOCK_READS, daily_microblocks
from stacks_dataverse.window import Window

BLOCKS_PART = "blocks"
SMALL_PART = "small_tables"
NO_FILE = {"rows": 0}


def is_settled(source: StacksDb, window: Window, margin_hours: float) -> bool:
    """Whether the chain's tip has left the day behind by the margin."""
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
            f"the node is behind: the tip of stacks_db is {f'height {tip.height}' if tip else 'missing'}, and we hold"
            f" height {held_height}. Nothing is overwritten: wait until the node has caught up. If another chain is"
            " meant, begin with an empty archive and an empty warehouse."
        )


def height_loaded(warehouse: Warehouse) -> int | None:
    """The highest height of the loaded days; None without any."""
    return warehouse.scalar("SELECT max(last_block_height) FROM loaded_days")


def height_landed(archive: ObjectStore, window: Window) -> int | None:
    """The highest height of the day as it is landed; None for a day without blocks, or not landed."""
    return (read_manifest(archive, window) or {}).get("last_block_height")


def read_manifest(archive: ObjectStore, window: Window) -> dict[str, Any] | None:
    """The manifest of a landed day; None while there is none."""
    return archive.get_json(paths.RAW_MANIFEST.format(day=window))


def landed_days(archive: ObjectStore) -> set[str]:
    """All landed days, in text: those that have a manifest. The parts of one lie deeper, and are not asked for."""
    prefix, suffix = paths.RAW_MANIFEST.split("{day}")
    return {key.removeprefix(prefix).removesuffix(suffix) for key in archive.list_keys(prefix, "/")}


def day(
    source: StacksDb,
    archive: ObjectStore,
    window: Window,
    margin_hours: float,
    landed_at: datetime,
    checks: Sequence[Check],
    loaded_height: int | None = None,
) -> dict[str, Any]:
    """Land a day whole, table by table, of one look at the source; return its manifest.

    Args:
        checks: what the day is held against before it counts as landed.
    """
    source.look_again()
    blocks(source, archive, window, margin_hours, loaded_height)
    for table in chain.LARGE_TABLES:
        tables(source, archive, window, table, [table])
    small_tables(source, archive, window)
    return manifest(archive, window, landed_at, checks)


def blocks(
    source: StacksDb, archive: ObjectStore, window: Window, margin_hours: float, loaded_height: int | None = None
) -> dict[str, Any]:
    """Land the day's blocks, canonical and orphaned: the truth to which every other table is pinned.

    Args:
        loaded_height: the highest height that the warehouse holds, where it is at hand.
    Raises:
        Retryable: the node is behind that height, or behind the day as it is landed.
    """
    for height in (loaded_height, height_landed(archive, window)):
        refuse_behind(source, height)
    day, held = source.day_blocks(window), source.held()
    key = paths.RAW_TABLE.format(table="blocks", day=window)
    file = archive.write_parquet(key, day.rows.schema, day.rows.to_batches())
    content = {
        "source_version": source.layout.api_version, "unreadable_columns": source.unreadable_columns,
        "settled": is_settled(source, window, margin_hours), "tip": source.tip_sums(window),
        "chain_first_day": held and str(held[0]), "burn_ranges": day.burn_ranges, **block_summary(day.rows),
        "tables": {"blocks": file.as_dict() if file else NO_FILE},
    }  # fmt: skip
    return _write_part(archive, window, BLOCKS_PART, content)


def tables(source: StacksDb, archive: ObjectStore, window: Window, part: str, names: Iterable[str]) -> dict[str, Any]:
    """Land tables, all columns, pinned to the day's landed blocks, as one part of the manifest.

    Raises:
        Retryable: the node that answers does not have those blocks yet.
    """
    head = _read_part(archive, window, BLOCKS_PART)
    refuse_behind(source, head["last_block_height"])
    with open_files(archive, head["tables"], ["blocks"]) as raw:
        day = DayBlocks.of(raw.get("blocks"), head["burn_ranges"])
    keys = {name: paths.RAW_TABLE.format(table=name, day=window) for name in names}
    landed = {name: table(source, archive, key, name, day) for name, key in keys.items()}
    return _write_part(archive, window, part, {"pinned_to": head["tables"]["blocks"], "tables": landed})


def small_tables(source: StacksDb, archive: ObjectStore, window: Window) -> dict[str, Any]:
    """Land every table of the source that has no task of its own; note those that it lacks or lets nobody read."""
    names = [name for name in source.tables if name not in chain.LARGE_TABLES]
    part = tables(source, archive, window, SMALL_PART, names)
    absent = sorted({*chain.OPTIONAL_TABLES, *source.unreadable_tables} - set(source.tables))
    part["tables"] |= {name: NO_FILE | {"note": source.layout.why_absent(name)} for name in absent}
    return _write_part(archive, window, SMALL_PART, part)


def manifest(archive: ObjectStore, window: Window, landed_at: datetime, checks: Sequence[Check]) -> dict[str, Any]:
    """Join the parts into the day's manifest; once it stands the day is landed.

    Args:
        checks: what the day is held against first.
    Raises:
        Retryable: a part is missing, was landed for other blocks than those of now, or holds less than they count.
    """
    head = _read_part(archive, window, BLOCKS_PART)
    parts = [_read_part(archive, window, name) for name in (*chain.LARGE_TABLES, SMALL_PART)]
    if any(part["pinned_to"] != head["tables"]["blocks"] for part in parts):
        raise Retryable(f"the blocks of {window} were landed again meanwhile: land its other tables again too.")
    landed = {name: table for part in (head, *parts) for name, table in part["tables"].items()}
    completeness.require(archive, landed, [check for check in checks if check.stops(window.day)], str(window))
    content = head | {
        "day": str(window),
        "landed_at": landed_at.isoformat(),
        "microblocks_digest": _microblocks_digest(archive, landed),
        "tables": dict(sorted(landed.items())),
    }
    archive.put_json(paths.RAW_MANIFEST.format(day=window), content)
    return content


def table(
    source: StacksDb,
    archive: ObjectStore,
    key: str,
    name: str,
    blocks: DayBlocks,
    columns: Collection[str] | None = None,
) -> dict[str, Any]:
    """Land one table's rows of some blocks as one file, and return the table's line of the manifest."""
    with source.rows(name, blocks, columns) as reader:
        file = archive.write_parquet(key, reader.schema, reader)
    return file.as_dict() if file else NO_FILE


def open_files(archive: ObjectStore, landed: dict[str, Any], names: Iterable[str]) -> Any:
    """Open the landed files of some tables, as `ObjectStore.open_files` does; those without rows are left out."""
    return archive.open_files({name: StoredFile(**landed[name]) for name in names if landed.get(name, NO_FILE)["rows"]})


def open_raw(archive: ObjectStore, manifest: dict[str, Any], reads: Reads) -> Any:
    """Open the landed files that some reads need, as `open_files` does; and what tells the chain's reward cycles."""
    return open_files(archive, manifest["tables"], opened(reads))


def opened(reads: Reads) -> set[str]:
    """The raw tables that some reads need."""
    return {*with_keys(reads), "pox_state"}


def origin(manifest: dict[str, Any]) -> Origin:
    """Which database a day, or a tip, was landed from."""
    held = [name for name, table in manifest["tables"].items() if "note" not in table]
    return Origin(manifest["source_version"], held)


def _microblocks_digest(archive: ObjectStore, landed: dict[str, Any]) -> str:
    names = with_keys(MICROBLOCK_READS) if landed.get("microblocks", NO_FILE)["rows"] else ()
    with open_files(archive, landed, names) as raw, chain.canonical_day(raw, MICROBLOCK_READS) as opened:
        return daily_microblocks(opened)["microblocks_digest"][0].as_py()


def _write_part(archive: ObjectStore, window: Window, part: str, content: dict[str, Any]) -> dict[str, Any]:
    archive.put_json(paths.RAW_PART.format(day=window, part=part), content)
    return content


def _read_part(archive: ObjectStore, window: Window, part: str) -> dict[str, Any]:
    content = archive.get_json(paths.RAW_PART.format(day=window, part=part))
    if content is None:
        raise Retryable(f"{window} has no landed {part}: run its landing task first.")
    return content
