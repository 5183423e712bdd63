"""What each public file is, as it was last published."""

from alembic import op

revision = "20261128224500"
down_revision = "20261128201907"

TABLE = """
CREATE TABLE published_files (
    key text PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    format text NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    as_of timestamptz,
    published_at timestamptz NOT NULL
)
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE published_files")
