"""The chain at its tip, and what waits to be mined; the figures of the tip are in `spot`."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.dataset import Kind, PublicObject, Schedule, Table
from stacks_dataverse.runners import build, live, publish, recent
from stacks_dataverse.units import STX

# Hours after which a half-hourly object is stale.
FRESH_HOURS = 2

# Facts that are made of a look as well, and go by `live_<table>` in the queries of half-hourly objects.
LIVE_FACTS = (
    *("daily_transactions", "stx_supply_changes", "matured_rewards", "large_transfers"),
    *("stx_locks", "reward_cycles", "stacking_distributions", "daily_pox_heights", "burn_block_rewards", "tenures"),
    *("nft_moves", "nft_receipts"),
)

# An object's warning where it reaches back further than a look does.
GAP = "While daily runs are behind by more than 48 hours, the time between is missing."

NEWEST = "block_height DESC, microblock_sequence DESC, tx_index DESC, event_index DESC"

TABLES = (
    Table(
        name="large_transfers",
        kind=Kind.FACT,
        subject="transfers",
        runner=build.day,
        method="Canonical transfers of 1,000,000 STX or more, in contract calls as well.",
        fields=DAY
        | PLACE
        | {
            "tx_id": "hex with 0x",
            "amount_ustx": "µSTX",
            "sender": "principal",
            "recipient": "principal",
            "burn_block_time": "time of the block's Bitcoin block, unix seconds",
            "tx_type": "of the transaction that moved them, in the words of the Stacks API",
        },
    ),
    Table(
        name="mempool_snapshots",
        kind=Kind.SNAPSHOT,
        subject="tip",
        runner=live.published,
        rows="SELECT * FROM live_mempool_snapshots",
        method="Transactions that wait to be mined, by type: those that the API has not pruned, that no canonical "
        "block holds, and whose nonces (the sender's, and the sponsor's where there is one) no canonical transaction "
        "of the snapshot's blocks has spent.",
        fields={
            "taken_at": "when the source was looked at",
            "tx_type": "in the words of the Stacks API",
            "tx_count": "transactions",
            "size_bytes": "their size, bytes",
            "fee_p50_ustx": "the fee that half of them do not exceed, µSTX; null for none",
            "fee_p90_ustx": "the fee that nine in ten do not exceed, µSTX; null for none",
        },
        warnings=(
            "Snapshots of earlier versions count what the API had not pruned: after forks also mined transactions.",
            "A nonce that was spent before the snapshot's blocks, 24 to 48 hours, by another transaction is not seen.",
        ),
    ),
)

OBJECTS = (
    PublicObject(
        name="tx_per_block",
        path=paths.TX_PER_BLOCK,
        shape="by_number",
        subject="live_objects",
        rows="""
            SELECT block_height AS number, tx_count AS value FROM live_blocks ORDER BY block_height DESC LIMIT 100
        """,
        method="Canonical transactions of the last 100 canonical blocks.",
        fields={"<block height>": "transactions"},
        runner=publish.written,
        dated=False,
        schedule=Schedule.HALF_HOURLY,
        freshness_hours=FRESH_HOURS,
        warnings=("Fewer blocks where the chain had less than 100 in 24 hours.",),
    ),
    PublicObject(
        name="mempool",
        path=paths.MEMPOOL,
        shape="by_number",
        subject="live_objects",
        rows="""
            SELECT date_part('epoch', taken_at)::bigint AS number, sum(tx_count)::bigint AS value
            FROM mempool_snapshots
            WHERE taken_at > {taken_at}::timestamptz - interval '7 days' AND taken_at <= {taken_at}
            GROUP BY taken_at
        """,
        method="Transactions that waited to be mined at each look of the last 7 days, as in mempool_snapshots.",
        fields={"<unix seconds of the look>": "transactions"},
        runner=publish.written,
        as_of="SELECT {taken_at}::timestamptz",
        dated=False,
        schedule=Schedule.HALF_HOURLY,
        freshness_hours=FRESH_HOURS,
    ),
    PublicObject(
        name="whale_movements",
        path=paths.WHALE_MOVEMENTS,
        shape="lines",
        subject="live_objects",
        rows=f"""
            SELECT tx_id, block_height, amount_ustx / 1e6::double precision AS amount, sender, recipient,
                   burn_block_time, tx_type,
                   'https://explorer.hiro.so/txid/' || tx_id || '?chain=mainnet' AS explorer_url
            FROM ({recent.newest("large_transfers", NEWEST, 500)}) AS moved
            ORDER BY {NEWEST}
        """,
        method="The last 500 canonical transfers of 1,000,000 STX or more, newest first.",
        fields={
            "tx_id": "hex with 0x",
            "block_height": "height of the canonical block",
            "amount": STX("STX"),
            "sender": "principal",
            "recipient": "principal",
            "burn_block_time": "time of the block's Bitcoin block, unix seconds",
            "tx_type": "of the transaction that moved them, in the words of the Stacks API",
            "explorer_url": "the transaction's page in the Stacks Explorer",
        },
        runner=publish.written,
        dated=False,
        schedule=Schedule.HALF_HOURLY,
        freshness_hours=FRESH_HOURS,
        warnings=(GAP,),
    ),
    PublicObject(
        name="sanity_check",
        path=paths.SANITY_CHECK,
        shape="record",
        rows="",
        method="Height of the tip when it was last seen to have advanced; the task fails while it has not.",
        fields={"maxblock": "height of the tip"},
        runner=live.advanced,
        dated=False,
        private=True,
        schedule=Schedule.HALF_HOURLY,
        freshness_hours=FRESH_HOURS,
    ),
)
