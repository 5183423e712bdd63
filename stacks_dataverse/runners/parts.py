"""The parts of a day's manifest: what each landing task has landed, until the manifest joins them."""

from collections.abc import Mapping
from typing import TypeVar

from stacks_dataverse import chain, paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.manifest import BlocksPart, TablesPart
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.parallel import at_once
from stacks_dataverse.window import Window

BLOCKS = "blocks"
SMALL_TABLES = "small_tables"
Part = TypeVar("Part", BlocksPart, TablesPart)

# Each large table is a part.
KINDS = {BLOCKS: BlocksPart, **dict.fromkeys((*chain.LARGE_TABLES, SMALL_TABLES), TablesPart)}


def write_part(archive: ObjectStore, window: Window, name: str, part: Part) -> Part:
    """Write a part, when its files are there; return it."""
    archive.put_json(paths.RAW_PART.format(day=window, part=name), part.to_json())
    return part


def write_parts(archive: ObjectStore, window: Window, parts: Mapping[str, TablesPart]) -> None:
    """Write the parts of tables by their names, when all their files are there."""
    with archive.together() as together:
        for name, part in parts.items():
            write_part(together, window, name, part)


def read_blocks(archive: ObjectStore, window: Window) -> BlocksPart:
    """The part of the blocks; Retryable while it is not landed."""
    return _read(archive, window, BLOCKS, BlocksPart)


def read_parts(archive: ObjectStore, window: Window) -> tuple[BlocksPart, list[TablesPart]]:
    """All parts, that of the blocks first; Retryable while one is not landed."""
    head, *parts = at_once(lambda name: _read(archive, window, name, KINDS[name]), KINDS)
    return head, parts


def _read(archive: ObjectStore, window: Window, name: str, kind: type[Part]) -> Part:
    content = archive.get_json(paths.RAW_PART.format(day=window, part=name))
    if content is None:
        raise Retryable(f"{window} has no landed {name}: run its landing task first.")
    return kind.from_json(content)
