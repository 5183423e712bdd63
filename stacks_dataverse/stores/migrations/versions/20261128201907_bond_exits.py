"""What left bonds, by the cycle in which it left."""

from alembic import op

revision = "20261128201907"
down_revision = "20261128190100"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE bond_exits (
            day date NOT NULL,
            bond_index integer NOT NULL,
            cycle integer NOT NULL,
            withdrawn_sats bigint NOT NULL,
            released_sats bigint NOT NULL,
            exits bigint NOT NULL,
            PRIMARY KEY (day, bond_index, cycle)
        )
    """)
    op.execute("""
        CREATE TABLE bond_exit_sums (
            bond_index integer NOT NULL,
            cycle integer NOT NULL,
            withdrawn_sats bigint NOT NULL,
            released_sats bigint NOT NULL,
            exits bigint NOT NULL,
            PRIMARY KEY (bond_index, cycle)
        )
    """)
    op.execute("CREATE INDEX IF NOT EXISTS bond_exits_by_bond_index_cycle ON bond_exits (bond_index, cycle, day)")


def downgrade() -> None:
    op.execute("DROP INDEX bond_exits_by_bond_index_cycle")
    op.execute("DROP TABLE bond_exit_sums")
    op.execute("DROP TABLE bond_exits")
