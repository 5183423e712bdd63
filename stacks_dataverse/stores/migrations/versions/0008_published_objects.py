"""Up to when the data of public objects go."""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLE = """
CREATE TABLE published_objects (
    name text PRIMARY KEY,
    as_of timestamptz NOT NULL,
    stale_since timestamptz
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE published_objects")
