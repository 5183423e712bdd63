"""Loading ledger, transactions, addresses, STX balances."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE SEQUENCE revisions;

CREATE TABLE built_days (
    day date PRIMARY KEY,
    first_block_height integer,
    last_block_height integer,
    block_count integer NOT NULL,
    tx_count integer NOT NULL,
    blocks_digest text NOT NULL,
    settled boolean NOT NULL,
    landed_at timestamptz NOT NULL,
    built_at timestamptz NOT NULL,
    facts_digest text NOT NULL,
    figures_due boolean NOT NULL,
    revision bigint NOT NULL,
    published_revision bigint NOT NULL DEFAULT 0
);

CREATE TABLE loaded_days (
    day date PRIMARY KEY,
    first_block_height integer,
    last_block_height integer,
    block_count integer NOT NULL,
    tx_count integer NOT NULL,
    blocks_digest text NOT NULL,
    settled boolean NOT NULL,
    landed_at timestamptz NOT NULL,
    built_at timestamptz NOT NULL
);

CREATE TABLE quality_checks (
    checked_at timestamptz,
    day date,
    name text,
    passed boolean NOT NULL,
    expected text NOT NULL,
    actual text NOT NULL,
    PRIMARY KEY (day, name, checked_at)
);

CREATE TABLE daily_transactions (
    day date,
    tx_type text,
    tx_status text,
    tx_count bigint NOT NULL,
    fee_ustx bigint NOT NULL,
    PRIMARY KEY (day, tx_type, tx_status)
);

CREATE TABLE address_days (day date, address text, PRIMARY KEY (day, address));
CREATE INDEX address_days_by_address ON address_days (address, day);

CREATE TABLE addresses (address text PRIMARY KEY, first_day date NOT NULL);
CREATE INDEX addresses_by_first_day ON addresses (first_day);

CREATE TABLE daily_activity (
    day date PRIMARY KEY,
    active_accounts bigint NOT NULL,
    active_contracts bigint NOT NULL,
    initiators bigint NOT NULL
);

CREATE TABLE daily_addresses (
    day date PRIMARY KEY,
    active_accounts bigint NOT NULL,
    active_contracts bigint NOT NULL,
    initiators bigint NOT NULL,
    new_accounts bigint NOT NULL,
    total_accounts bigint NOT NULL
);

CREATE TABLE matured_rewards (
    day date,
    mature_block_height integer,
    from_index_block_hash text,
    recipient text,
    miner_address text,
    coinbase_ustx bigint NOT NULL,
    tx_fees_anchored_ustx bigint NOT NULL,
    tx_fees_streamed_confirmed_ustx bigint NOT NULL,
    tx_fees_streamed_produced_ustx bigint NOT NULL,
    PRIMARY KEY (day, mature_block_height, from_index_block_hash, recipient, miner_address)
);
CREATE INDEX matured_rewards_by_origin ON matured_rewards (from_index_block_hash);

CREATE TABLE stx_balance_changes (day date, address text, change_ustx bigint NOT NULL, PRIMARY KEY (day, address));
CREATE INDEX stx_balance_changes_by_address ON stx_balance_changes (address, day);

CREATE TABLE stx_balances (address text PRIMARY KEY, balance_ustx bigint NOT NULL);

CREATE TABLE stx_supply_changes (
    day date PRIMARY KEY,
    minted_ustx bigint NOT NULL,
    burned_ustx bigint NOT NULL,
    coinbase_ustx bigint NOT NULL
);

CREATE TABLE daily_balances (
    day date PRIMARY KEY,
    holders bigint NOT NULL,
    whales bigint NOT NULL,
    whale_balance_ustx bigint NOT NULL,
    median_balance_ustx double precision,
    gini double precision,
    supply_ustx bigint NOT NULL
);

CREATE TABLE daily_balance_histogram (
    day date,
    from_stx integer,
    holders bigint NOT NULL,
    PRIMARY KEY (day, from_stx)
);

CREATE TABLE whale_historical_stx_balances (
    timestamp bigint,
    whale_address text,
    balance double precision NOT NULL,
    PRIMARY KEY (timestamp, whale_address)
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for statement in reversed(TABLES.split(";")):
        if "CREATE TABLE" in statement:
            op.execute(f"DROP TABLE {statement.split('CREATE TABLE')[1].split('(')[0]}")
    op.execute("DROP SEQUENCE revisions")
