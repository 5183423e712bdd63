"""How the days' blocks hang together."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.transformers import blocks

TABLES = (
    Table(
        name="block_edges",
        kind=Kind.FACT,
        transform=blocks.block_edges,
        reads={
            "blocks": ("parent_index_block_hash", "block_height"),
        },
        method="Canonical blocks whose parent or child is not a canonical block of the same day: the links between "
        "days.",
        columns=(
            DAY,
            Column("index_block_hash", "text", "the block, hex with 0x"),
            Column("parent_index_block_hash", "text", "its parent, hex with 0x"),
            Column("block_height", "integer", "its height"),
            Column("parent_is_elsewhere", "boolean", "whether the parent is not a canonical block of the day"),
            Column("child_is_elsewhere", "boolean", "whether no canonical block of the day is its child"),
        ),
        key=("day", "index_block_hash"),
        warnings=(
            "The parent of block 1, block 0, is never canonical; the lowest block of a warehouse has no parent in it.",
        ),
    ),
)
