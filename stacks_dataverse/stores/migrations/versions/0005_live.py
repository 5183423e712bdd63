"""Looks at the tip, and large transfers."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE large_transfers (
    day date,
    block_height integer,
    microblock_sequence integer,
    tx_index integer,
    event_index integer,
    tx_id text NOT NULL,
    amount_ustx bigint NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    burn_block_time bigint NOT NULL,
    tx_type text NOT NULL,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
);
CREATE INDEX large_transfers_by_place ON large_transfers (block_height, microblock_sequence, tx_index, event_index);

CREATE TABLE mempool_snapshots (
    taken_at timestamptz,
    tx_type text,
    tx_count bigint NOT NULL,
    size_bytes bigint NOT NULL,
    fee_p50_ustx bigint,
    fee_p90_ustx bigint,
    PRIMARY KEY (taken_at, tx_type)
);

CREATE TABLE spot_snapshots (
    taken_at timestamptz PRIMARY KEY,
    refresh_ts bigint NOT NULL,
    total_txs_alltime bigint,
    total_txs_past24 bigint NOT NULL,
    current_cycle_no integer NOT NULL,
    current_cycle_open_price double precision,
    cycle_blocks_left integer NOT NULL,
    current_cycle_phase text NOT NULL,
    total_stackers bigint,
    total_stacked double precision,
    total_stacked_usd double precision,
    slot_minimum double precision,
    current_stx_block_height integer NOT NULL,
    stacking_apy double precision,
    gini_coefficient double precision,
    median_balance double precision,
    nonzero_bal_addx bigint,
    whale_percent double precision,
    latest_whale_amount double precision,
    latest_whale_timestamp bigint,
    ath double precision,
    perc_from_ath double precision,
    mstx_fee double precision,
    usd_fee double precision,
    latest_transfer_fee double precision,
    now_in_mempool bigint NOT NULL,
    circulating_supply double precision
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for table in ("spot_snapshots", "mempool_snapshots", "large_transfers"):
        op.execute(f"DROP TABLE {table}")
