"""The chain at its tip, and the mempool; the figures of the tip are in `tip_figures`."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.dataset import Column, Kind, PublicObject, Schedule, Table, fields_of
from stacks_dataverse.event_order import LATEST_FIRST
from stacks_dataverse.labels import Group
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.transformers import shapes, tip, transfers
from stacks_dataverse.units import STX

# An object's warning where it reaches back further than a tip snapshot does.
GAP = "While daily runs are more than 48 hours behind, the time in between is missing."

TABLES = (
    Table(
        name="large_transfers",
        title="Every transfer of 1,000,000 STX or more",
        group=Group.BALANCES,
        kind=Kind.FACT,
        transform=transfers.large_transfers,
        reads={
            "blocks": ("block_height",),
            "txs": ("tx_id", "type_id"),
            "stx_events": (
                "tx_id",
                "microblock_sequence",
                "tx_index",
                "event_index",
                "asset_event_type_id",
                "amount",
                "sender",
                "recipient",
            ),
        },
        method="Canonical transfers of 1,000,000 STX or more, including those in contract calls.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("amount_ustx", "bigint", "amount", unit="µSTX"),
            Column("sender", "text", "principal"),
            Column("recipient", "text", "principal"),
            Column("burn_block_time", "bigint", "time of the block's Bitcoin block", unit="unix seconds"),
            Column("tx_type", "text", "of the transaction, as named by the Stacks API"),
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
    ),
    Table(
        name="mempool_snapshots",
        title="Mempool transactions, sizes and fees by type",
        group=Group.NETWORK,
        kind=Kind.SNAPSHOT,
        transform=tip.mempool_snapshots,
        reads={
            "mempool_txs": ("type_id", "fee_rate", "tx_size"),
        },
        rows="SELECT * FROM tip_mempool_snapshots",
        method="Transactions in the mempool, by type: those that the API has not pruned, that are in no canonical "
        "block, and whose nonces (of the sender and, if any, the sponsor) are not used by a canonical "
        "transaction of the snapshot's blocks.",
        columns=(
            Column("taken_at", "timestamptz", "when the source was read"),
            Column("tx_type", "text", "as named by the Stacks API"),
            Column("tx_count", "bigint", "transactions"),
            Column("size_bytes", "bigint", "their size", unit="bytes"),
            Column("fee_p50_ustx", "bigint", "median fee", unit="µSTX", null="for none"),
            Column("fee_p90_ustx", "bigint", "90th percentile of the fees", unit="µSTX", null="for none"),
        ),
        key=("taken_at", "tx_type"),
        warnings=(
            "Snapshots of earlier versions count what the API had not pruned: after forks this includes mined "
            "transactions.",
            "A nonce that another transaction used before the snapshot's blocks (24 to 48 hours) is not detected.",
        ),
    ),
)

# Addresses of mainnet begin with SP or SM, those of every other network with ST or SN. A transfer has a recipient.
CHAIN = "CASE WHEN recipient ~ '^S[TN]' THEN 'testnet' ELSE 'mainnet' END"

MOVEMENT = (
    Column("tx_id", "text", "hex with 0x"),
    Column("block_height", "integer", "height of the canonical block"),
    Column("amount", "double precision", "STX", STX),
    Column("sender", "text", "principal"),
    Column("recipient", "text", "principal"),
    Column("burn_block_time", "timestamptz", "time of the block's Bitcoin block"),
    Column("tx_type", "text", "of the transaction, as named by the Stacks API"),
    Column("explorer_url", "text", "the transaction's page in the Stacks Explorer"),
)

OBJECTS = (
    PublicObject(
        name="tx_per_block",
        title="Transactions in each of the last 100 blocks",
        group=Group.NETWORK,
        path=paths.TX_PER_BLOCK,
        shape=shapes.series,
        rows="""
            SELECT block_height, tx_count FROM tip_blocks ORDER BY block_height DESC LIMIT 100
        """,
        method="Canonical transactions of the last 100 canonical blocks, newest first.",
        columns=(
            Column("block_height", "integer", "height of the canonical block"),
            Column("tx_count", "bigint", "canonical transactions of the block"),
        ),
        fields={"<block height>": "transactions"},
        schedule=Schedule.HALF_HOURLY,
        warnings=("Fewer blocks if the chain had less than 100 in 24 hours.",),
    ),
    PublicObject(
        name="mempool",
        title="Pending transactions, last 7 days",
        group=Group.NETWORK,
        path=paths.MEMPOOL,
        shape=shapes.series,
        rows="""
            SELECT taken_at, sum(tx_count)::bigint AS tx_count
            FROM mempool_snapshots
            WHERE taken_at > {taken_at}::timestamptz - interval '7 days' AND taken_at <= {taken_at}
            GROUP BY taken_at ORDER BY taken_at
        """,
        method="Transactions in the mempool in each tip snapshot of the last 7 days, as in mempool_snapshots.",
        columns=(
            Column("taken_at", "timestamptz", "when the source was read"),
            Column("tx_count", "bigint", "transactions in the mempool"),
        ),
        fields={"<unix seconds of the snapshot>": "transactions"},
        as_of="SELECT {taken_at}::timestamptz",
        schedule=Schedule.HALF_HOURLY,
    ),
    PublicObject(
        name="whale_movements",
        title="The last 500 transfers of 1,000,000 STX or more",
        group=Group.BALANCES,
        path=paths.WHALE_MOVEMENTS,
        shape=shapes.csv_table,
        rows=f"""
            SELECT tx_id, block_height, amount_ustx / 1e6::double precision AS amount, sender, recipient,
                   to_timestamp(burn_block_time) AS burn_block_time, tx_type,
                   'https://explorer.hiro.so/txid/' || tx_id || '?chain=' || {CHAIN} AS explorer_url
            FROM ({tip_queries.newest("large_transfers", LATEST_FIRST, 500)}) AS moved
            ORDER BY {LATEST_FIRST}
        """,
        method="The last 500 canonical transfers of 1,000,000 STX or more, newest first.",
        columns=MOVEMENT,
        fields=fields_of(MOVEMENT)
        | {"amount": STX("STX"), "burn_block_time": "time of the block's Bitcoin block, unix seconds"},
        schedule=Schedule.HALF_HOURLY,
        warnings=(GAP,),
    ),
    PublicObject(
        name="sanity_check",
        title="Height of the chain's tip",
        group=Group.OPERATIONS,
        path=paths.SANITY_CHECK,
        shape=shapes.record,
        rows="",
        method="Height of the tip when it last advanced; the task fails while it does not advance.",
        columns=(),
        fields={"maxblock": "height of the tip"},
        private=True,
        schedule=Schedule.HALF_HOURLY,
    ),
)
