"""Read what is landed: manifests of days, and the raw files that they name."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from stacks_dataverse import paths
from stacks_dataverse.manifest import LandedTable, Manifest, stored_files
from stacks_dataverse.raw_tables import Origin, Reads, with_keys
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.tip_snapshot import TipSnapshot
from stacks_dataverse.window import Window


def manifest_key(window: Window) -> str:
    """The key of a day's manifest."""
    return paths.RAW_MANIFEST.format(day=window)


def read_manifest(archive: ObjectStore, window: Window) -> Manifest | None:
    """The manifest of a landed day; None while there is none."""
    content = archive.get_json(manifest_key(window))
    return None if content is None else Manifest.from_json(content)


def read_landed_height(archive: ObjectStore, window: Window) -> int | None:
    """The highest height of the day as it is landed; None for a day without blocks, or not landed."""
    manifest = read_manifest(archive, window)
    return manifest.last_block_height if manifest else None


def list_landed_days(archive: ObjectStore) -> set[str]:
    """All landed days, in text: those that have a manifest. Parts of manifests lie deeper, and are not listed."""
    return archive.list_values(paths.RAW_MANIFEST, "day")


def open_files(
    archive: ObjectStore, landed: Mapping[str, LandedTable], names: Iterable[str]
) -> AbstractContextManager[dict[str, Path]]:
    """Open the landed files of some tables, as `ObjectStore.open_files` does; those without rows are left out."""
    return archive.open_files(stored_files(landed, names))


def open_raw(
    archive: ObjectStore, manifest: Manifest | TipSnapshot, reads: Reads
) -> AbstractContextManager[dict[str, Path]]:
    """Open the landed files that some reads need, as `open_files` does; and `pox_state`, for the reward cycles."""
    return open_files(archive, manifest.tables, tables_to_open(reads))


def tables_to_open(reads: Reads) -> set[str]:
    """The raw tables that some reads need."""
    return {*with_keys(reads), "pox_state"}


def origin_of(manifest: Manifest | TipSnapshot) -> Origin:
    """Which database a day, or a tip, was landed from."""
    held = [name for name, table in manifest.tables.items() if not table.note]
    return Origin(manifest.source_version, held)
