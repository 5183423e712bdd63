"""Figures that stand on all of the past are null where it is missing; when the chain began, to say what to load."""

from alembic import op

revision = "0012"
down_revision = "0011"

CUMULATIVE = {
    "daily_addresses": ("new_accounts", "total_accounts"),
    "daily_balances": ("holders", "whales", "whale_balance_ustx", "supply_ustx"),
    "daily_balance_totals": ("balances_ustx", "fees_paid_ustx", "matured_fees_ustx"),
    "daily_stacking": ("stacked_ustx", "stackers"),
    "daily_nfts": ("holders", "sales", "sales_ustx"),
    "daily_nft_totals": ("tokens", "sales", "sales_ustx"),
}


def upgrade() -> None:
    # Null until the day is landed again.
    op.execute("ALTER TABLE built_days ADD COLUMN chain_first_day date")
    for table, columns in CUMULATIVE.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")


def downgrade() -> None:
    # Nulls stay allowed: there may be some.
    op.execute("ALTER TABLE built_days DROP COLUMN chain_first_day")
