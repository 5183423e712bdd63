"""Names of BNS, and sBTC."""

from alembic import op

revision = "20261128161223"
down_revision = "20261128161208"


def upgrade() -> None:
    _create_names()
    _create_withdrawals()
    _create_supply()


def downgrade() -> None:
    op.execute("DROP INDEX sbtc_withdrawal_events_by_request_id")
    op.execute("DROP INDEX name_events_by_bns_version_namespace")
    op.execute("DROP TABLE daily_sbtc")
    op.execute("DROP TABLE sbtc_supply_changes")
    op.execute("DROP TABLE sbtc_withdrawals")
    op.execute("DROP TABLE sbtc_withdrawal_events")
    op.execute("DROP TABLE daily_names")
    op.execute("DROP TABLE bns_namespaces")
    op.execute("DROP TABLE name_events")


def _create_names() -> None:
    op.execute("""
        CREATE TABLE name_events (
            day date NOT NULL,
            block_height integer NOT NULL,
            microblock_sequence integer NOT NULL,
            tx_index integer NOT NULL,
            event_index integer NOT NULL,
            tx_id text NOT NULL,
            bns_version integer NOT NULL,
            kind text NOT NULL,
            name text,
            namespace text NOT NULL,
            token_id text,
            change integer NOT NULL,
            PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
        )
    """)
    op.execute("""
        CREATE TABLE bns_namespaces (
            bns_version integer NOT NULL,
            namespace text NOT NULL,
            names bigint NOT NULL,
            PRIMARY KEY (bns_version, namespace)
        )
    """)
    op.execute("""
        CREATE TABLE daily_names (
            day date NOT NULL,
            bns_version integer NOT NULL,
            namespace text NOT NULL,
            registrations bigint NOT NULL,
            airdrops bigint NOT NULL,
            renewals bigint NOT NULL,
            transfers bigint NOT NULL,
            burns bigint NOT NULL,
            names bigint NOT NULL,
            PRIMARY KEY (day, bns_version, namespace)
        )
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS name_events_by_bns_version_namespace ON name_events (bns_version, namespace, day)
    """)


def _create_withdrawals() -> None:
    op.execute("""
        CREATE TABLE sbtc_withdrawal_events (
            day date NOT NULL,
            block_height integer NOT NULL,
            microblock_sequence integer NOT NULL,
            tx_index integer NOT NULL,
            event_index integer NOT NULL,
            tx_id text NOT NULL,
            request_id bigint NOT NULL,
            kind text NOT NULL,
            amount_sats bigint,
            max_fee_sats bigint,
            burn_block_height bigint,
            fee_sats bigint,
            PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
        )
    """)
    op.execute("""
        CREATE TABLE sbtc_withdrawals (
            request_id bigint NOT NULL,
            created_day date NOT NULL,
            amount_sats bigint,
            max_fee_sats bigint,
            burn_block_height bigint,
            block_height integer NOT NULL,
            microblock_sequence integer NOT NULL,
            tx_index integer NOT NULL,
            event_index integer NOT NULL,
            PRIMARY KEY (request_id)
        )
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS sbtc_withdrawal_events_by_request_id
        ON sbtc_withdrawal_events (request_id, block_height, microblock_sequence, tx_index, event_index)
    """)


def _create_supply() -> None:
    op.execute("""
        CREATE TABLE sbtc_supply_changes (
            day date NOT NULL,
            deposits bigint NOT NULL,
            deposited_sats bigint NOT NULL,
            minted_sats bigint NOT NULL,
            burned_sats bigint NOT NULL,
            locked_sats bigint NOT NULL,
            unlocked_sats bigint NOT NULL,
            staked_change_sats bigint NOT NULL,
            PRIMARY KEY (day)
        )
    """)
    op.execute("""
        CREATE TABLE daily_sbtc (
            day date NOT NULL,
            deposits bigint NOT NULL,
            deposited_sats bigint NOT NULL,
            created_withdrawals bigint NOT NULL,
            created_sats bigint NOT NULL,
            accepted_withdrawals bigint NOT NULL,
            accepted_sats bigint,
            fees_sats bigint NOT NULL,
            rejected_withdrawals bigint NOT NULL,
            rejected_sats bigint,
            median_blocks double precision,
            max_blocks integer,
            liquid_sats bigint,
            locked_sats bigint,
            staked_sats bigint,
            unexplained_mint_sats bigint,
            PRIMARY KEY (day)
        )
    """)
