"""Stacking, mining, microblocks, non-fungible tokens."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE stx_locks (
    day date,
    block_height integer,
    microblock_sequence integer,
    tx_index integer,
    event_index integer,
    tx_id text NOT NULL,
    address text NOT NULL,
    pox_version smallint NOT NULL,
    locked_ustx bigint NOT NULL,
    unlock_height bigint NOT NULL,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
);
CREATE INDEX stx_locks_by_address ON stx_locks (address, block_height, microblock_sequence, tx_index, event_index);
CREATE INDEX stx_locks_by_unlock_height ON stx_locks (unlock_height, address);

CREATE TABLE delegated_locks (
    day date,
    block_height integer,
    microblock_sequence integer,
    tx_index integer,
    event_index integer,
    stacker text NOT NULL,
    pox_version smallint NOT NULL,
    delegate text,
    locked_ustx bigint NOT NULL,
    unlock_height bigint NOT NULL,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
);
CREATE INDEX delegated_locks_by_stacker
    ON delegated_locks (stacker, block_height, microblock_sequence, tx_index, event_index);
CREATE INDEX delegated_locks_by_unlock_height ON delegated_locks (unlock_height, stacker);

CREATE TABLE reward_cycles (
    day date,
    cycle integer,
    block_height integer,
    min_threshold_ustx bigint,
    stacked_ustx bigint NOT NULL,
    signers integer NOT NULL,
    PRIMARY KEY (day, cycle, block_height)
);
CREATE INDEX reward_cycles_by_cycle ON reward_cycles (cycle, block_height);

CREATE TABLE daily_pox_heights (
    day date PRIMARY KEY,
    last_burn_block_height integer,
    pox_v1_unlock_height bigint,
    pox_v2_unlock_height bigint,
    pox_v3_unlock_height bigint,
    pox_v4_unlock_height bigint
);

CREATE TABLE daily_stacking (
    day date PRIMARY KEY,
    cycle integer NOT NULL,
    stacked_ustx bigint NOT NULL,
    stackers bigint NOT NULL,
    min_threshold_ustx bigint
);

CREATE TABLE stacking_pools (
    day date,
    delegate text,
    stacked_ustx bigint NOT NULL,
    stackers bigint NOT NULL,
    PRIMARY KEY (day, delegate)
);

CREATE TABLE burn_block_rewards (
    burn_block_height integer,
    day date,
    burned_at timestamptz,
    reward_sats bigint NOT NULL,
    burn_sats bigint NOT NULL,
    recipients bigint NOT NULL,
    PRIMARY KEY (burn_block_height, day)
);
CREATE INDEX burn_block_rewards_by_day ON burn_block_rewards (day);

CREATE TABLE tenures (
    day date,
    burn_block_height integer,
    first_block_height integer NOT NULL,
    first_index_block_hash text NOT NULL,
    mined_at timestamptz NOT NULL,
    miner_address text,
    miner_commit_sats bigint,
    total_commit_sats bigint,
    miners bigint,
    coinbase_ustx bigint NOT NULL,
    fees_ustx bigint NOT NULL,
    PRIMARY KEY (day, burn_block_height)
);
CREATE INDEX tenures_by_burn_block_height ON tenures (burn_block_height);

CREATE VIEW mining_tenures AS
SELECT tenure.burn_block_height, tenure.mined_at,
       COALESCE(reward.miner_address, tenure.miner_address) AS miner_address,
       tenure.miner_commit_sats, tenure.total_commit_sats, tenure.miners,
       COALESCE(reward.coinbase_ustx, tenure.coinbase_ustx) AS coinbase_ustx,
       COALESCE(reward.fees_ustx, tenure.fees_ustx) AS fees_ustx,
       reward.coinbase_ustx IS NOT NULL AS matured
FROM (
    SELECT burn_block_height, min(mined_at) AS mined_at,
           (array_agg(first_index_block_hash ORDER BY first_block_height))[1] AS first_index_block_hash,
           max(miner_address) AS miner_address, max(miner_commit_sats) AS miner_commit_sats,
           max(total_commit_sats) AS total_commit_sats, max(miners) AS miners,
           sum(coinbase_ustx)::bigint AS coinbase_ustx, sum(fees_ustx)::bigint AS fees_ustx
    FROM tenures GROUP BY burn_block_height
) AS tenure
CROSS JOIN LATERAL (
    SELECT max(miner_address) FILTER (WHERE rewards.coinbase_ustx > 0) AS miner_address,
           sum(rewards.coinbase_ustx)::bigint AS coinbase_ustx,
           sum(tx_fees_anchored_ustx + tx_fees_streamed_confirmed_ustx
               + tx_fees_streamed_produced_ustx)::bigint AS fees_ustx
    FROM matured_rewards AS rewards WHERE from_index_block_hash = tenure.first_index_block_hash
) AS reward;

CREATE TABLE daily_microblocks (day date PRIMARY KEY, microblocks bigint NOT NULL);

CREATE TABLE nft_moves (
    day date,
    block_height integer,
    microblock_sequence integer,
    tx_index integer,
    event_index integer,
    tx_id text NOT NULL,
    asset_identifier text NOT NULL,
    token_value bytea NOT NULL,
    kind text NOT NULL,
    sender text,
    recipient text,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
);
CREATE INDEX nft_moves_by_token
    ON nft_moves (asset_identifier, token_value, block_height, microblock_sequence, tx_index, event_index);

CREATE TABLE nft_owners (
    asset_identifier text,
    token_value bytea,
    owner text,
    block_height integer NOT NULL,
    microblock_sequence integer NOT NULL,
    tx_index integer NOT NULL,
    event_index integer NOT NULL,
    PRIMARY KEY (asset_identifier, token_value)
);
CREATE INDEX nft_owners_by_owner ON nft_owners (owner, asset_identifier);

CREATE TABLE nft_sales (
    day date,
    block_height integer NOT NULL,
    tx_id text,
    asset_identifier text,
    token_value bytea,
    seller text NOT NULL,
    buyer text NOT NULL,
    price_ustx bigint NOT NULL,
    token_id text,
    PRIMARY KEY (day, tx_id, asset_identifier, token_value)
);
CREATE INDEX nft_sales_by_block_height ON nft_sales (block_height);

CREATE TABLE daily_nft_activity (
    day date,
    asset_identifier text,
    mints bigint NOT NULL,
    burns bigint NOT NULL,
    transfers bigint NOT NULL,
    sales bigint NOT NULL,
    sales_ustx bigint NOT NULL,
    paid_mints bigint NOT NULL,
    mint_ustx bigint NOT NULL,
    PRIMARY KEY (day, asset_identifier)
);
CREATE INDEX daily_nft_activity_by_asset ON daily_nft_activity (asset_identifier, day);

CREATE TABLE nft_collections (
    asset_identifier text PRIMARY KEY,
    first_day date NOT NULL,
    name text GENERATED ALWAYS AS (split_part(asset_identifier, '::', 2)) STORED
);
CREATE INDEX nft_collections_by_name ON nft_collections (name);

CREATE TABLE nft_holdings (
    day date,
    asset_identifier text,
    owner text,
    tokens bigint NOT NULL,
    PRIMARY KEY (day, asset_identifier, owner)
);
CREATE INDEX nft_holdings_by_owner ON nft_holdings (asset_identifier, owner, day);

CREATE TABLE daily_nfts (
    day date,
    asset_identifier text,
    mints bigint NOT NULL,
    burns bigint NOT NULL,
    transfers bigint NOT NULL,
    sales bigint NOT NULL,
    sales_ustx bigint NOT NULL,
    paid_mints bigint NOT NULL,
    mint_ustx bigint NOT NULL,
    holders bigint NOT NULL,
    PRIMARY KEY (day, asset_identifier)
);
CREATE INDEX daily_nfts_by_asset ON daily_nfts (asset_identifier, day);

CREATE TABLE daily_nft_totals (
    day date PRIMARY KEY,
    tokens bigint NOT NULL,
    mints bigint NOT NULL,
    burns bigint NOT NULL,
    sales bigint NOT NULL,
    sales_ustx bigint NOT NULL
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW mining_tenures")
    for statement in reversed(TABLES.split(";")):
        if "CREATE TABLE" in statement:
            op.execute(f"DROP TABLE {statement.split('CREATE TABLE')[1].split('(')[0]}")
