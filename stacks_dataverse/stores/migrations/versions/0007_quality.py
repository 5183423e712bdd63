"""Checks of two kinds, and what every balance comes to at the end of a day."""

from alembic import op

revision = "0007"
down_revision = "0006"

# What was checked before there were kinds held a day back when it failed.
KIND = "ALTER TABLE quality_checks ADD COLUMN kind text NOT NULL DEFAULT 'error'"

TOTALS = """
CREATE TABLE daily_balance_totals (
    day date PRIMARY KEY,
    balances_ustx bigint NOT NULL,
    fees_paid_ustx bigint NOT NULL,
    matured_fees_ustx bigint NOT NULL
)
"""

# Days that were built before have no totals yet: the next run makes their figures anew.
DUE = "UPDATE built_days SET figures_due = true"


def upgrade() -> None:
    for statement in (KIND, TOTALS, DUE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE daily_balance_totals")
    op.execute("ALTER TABLE quality_checks DROP COLUMN kind")
