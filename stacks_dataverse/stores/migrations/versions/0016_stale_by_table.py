"""Which code and which raw files made each table's rows of each day; what a loaded day lacks.

What is built already is taken over without a version, for the checksum that days had over all of the code says nothing
of one table. So every figure is due once, at the next run, and every fact once, whenever its day is next in a backfill.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

# What an earlier release built of each day: facts and figures, and the running state that stands on some.
FACTS = (
    *("daily_transactions", "address_days", "daily_activity", "matured_rewards", "stx_balance_changes"),
    *("stx_supply_changes", "block_edges", "large_transfers", "burn_block_rewards", "tenures", "daily_microblocks"),
    *("nft_moves", "nft_receipts", "daily_nft_activity", "stx_locks", "delegated_locks", "daily_pox_heights"),
    *("reward_cycles", "stacking_distributions", "addresses", "stx_balances", "nft_owners", "nft_collections"),
)
FIGURES = (
    *("daily_addresses", "daily_balances", "daily_balance_totals", "daily_balance_histogram"),
    *("whale_historical_stx_balances", "nft_sales", "nft_holdings", "daily_nfts", "daily_nft_totals"),
    *("daily_stacking", "stacking_pools", "daily_stacking_rewards"),
)

UPGRADE = """
CREATE TABLE built_tables (
    day date,
    table_name text,
    version text NOT NULL,
    source text NOT NULL,
    digest text,
    built_at timestamptz NOT NULL,
    failure text,
    due boolean NOT NULL,
    PRIMARY KEY (day, table_name)
);
CREATE INDEX built_tables_by_name ON built_tables (table_name, day);
CREATE INDEX built_tables_to_do ON built_tables (day) WHERE due OR failure IS NOT NULL;
ALTER TABLE loaded_days ADD COLUMN missing text
"""

TAKE_OVER = """
INSERT INTO built_tables
SELECT day, table_name, '', '', NULL, built_at, NULL, {due} FROM built_days, unnest(ARRAY[{names}]) AS table_name
"""


def upgrade() -> None:
    for statement in UPGRADE.split(";"):
        op.execute(statement)
    for names, due in ((FACTS, "false"), (FIGURES, "true")):
        op.execute(TAKE_OVER.format(due=due, names=", ".join(f"'{name}'" for name in names)))


def downgrade() -> None:
    op.execute("ALTER TABLE loaded_days DROP COLUMN missing")
    op.execute("DROP TABLE built_tables")
