"""How the days' blocks hang together."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.runners import build

TABLES = (
    Table(
        name="block_edges",
        kind=Kind.FACT,
        subject="blocks",
        runner=build.day,
        method="Canonical blocks whose parent or child is no canonical block of the same day: where days join.",
        fields=DAY
        | {
            "index_block_hash": "the block, hex with 0x",
            "parent_index_block_hash": "its parent, hex with 0x",
            "block_height": "its height",
            "parent_is_elsewhere": "whether the parent is no canonical block of the day",
            "child_is_elsewhere": "whether no canonical block of the day builds on it",
        },
        warnings=(
            "The parent of block 1, block 0, is never canonical; the lowest block of a warehouse has none in it.",
        ),
    ),
)
