"""When each public object was last published, apart from how far its data go."""

from alembic import op

revision = "20261128190100"
down_revision = "20261128161223"


def upgrade() -> None:
    op.execute("ALTER TABLE published_objects ADD COLUMN published_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE published_objects DROP COLUMN published_at")
