"""Network users."""

from alembic import op

revision = "20261128160555"
down_revision = "0016"


def upgrade() -> None:
    op.execute("""
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
        )
    """)
    op.execute("""
        CREATE TABLE contract_sources (
            source_sha256 text NOT NULL,
            first_day date NOT NULL,
            contract_id text NOT NULL,
            PRIMARY KEY (source_sha256)
        )
    """)
    op.execute("""
        CREATE TABLE contract_deployers (
            deployer text NOT NULL,
            first_day date NOT NULL,
            contract_id text NOT NULL,
            PRIMARY KEY (deployer)
        )
    """)
    op.execute("""
        CREATE TABLE contract_usage (
            day date NOT NULL,
            contract_id text NOT NULL,
            calls bigint NOT NULL,
            callers bigint NOT NULL,
            failed_calls bigint NOT NULL,
            fee_ustx bigint NOT NULL,
            PRIMARY KEY (day, contract_id)
        )
    """)
    op.execute("""
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
        )
    """)
    op.execute("""
        CREATE TABLE stx_holder_bands (
            day date NOT NULL,
            holder_kind text NOT NULL,
            from_stx bigint NOT NULL,
            holders bigint NOT NULL,
            balance_ustx bigint NOT NULL,
            PRIMARY KEY (day, holder_kind, from_stx)
        )
    """)
    op.execute("""
        CREATE TABLE stx_holder_deciles (
            day date NOT NULL,
            holder_kind text NOT NULL,
            decile smallint NOT NULL,
            holders bigint NOT NULL,
            from_ustx bigint NOT NULL,
            to_ustx bigint NOT NULL,
            balance_ustx bigint NOT NULL,
            PRIMARY KEY (day, holder_kind, decile)
        )
    """)
    op.execute("""
        CREATE TABLE top_stx_holders (
            day date NOT NULL,
            rank smallint NOT NULL,
            address text NOT NULL,
            balance_ustx bigint NOT NULL,
            PRIMARY KEY (day, rank)
        )
    """)
    op.execute("""
        CREATE TABLE initiator_days (
            day date NOT NULL,
            address text NOT NULL,
            PRIMARY KEY (day, address)
        )
    """)
    op.execute("""
        CREATE TABLE initiators (
            address text NOT NULL,
            first_day date NOT NULL,
            PRIMARY KEY (address)
        )
    """)
    op.execute("""
        CREATE TABLE daily_initiators (
            day date NOT NULL,
            initiators bigint NOT NULL,
            initiators_7_days bigint,
            initiators_30_days bigint,
            stickiness double precision,
            new_initiators bigint,
            total_initiators bigint,
            PRIMARY KEY (day)
        )
    """)
    op.execute("""
        CREATE TABLE initiator_cohorts (
            day date NOT NULL,
            cohort date NOT NULL,
            initiators bigint NOT NULL,
            PRIMARY KEY (day, cohort)
        )
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS contract_deployments_by_source_sha256
        ON contract_deployments (source_sha256, day, block_height, microblock_sequence, tx_index)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS contract_deployments_by_deployer
        ON contract_deployments (deployer, day, block_height, microblock_sequence, tx_index)
    """)
    op.execute("CREATE INDEX IF NOT EXISTS initiator_days_by_address ON initiator_days (address, day)")


def downgrade() -> None:
    op.execute("DROP INDEX initiator_days_by_address")
    op.execute("DROP INDEX contract_deployments_by_deployer")
    op.execute("DROP INDEX contract_deployments_by_source_sha256")
    op.execute("DROP TABLE initiator_cohorts")
    op.execute("DROP TABLE daily_initiators")
    op.execute("DROP TABLE initiators")
    op.execute("DROP TABLE initiator_days")
    op.execute("DROP TABLE top_stx_holders")
    op.execute("DROP TABLE stx_holder_deciles")
    op.execute("DROP TABLE stx_holder_bands")
    op.execute("DROP TABLE daily_contracts")
    op.execute("DROP TABLE contract_usage")
    op.execute("DROP TABLE contract_deployers")
    op.execute("DROP TABLE contract_sources")
    op.execute("DROP TABLE contract_deployments")
