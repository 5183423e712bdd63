"""What each public file is, as it was last published, and which days have versions of their own."""

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
    first_day date,
    last_day date,
    published_at timestamptz NOT NULL
)
"""

VERSIONS = """
CREATE TABLE published_versions (
    path text PRIMARY KEY,
    first_day date NOT NULL,
    last_day date NOT NULL
)
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(VERSIONS)


def downgrade() -> None:
    op.execute("DROP TABLE published_versions")
    op.execute("DROP TABLE published_files")
