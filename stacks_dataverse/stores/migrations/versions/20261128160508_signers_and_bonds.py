"""Signers of reward cycles, and bonds of PoX-5."""

from alembic import op

revision = "20261128160508"
down_revision = "20261128155949"

BOND_SETUPS = """
CREATE TABLE bond_setups (
    day date NOT NULL,
    bond_index integer NOT NULL,
    block_height integer NOT NULL,
    microblock_sequence integer NOT NULL,
    tx_index integer NOT NULL,
    event_index integer NOT NULL,
    tx_id text NOT NULL,
    target_rate_bp bigint NOT NULL,
    stx_value_ratio bigint NOT NULL,
    min_ustx_ratio bigint NOT NULL,
    first_cycle integer NOT NULL,
    start_height bigint NOT NULL,
    unlock_cycle integer NOT NULL,
    unlock_height bigint NOT NULL,
    PRIMARY KEY (day, bond_index)
)
"""

BOND_CHANGES = """
CREATE TABLE bond_changes (
    day date NOT NULL,
    bond_index integer NOT NULL,
    allowed bigint NOT NULL,
    capacity_sats bigint NOT NULL,
    registrations bigint NOT NULL,
    registered_sats bigint NOT NULL,
    l1_sats bigint NOT NULL,
    registered_ustx bigint NOT NULL,
    withdrawn_sats bigint NOT NULL,
    released_sats bigint NOT NULL,
    early_exits bigint NOT NULL,
    distributions bigint NOT NULL,
    target_sats bigint NOT NULL,
    paid_sats bigint NOT NULL,
    claimed_sats bigint NOT NULL,
    PRIMARY KEY (day, bond_index)
)
"""

BOND_SUMS = """
CREATE TABLE bond_sums (
    bond_index integer NOT NULL,
    allowed bigint NOT NULL,
    capacity_sats bigint NOT NULL,
    registrations bigint NOT NULL,
    registered_sats bigint NOT NULL,
    l1_sats bigint NOT NULL,
    registered_ustx bigint NOT NULL,
    withdrawn_sats bigint NOT NULL,
    released_sats bigint NOT NULL,
    early_exits bigint NOT NULL,
    distributions bigint NOT NULL,
    target_sats bigint NOT NULL,
    paid_sats bigint NOT NULL,
    claimed_sats bigint NOT NULL,
    PRIMARY KEY (bond_index)
)
"""

BOND_DISTRIBUTIONS = """
CREATE TABLE bond_distributions (
    day date NOT NULL,
    block_height integer NOT NULL,
    microblock_sequence integer NOT NULL,
    tx_index integer NOT NULL,
    event_index integer NOT NULL,
    tx_id text NOT NULL,
    bond_index integer NOT NULL,
    cycle integer,
    calculation_height bigint,
    staked_sats bigint NOT NULL,
    target_sats bigint NOT NULL,
    paid_sats bigint NOT NULL,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
)
"""

DAILY_BONDS = """
CREATE TABLE daily_bonds (
    day date NOT NULL,
    bond_index integer NOT NULL,
    status text NOT NULL,
    target_rate_bp bigint NOT NULL,
    first_cycle integer NOT NULL,
    start_height bigint NOT NULL,
    unlock_cycle integer NOT NULL,
    unlock_height bigint NOT NULL,
    allowed bigint NOT NULL,
    capacity_sats bigint NOT NULL,
    registrations bigint NOT NULL,
    bound_sats bigint NOT NULL,
    bound_l1_sats bigint NOT NULL,
    bound_ustx bigint NOT NULL,
    early_exits bigint NOT NULL,
    exited_sats bigint NOT NULL,
    distributions bigint NOT NULL,
    target_sats bigint NOT NULL,
    paid_sats bigint NOT NULL,
    shortfall_sats bigint NOT NULL,
    claimed_sats bigint NOT NULL,
    PRIMARY KEY (day, bond_index)
)
"""

CYCLE_SIGNERS = """
CREATE TABLE cycle_signers (
    day date NOT NULL,
    cycle integer NOT NULL,
    signing_key text NOT NULL,
    block_height integer NOT NULL,
    weight integer NOT NULL,
    stacked_ustx bigint NOT NULL,
    PRIMARY KEY (day, cycle, signing_key)
)
"""

SIGNER_KEYS = """
CREATE TABLE signer_keys (
    day date NOT NULL,
    block_height integer NOT NULL,
    microblock_sequence integer NOT NULL,
    tx_index integer NOT NULL,
    event_index integer NOT NULL,
    tx_id text NOT NULL,
    signer_manager text NOT NULL,
    signing_key text NOT NULL,
    PRIMARY KEY (day, block_height, microblock_sequence, tx_index, event_index)
)
"""

STACKING_CYCLES = """
CREATE TABLE stacking_cycles (
    day date NOT NULL,
    cycle integer NOT NULL,
    block_height integer NOT NULL,
    stacked_ustx bigint NOT NULL,
    liquid_supply_ustx bigint,
    participation double precision,
    min_threshold_ustx bigint,
    signers integer NOT NULL,
    weight bigint NOT NULL,
    hhi double precision,
    nakamoto_30 bigint,
    nakamoto_70 bigint,
    entered bigint,
    exited bigint,
    PRIMARY KEY (day, cycle)
)
"""

INDEXES = (
    "CREATE INDEX signer_keys_by_signer_manager ON signer_keys"
    " (signer_manager, block_height, microblock_sequence, tx_index, event_index)",
    "CREATE INDEX IF NOT EXISTS bond_changes_by_bond_index ON bond_changes (bond_index, day)",
)
TABLES = {
    "bond_setups": BOND_SETUPS,
    "bond_changes": BOND_CHANGES,
    "bond_sums": BOND_SUMS,
    "bond_distributions": BOND_DISTRIBUTIONS,
    "daily_bonds": DAILY_BONDS,
    "cycle_signers": CYCLE_SIGNERS,
    "signer_keys": SIGNER_KEYS,
    "stacking_cycles": STACKING_CYCLES,
}


def upgrade() -> None:
    for statement in (*TABLES.values(), *INDEXES):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
