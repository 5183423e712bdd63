"""Blocks and miners."""

from alembic import op

revision = "20261128160724"
down_revision = "20261128160555"

BLOCKS = """
CREATE TABLE daily_blocks (
    day date NOT NULL,
    blocks bigint NOT NULL,
    interval_p50_seconds bigint,
    interval_p95_seconds bigint,
    tenures bigint NOT NULL,
    tenure_blocks_p50 bigint,
    tenure_blocks_max bigint,
    tx_count bigint NOT NULL,
    tenure_txs_p50 bigint,
    tenure_txs_max bigint,
    tx_bytes bigint,
    tenure_extends bigint NOT NULL,
    extended_all bigint NOT NULL,
    extended_runtime bigint NOT NULL,
    extended_read_count bigint NOT NULL,
    extended_read_length bigint NOT NULL,
    extended_write_count bigint NOT NULL,
    extended_write_length bigint NOT NULL,
    runtime bigint NOT NULL,
    runtime_max bigint,
    read_count bigint NOT NULL,
    read_count_max bigint,
    read_length bigint NOT NULL,
    read_length_max bigint,
    write_count bigint NOT NULL,
    write_count_max bigint,
    write_length bigint NOT NULL,
    write_length_max bigint,
    PRIMARY KEY (day)
)
"""

MINERS = """
CREATE TABLE daily_miners (
    day date NOT NULL,
    cycle integer NOT NULL,
    miner_address text NOT NULL,
    tenures bigint NOT NULL,
    commits bigint,
    miner_commit_sats bigint,
    miner_commit_ustx bigint,
    total_commit_sats bigint,
    total_commit_ustx bigint,
    coinbase_ustx bigint NOT NULL,
    fees_ustx bigint NOT NULL,
    PRIMARY KEY (day, cycle, miner_address)
)
"""

MINING = """
CREATE TABLE daily_mining (
    day date NOT NULL,
    miners bigint NOT NULL,
    hhi double precision,
    nakamoto_coefficient bigint,
    tenures bigint NOT NULL,
    commits bigint,
    miner_commit_sats bigint,
    miner_commit_ustx bigint,
    total_commit_sats bigint,
    total_commit_ustx bigint,
    coinbase_ustx bigint NOT NULL,
    fees_ustx bigint NOT NULL,
    PRIMARY KEY (day)
)
"""


def upgrade() -> None:
    for statement in (BLOCKS, MINERS, MINING, "CREATE INDEX daily_miners_by_cycle ON daily_miners (cycle)"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE daily_mining")
    op.execute("DROP TABLE daily_miners")
    op.execute("DROP TABLE daily_blocks")
