"""Contracts and their developers, initiators and their cohorts, and holders of STX."""

from alembic import op

revision = "20261128160555"
down_revision = "20261128160508"

CONTRACTS = """
CREATE TABLE contract_deployments (
    day date NOT NULL,
    block_height integer NOT NULL,
    microblock_sequence integer NOT NULL,
    tx_index integer NOT NULL,
    tx_id text NOT NULL,
    contract_id text NOT NULL,
    deployer text NOT NULL,
    clarity_version smallint,
    source_sha256 text NOT NULL,
    PRIMARY KEY (day, contract_id)
);
CREATE TABLE contract_sources (
    source_sha256 text NOT NULL,
    first_day date NOT NULL,
    contract_id text NOT NULL,
    PRIMARY KEY (source_sha256)
);
CREATE TABLE contract_deployers (
    deployer text NOT NULL,
    first_day date NOT NULL,
    contract_id text NOT NULL,
    PRIMARY KEY (deployer)
);
CREATE TABLE contract_usage (
    day date NOT NULL,
    contract_id text NOT NULL,
    calls bigint NOT NULL,
    callers bigint NOT NULL,
    failed_calls bigint NOT NULL,
    fee_ustx bigint NOT NULL,
    PRIMARY KEY (day, contract_id)
);
CREATE TABLE daily_contracts (
    day date NOT NULL,
    deployments bigint NOT NULL,
    failed_deployments bigint NOT NULL,
    deployers bigint NOT NULL,
    sources bigint NOT NULL,
    contracts_called bigint NOT NULL,
    calls bigint NOT NULL,
    failed_calls bigint NOT NULL,
    call_fee_ustx bigint NOT NULL,
    new_deployers bigint,
    new_sources bigint,
    total_contracts bigint,
    total_deployers bigint,
    total_sources bigint,
    PRIMARY KEY (day)
);
CREATE INDEX IF NOT EXISTS contract_deployments_by_source_sha256
ON contract_deployments (source_sha256, day, block_height, microblock_sequence, tx_index);
CREATE INDEX IF NOT EXISTS contract_deployments_by_deployer
ON contract_deployments (deployer, day, block_height, microblock_sequence, tx_index)
"""
HOLDERS = """
CREATE TABLE stx_holder_bands (
    day date NOT NULL,
    holder_kind text NOT NULL,
    from_stx bigint NOT NULL,
    holders bigint NOT NULL,
    balance_ustx bigint NOT NULL,
    PRIMARY KEY (day, holder_kind, from_stx)
);
CREATE TABLE stx_holder_deciles (
    day date NOT NULL,
    holder_kind text NOT NULL,
    decile smallint NOT NULL,
    holders bigint NOT NULL,
    from_ustx bigint NOT NULL,
    to_ustx bigint NOT NULL,
    balance_ustx bigint NOT NULL,
    PRIMARY KEY (day, holder_kind, decile)
);
CREATE TABLE top_stx_holders (
    day date NOT NULL,
    rank smallint NOT NULL,
    address text NOT NULL,
    balance_ustx bigint NOT NULL,
    PRIMARY KEY (day, rank)
)
"""
INITIATORS = """
CREATE TABLE initiator_days (
    day date NOT NULL,
    address text NOT NULL,
    PRIMARY KEY (day, address)
);
CREATE TABLE initiators (
    address text NOT NULL,
    first_day date NOT NULL,
    PRIMARY KEY (address)
);
CREATE TABLE daily_initiators (
    day date NOT NULL,
    initiators bigint NOT NULL,
    initiators_7_days bigint,
    initiators_30_days bigint,
    stickiness double precision,
    new_initiators bigint,
    total_initiators bigint,
    PRIMARY KEY (day)
);
CREATE TABLE initiator_cohorts (
    day date NOT NULL,
    cohort date NOT NULL,
    initiators bigint NOT NULL,
    PRIMARY KEY (day, cohort)
);
CREATE INDEX IF NOT EXISTS initiator_days_by_address ON initiator_days (address, day)
"""

TABLES = (
    *("contract_deployments", "contract_sources", "contract_deployers", "contract_usage", "daily_contracts"),
    *("stx_holder_bands", "stx_holder_deciles", "top_stx_holders"),
    *("initiator_days", "initiators", "daily_initiators", "initiator_cohorts"),
)


def upgrade() -> None:
    for statements in (CONTRACTS, HOLDERS, INITIATORS):
        for statement in statements.split(";"):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
