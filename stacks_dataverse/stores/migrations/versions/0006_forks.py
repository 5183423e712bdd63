"""What tells a day that changed, and a hole between days."""

from alembic import op

revision = "0006"
down_revision = "0005"

# Null until the day is built again: of a day built before, nobody noted it.
UPGRADE = """
CREATE TABLE block_edges (
    day date,
    index_block_hash text,
    parent_index_block_hash text NOT NULL,
    block_height integer NOT NULL,
    parent_is_elsewhere boolean NOT NULL,
    child_is_elsewhere boolean NOT NULL,
    PRIMARY KEY (day, index_block_hash)
);
CREATE INDEX block_edges_by_height ON block_edges (block_height);
ALTER TABLE daily_microblocks ADD COLUMN microblocks_digest text;
ALTER TABLE built_days ADD COLUMN facts_version text
"""


def upgrade() -> None:
    for statement in UPGRADE.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE built_days DROP COLUMN facts_version")
    op.execute("ALTER TABLE daily_microblocks DROP COLUMN microblocks_digest")
    op.execute("DROP TABLE block_edges")
