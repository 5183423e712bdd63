"""The end-of-day figures of every built day are due: locks end a Bitcoin block earlier, a missing past is null.

The next run makes them and publishes the days again. Facts that changed need their days built again, by a backfill:
docs/upgrading.md says which, and how long it takes.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

DUE = "UPDATE built_days SET figures_due = true, revision = nextval('revisions')"


def upgrade() -> None:
    op.execute(DUE)


def downgrade() -> None:
    """What is due stays due: making figures again changes nothing that is right."""
