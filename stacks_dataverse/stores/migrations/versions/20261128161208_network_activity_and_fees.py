"""Network activity by hour and by day, fees by type, and ages of the mempool's transactions."""

from alembic import op

revision = "20261128161208"
down_revision = "20261128160724"

NEW_COLUMNS = {"address_days": "first_hour_at timestamptz", "daily_activity": "contracts_called bigint"}
NEW_TABLES = """
CREATE TABLE daily_fees (
    day date NOT NULL,
    tx_type text NOT NULL,
    tx_count bigint NOT NULL,
    fee_ustx bigint NOT NULL,
    size_bytes bigint NOT NULL,
    fee_p10_ustx bigint NOT NULL,
    fee_p25_ustx bigint NOT NULL,
    fee_p50_ustx bigint NOT NULL,
    fee_p75_ustx bigint NOT NULL,
    fee_p90_ustx bigint NOT NULL,
    fee_p99_ustx bigint NOT NULL,
    fee_per_byte_p10_ustx double precision,
    fee_per_byte_p50_ustx double precision,
    fee_per_byte_p90_ustx double precision,
    PRIMARY KEY (day, tx_type)
);
CREATE TABLE mempool_ages (
    taken_at timestamptz NOT NULL,
    min_age_seconds integer NOT NULL,
    received_count bigint,
    replaced_count bigint,
    waiting_count bigint NOT NULL,
    fee_p50_ustx bigint,
    PRIMARY KEY (taken_at, min_age_seconds)
);
CREATE TABLE hourly_transactions (
    day date NOT NULL,
    hour_at timestamptz NOT NULL,
    tx_type text NOT NULL,
    tx_status text NOT NULL,
    tx_count bigint NOT NULL,
    fee_ustx bigint NOT NULL,
    PRIMARY KEY (day, hour_at, tx_type, tx_status)
);
CREATE TABLE hourly_activity (
    day date NOT NULL,
    hour_at timestamptz NOT NULL,
    block_count bigint NOT NULL,
    active_accounts bigint NOT NULL,
    active_contracts bigint NOT NULL,
    initiators bigint NOT NULL,
    contracts_called bigint NOT NULL,
    PRIMARY KEY (day, hour_at)
);
CREATE TABLE hourly_new_accounts (
    day date NOT NULL,
    hour_at timestamptz NOT NULL,
    new_accounts bigint,
    PRIMARY KEY (day, hour_at)
);
CREATE TABLE daily_network_activity (
    day date NOT NULL,
    block_count bigint NOT NULL,
    tx_count bigint NOT NULL,
    token_transfers bigint NOT NULL,
    contract_calls bigint NOT NULL,
    smart_contracts bigint NOT NULL,
    other_txs bigint NOT NULL,
    aborted_by_response bigint NOT NULL,
    aborted_by_post_condition bigint NOT NULL,
    problematic_skipped bigint NOT NULL,
    fee_ustx bigint NOT NULL,
    active_accounts bigint NOT NULL,
    active_contracts bigint NOT NULL,
    initiators bigint NOT NULL,
    contracts_called bigint,
    new_accounts bigint,
    total_accounts bigint,
    PRIMARY KEY (day)
)
"""


def upgrade() -> None:
    for table, column in NEW_COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in NEW_TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "daily_network_activity",
        "hourly_new_accounts",
        "hourly_activity",
        "hourly_transactions",
        "mempool_ages",
        "daily_fees",
    ):
        op.execute(f"DROP TABLE {table}")
    for table, column in NEW_COLUMNS.items():
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
