"""How the days' blocks hang together, and what is in them and their tenures."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.v1 import series_object
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.raw_tables import COSTS
from stacks_dataverse.transformers import blocks

NO_BLOCK = "on a day without a block"
# What each dimension counts: the execution cost of SIP-006.
DIMENSIONS = {
    "runtime": "computing, in the units of the cost functions",
    "read_count": "reads from the data of contracts",
    "read_length": "bytes read",
    "write_count": "writes to the data of contracts",
    "write_length": "bytes written",
}

DAILY_BLOCKS = Table(
    name="daily_blocks",
    title="Blocks and block times per day",
    group=Group.NETWORK,
    headline="blocks",
    kind=Kind.FACT,
    transform=blocks.daily_blocks,
    reads={
        "blocks": ("parent_index_block_hash", "tx_total_size", *COSTS),
        "txs": ("type_id", "tenure_change_cause"),
    },
    method="Canonical blocks. An interval is the time of a block less that of its parent, counted where both are "
    "blocks of the day: the day's first block, whose parent is of an earlier day, has none. A tenure is the "
    "blocks of one Bitcoin block, before Nakamoto one block; of a tenure that spans midnight each day counts "
    "its own blocks. A tenure extend is a tenure change with a cause other than a found block. Percentiles "
    "are of values that occur, the lower of two in the middle. Execution costs are the sums that the API keeps of "
    "each block.",
    columns=(
        DAY,
        Column("blocks", "bigint", "canonical blocks"),
        Column("interval_p50_seconds", "bigint", "median interval", unit="seconds", null="without an interval"),
        Column("interval_p95_seconds", "bigint", "95th percentile", unit="seconds", null="without an interval"),
        Column("tenures", "bigint", "tenures with a block on the day"),
        Column("tenure_blocks_p50", "bigint", "median of the day's blocks of a tenure", null=NO_BLOCK),
        Column("tenure_blocks_max", "bigint", "most blocks of a tenure on the day", null=NO_BLOCK),
        Column("tx_count", "bigint", "canonical transactions"),
        Column("tenure_txs_p50", "bigint", "median of the day's transactions of a tenure", null=NO_BLOCK),
        Column("tenure_txs_max", "bigint", "most transactions of a tenure on the day", null=NO_BLOCK),
        Column(
            "tx_bytes",
            "bigint",
            "size of the blocks' transactions",
            unit="bytes",
            null=f"{NO_BLOCK}, and where the API's version does not keep it",
        ),
        Column("tenure_extends", "bigint", "tenure extends, of any cause"),
        Column("extended_all", "bigint", "those that renew all of the budget"),
        *(
            Column(f"extended_{name}", "bigint", f"those that renew the budget of {name} alone (SIP-034)")
            for name in DIMENSIONS
        ),
        *(
            column
            for name, meaning in DIMENSIONS.items()
            for column in (
                Column(name, "bigint", f"execution cost: {meaning}"),
                Column(f"{name}_max", "bigint", f"most {name} of a block", null=NO_BLOCK),
            )
        ),
    ),
    warnings=(
        "Before Nakamoto a block's time is that of its Bitcoin block, which may be earlier than its parent's: an "
        "interval may be negative.",
        "The API gives the transactions of block 0 to block 1; their size and cost are of neither.",
    ),
)

OBJECTS = (series_object(DAILY_BLOCKS, "blocks", title="Number of blocks and block times per day"),)

TABLES = (
    DAILY_BLOCKS,
    Table(
        name="block_edges",
        title="First and last blocks of each day",
        group=Group.NETWORK,
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
