"""Network activity and fees."""

from alembic import op

revision = "20261128160353"
down_revision = "0016"


def upgrade() -> None:
    op.execute("ALTER TABLE address_days ADD COLUMN first_hour_at timestamptz")
    op.execute("ALTER TABLE daily_activity ADD COLUMN contracts_called bigint")
    op.execute("""
        CREATE TABLE hourly_transactions (
            day date NOT NULL,
            hour_at timestamptz NOT NULL,
            tx_type text NOT NULL,
            tx_status text NOT NULL,
            tx_count bigint NOT NULL,
            fee_ustx bigint NOT NULL,
            PRIMARY KEY (day, hour_at, tx_type, tx_status)
        )
    """)
    op.execute("""
        CREATE TABLE hourly_activity (
            day date NOT NULL,
            hour_at timestamptz NOT NULL,
            block_count bigint NOT NULL,
            active_accounts bigint NOT NULL,
            active_contracts bigint NOT NULL,
            initiators bigint NOT NULL,
            contracts_called bigint NOT NULL,
            PRIMARY KEY (day, hour_at)
        )
    """)
    op.execute("""
        CREATE TABLE hourly_new_accounts (
            day date NOT NULL,
            hour_at timestamptz NOT NULL,
            new_accounts bigint,
            PRIMARY KEY (day, hour_at)
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE hourly_new_accounts")
    op.execute("DROP TABLE hourly_activity")
    op.execute("DROP TABLE hourly_transactions")
    op.execute("ALTER TABLE daily_activity DROP COLUMN contracts_called")
    op.execute("ALTER TABLE address_days DROP COLUMN first_hour_at")
