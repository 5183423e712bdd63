"""What the CDN has to be told of."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("CREATE TABLE changed_keys (key text PRIMARY KEY, changed_at timestamptz NOT NULL)")


def downgrade() -> None:
    op.execute("DROP TABLE changed_keys")
