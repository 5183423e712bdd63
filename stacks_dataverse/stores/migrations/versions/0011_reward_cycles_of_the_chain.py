"""The reward cycles that the chain's own node told, as the API has them since its release after 9.0.2."""

from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = ("pox_first_burnchain_block_height", "pox_reward_cycle_length", "pox_prepare_phase_block_length")


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE daily_pox_heights ADD COLUMN {column} bigint")
    op.execute(f"CREATE INDEX daily_pox_heights_with_cycles ON daily_pox_heights (day) WHERE {COLUMNS[1]} IS NOT NULL")


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE daily_pox_heights DROP COLUMN {column}")
