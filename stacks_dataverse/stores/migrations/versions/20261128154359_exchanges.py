"""Exchanges, and sales of NFTs out of escrow."""

from alembic import op

revision = "20261128154359"
down_revision = "0016"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE swaps (
            day date NOT NULL,
            block_height integer NOT NULL,
            microblock_sequence integer NOT NULL,
            tx_index integer NOT NULL,
            event_index integer NOT NULL,
            tx_id text NOT NULL,
            protocol text NOT NULL,
            contract text NOT NULL,
            pool text NOT NULL,
            trader text NOT NULL,
            token_in text,
            amount_in numeric(78) NOT NULL,
            token_out text,
            amount_out numeric(78) NOT NULL,
            fee_in numeric(78),
            user_in numeric(78) NOT NULL,
            value_ustx bigint,
            value_sats bigint,
            is_as_moved boolean NOT NULL,
            PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
        )
    """)
    op.execute("""
        CREATE TABLE daily_exchange_volume (
            day date NOT NULL,
            protocol text NOT NULL,
            swaps bigint NOT NULL,
            transactions bigint NOT NULL,
            traders bigint NOT NULL,
            pools bigint NOT NULL,
            unvalued_swaps bigint NOT NULL,
            volume_ustx bigint NOT NULL,
            volume_sats bigint NOT NULL,
            user_volume_ustx bigint NOT NULL,
            user_volume_sats bigint NOT NULL,
            fee_ustx bigint,
            fee_sats bigint,
            PRIMARY KEY (day, protocol)
        )
    """)
    op.execute("ALTER TABLE nft_receipts ADD COLUMN escrow_ustx bigint, ADD COLUMN payees text")
    # Sales that an older release makes are all of this kind.
    op.execute("ALTER TABLE nft_sales ADD COLUMN kind text NOT NULL DEFAULT 'purchase'")


def downgrade() -> None:
    op.execute("ALTER TABLE nft_sales DROP COLUMN kind")
    op.execute("ALTER TABLE nft_receipts DROP COLUMN payees, DROP COLUMN escrow_ustx")
    op.execute("DROP TABLE daily_exchange_volume")
    op.execute("DROP TABLE swaps")
