"""The view's fees are the tenure's own, matured or not: a matured reward pays those of the tenure before."""

from alembic import op

revision = "0010"
down_revision = "0009"

VIEW = """
CREATE OR REPLACE VIEW mining_tenures AS
SELECT tenure.burn_block_height, tenure.mined_at,
       COALESCE(reward.miner_address, tenure.miner_address) AS miner_address,
       tenure.miner_commit_sats, tenure.total_commit_sats, tenure.miners,
       COALESCE(reward.coinbase_ustx, tenure.coinbase_ustx) AS coinbase_ustx,
       {fees} AS fees_ustx,
       reward.coinbase_ustx IS NOT NULL AS matured
FROM (
    SELECT burn_block_height, min(mined_at) AS mined_at,
           (array_agg(first_index_block_hash ORDER BY first_block_height))[1] AS first_index_block_hash,
           max(miner_address) AS miner_address, max(miner_commit_sats) AS miner_commit_sats,
           max(total_commit_sats) AS total_commit_sats, max(miners) AS miners,
           sum(coinbase_ustx)::bigint AS coinbase_ustx, sum(fees_ustx)::bigint AS fees_ustx
    FROM tenures GROUP BY burn_block_height ORDER BY burn_block_height DESC
) AS tenure
CROSS JOIN LATERAL (
    SELECT max(miner_address) FILTER (WHERE rewards.coinbase_ustx > 0) AS miner_address,
           sum(rewards.coinbase_ustx)::bigint AS coinbase_ustx,
           sum(tx_fees_anchored_ustx + tx_fees_streamed_confirmed_ustx
               + tx_fees_streamed_produced_ustx)::bigint AS fees_ustx
    FROM matured_rewards AS rewards WHERE from_index_block_hash = tenure.first_index_block_hash
) AS reward
"""


def upgrade() -> None:
    op.execute(VIEW.format(fees="tenure.fees_ustx"))


def downgrade() -> None:
    op.execute(VIEW.format(fees="COALESCE(reward.fees_ustx, tenure.fees_ustx)"))
