"""How PoX-5 split the BTC of its pool, and what miners sent apart from what stackers were paid."""

from alembic import op

revision = "0014"
down_revision = "0013"

# Within a cycle a distribution is known by its calculation height: two a cycle at most, each later than the last.
DISTRIBUTIONS = """
CREATE TABLE stacking_distributions (
    day date,
    block_height integer,
    microblock_sequence integer,
    tx_index integer,
    event_index integer,
    tx_id text NOT NULL,
    cycle integer NOT NULL,
    calculation_height integer NOT NULL,
    gross_sats bigint NOT NULL,
    bond_sats bigint NOT NULL,
    stx_staker_sats bigint NOT NULL,
    reserve_sats bigint NOT NULL,
    reserve_balance_sats bigint NOT NULL,
    staked_ustx bigint NOT NULL,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
);
CREATE INDEX stacking_distributions_by_calculation_height ON stacking_distributions (calculation_height)
"""

# Null in rows that were made before these columns.
REWARDS = "ALTER TABLE daily_stacking_rewards ADD COLUMN {column} bigint"
COLUMNS = ("miner_sats", "bond_sats", "reserve_sats")


def upgrade() -> None:
    for statement in DISTRIBUTIONS.split(";"):
        op.execute(statement)
    for column in COLUMNS:
        op.execute(REWARDS.format(column=column))


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE daily_stacking_rewards DROP COLUMN {column}")
    op.execute("DROP TABLE stacking_distributions")
