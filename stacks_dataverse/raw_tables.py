"""The raw columns of a Stacks database: their types, which of them decide what is canonical, and which API versions
lack them.

A transformer's `reads` names raw tables and the columns that it reads of each. The columns that decide whether a row is
canonical are read with any others, and are not named there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from stacks_dataverse.burn_rows import BURN_TYPES, EVIDENCE
from stacks_dataverse.labels import Group, Label
from stacks_dataverse.mempool import MEMPOOL_TABLE, MEMPOOL_TYPES, WAITING_READS

# The columns that something reads, by raw table; and columns with their types.
Reads = Mapping[str, Sequence[str]]
Columns = Mapping[str, Mapping[str, str]]


EVENT_KEY = {"index_block_hash": "BLOB", "microblock_canonical": "BOOLEAN", "tx_id": "BLOB"}

# With the height of its block, an event's place on the chain; nothing shorter orders events.
EVENT_PLACE = EVENT_KEY | {"microblock_sequence": "INTEGER", "tx_index": "INTEGER", "event_index": "INTEGER"}
ASSET_EVENT = EVENT_PLACE | {"asset_event_type_id": "SMALLINT", "sender": "VARCHAR", "recipient": "VARCHAR"}
POX_EVENT = EVENT_PLACE | {
    "name": "VARCHAR",
    "stacker": "VARCHAR",
    "locked": "BIGINT",
    "burnchain_unlock_height": "BIGINT",
    "delegator": "VARCHAR",
}

# A chain's reward cycles in pox_state, by the field of `network.Network`: null until the API has read them of its node.
CYCLES = {
    "pox_first_burnchain_block_height": "first_burn_height",
    "pox_reward_cycle_length": "cycle_length",
    "pox_prepare_phase_block_length": "prepare_length",
}

# What running a block's transactions cost, in the dimensions that a tenure has a budget of.
COSTS = tuple(
    f"execution_cost_{dimension}"
    for dimension in ("runtime", "read_count", "read_length", "write_count", "write_length")
)

# The raw columns that can be read, as DuckDB types.
RAW_TYPES: Columns = {
    "blocks": {
        "index_block_hash": "BLOB",
        "parent_index_block_hash": "BLOB",
        "block_height": "INTEGER",
        "burn_block_height": "INTEGER",
        "burn_block_hash": "BLOB",
        "burn_block_time": "BIGINT",
        "block_time": "BIGINT",
        "miner_txid": "BLOB",
        "canonical": "BOOLEAN",
        "tx_count": "INTEGER",
        "tx_total_size": "BIGINT",
    }
    | dict.fromkeys(COSTS, "BIGINT"),
    "txs": EVENT_KEY
    | {
        "microblock_sequence": "INTEGER",
        "tx_index": "INTEGER",
        "type_id": "SMALLINT",
        "status": "SMALLINT",
        "fee_rate": "BIGINT",
        "sender_address": "VARCHAR",
        "sponsored": "BOOLEAN",
        "sponsor_address": "VARCHAR",
        "nonce": "BIGINT",
        "sponsor_nonce": "BIGINT",
        "event_count": "INTEGER",
        "raw_tx": "BLOB",
        "token_transfer_recipient_address": "VARCHAR",
        "contract_call_contract_id": "VARCHAR",
        "contract_call_function_name": "VARCHAR",
        "smart_contract_contract_id": "VARCHAR",
        "tenure_change_cause": "SMALLINT",
        "smart_contract_clarity_version": "SMALLINT",
        "smart_contract_source_code": "VARCHAR",
    },
    "stx_events": ASSET_EVENT | {"amount": "BIGINT"},
    "ft_events": ASSET_EVENT | {"asset_identifier": "VARCHAR", "amount": "UHUGEINT"},
    "nft_events": ASSET_EVENT | {"asset_identifier": "VARCHAR", "value": "BLOB"},
    "contract_logs": EVENT_PLACE | {"contract_identifier": "VARCHAR", "topic": "VARCHAR", "value": "BLOB"},
    "stx_lock_events": EVENT_PLACE
    | {
        "locked_amount": "BIGINT",
        "unlock_height": "BIGINT",
        "locked_address": "VARCHAR",
        "contract_name": "VARCHAR",
    },
    "miner_rewards": {
        "index_block_hash": "BLOB",
        "from_index_block_hash": "BLOB",
        "mature_block_height": "INTEGER",
        "recipient": "VARCHAR",
        "miner_address": "VARCHAR",
        "coinbase_amount": "BIGINT",
        "tx_fees_anchored": "BIGINT",
        "tx_fees_streamed_confirmed": "BIGINT",
        "tx_fees_streamed_produced": "BIGINT",
    },
    "microblocks": {"index_block_hash": "BLOB", "microblock_canonical": "BOOLEAN", "microblock_hash": "BLOB"},
    "pox2_events": POX_EVENT,
    "pox3_events": POX_EVENT,
    "pox4_events": POX_EVENT,
    "pox5_events": EVENT_PLACE | {"name": "VARCHAR", "data": "VARCHAR"},
    "pox_cycles": {
        "index_block_hash": "BLOB",
        "cycle_number": "INTEGER",
        "total_stacked_amount": "BIGINT",
        "total_signers": "INTEGER",
    },
    "pox_sets": {
        "index_block_hash": "BLOB",
        "cycle_number": "INTEGER",
        "pox_ustx_threshold": "BIGINT",
        "signing_key": "BLOB",
        "weight": "INTEGER",
        "stacked_amount": "BIGINT",
    },
    "pox_state": {f"pox_v{n}_unlock_height": "BIGINT" for n in (1, 2, 3, 4)} | dict.fromkeys(CYCLES, "BIGINT"),
    **BURN_TYPES,
    MEMPOOL_TABLE: MEMPOOL_TYPES,
}

# What people call each.
RAW_LABELS: Mapping[str, Label] = {
    "blocks": Label("Blocks of the Stacks chain", Group.NETWORK),
    "txs": Label("Transactions", Group.NETWORK),
    "stx_events": Label("STX transfers, mints and burns", Group.BALANCES),
    "ft_events": Label("Fungible token transfers, mints and burns", Group.TOKENS),
    "nft_events": Label("NFT transfers, mints and burns", Group.NFTS),
    "contract_logs": Label("Events that contracts print", Group.CONTRACTS),
    "stx_lock_events": Label("Locks of STX", Group.STACKING),
    "miner_rewards": Label("Rewards of blocks", Group.MINING),
    "microblocks": Label("Microblocks before Nakamoto", Group.NETWORK),
    **{f"pox{n}_events": Label(f"Stacking events of PoX-{n}", Group.STACKING) for n in (2, 3, 4, 5)},
    "pox_cycles": Label("Reward cycles: totals", Group.STACKING),
    "pox_sets": Label("Reward cycles: signers", Group.STACKING),
    "pox_state": Label("Parameters and unlock heights of PoX", Group.STACKING),
    "burnchain_rewards": Label("BTC that miners paid to stackers", Group.MINING),
    "burn_block_pox_txs": Label("Commits of miners on Bitcoin", Group.MINING),
    "burn_blocks": Label("Blocks of the Bitcoin chain", Group.MINING),
    MEMPOOL_TABLE: Label("Transactions in the mempool", Group.NETWORK),
}

# What decides which rows of a table are canonical; of those not named here, the hash of their block, and the flag of
# their microblock where they have one.
CANONICAL = ("index_block_hash", "microblock_canonical")
KEYS: Mapping[str, Sequence[str]] = {
    "blocks": (
        "index_block_hash",
        "burn_block_height",
        "burn_block_hash",
        "burn_block_time",
        "block_time",
        "canonical",
    ),
    "burnchain_rewards": ("burn_block_height", "burn_block_hash", "id", "reward_index"),
    "burn_block_pox_txs": ("burn_block_height", "burn_block_hash", "tx_id", "utxo_idx"),
    "burn_blocks": ("burn_block_height", "burn_block_hash", "id", "canonical"),
    MEMPOOL_TABLE: WAITING_READS[MEMPOOL_TABLE],
}

# What else decides: for rows of a Bitcoin block, which block counts; for the mempool, what is mined.
ALSO_READ: Mapping[str, Reads] = {
    **{table: dict.fromkeys(EVIDENCE, ()) for table in BURN_TYPES},
    MEMPOOL_TABLE: WAITING_READS,
}

# Versions before 9 have none of these, and of the last of them not all; their columns are then null.
ONLY_IN_9 = {
    ("burn_block_pox_txs", ""),
    ("pox5_events", ""),
    ("pox_state", "pox_v4_unlock_height"),
    ("blocks", "tx_total_size"),
}

# Came after 9.0.2, and took what a Bitcoin block burned out of the other table (migration 1779800000015).
LATER = "burn_blocks"
MOVED = ("burnchain_rewards", "burn_amount")
# What came after 9.0.2, a version that the layout does not show: null where it is missing.
LATER_THAN_9 = {(LATER, ""), *(("pox_state", column) for column in CYCLES)}


@dataclass(frozen=True)
class Origin:
    """The database that raw rows come from: its API version, as far as its layout shows it, and its tables."""

    version: str
    tables: Collection[str]

    def excuses(self, table: str, column: str = "") -> bool:
        """Whether databases of this version may lack a table or column: it then has no rows, or is null."""
        if (table, column) == MOVED:
            return LATER in self.tables
        excused = LATER_THAN_9 if self.version == "9" else LATER_THAN_9 | ONLY_IN_9
        return (table, column) in excused

    def lacks(self, table: str) -> bool:
        """Whether it does not have a table that databases of its version have."""
        return table not in self.tables and not self.excuses(table)


# A complete database of the newest version.
NEWEST = Origin("9", RAW_TYPES)


def merge(every: Iterable[Reads]) -> Reads:
    """All that several readers read, together."""
    merged: dict[str, dict[str, None]] = {}
    for reads in every:
        for table, columns in reads.items():
            merged.setdefault(table, {}).update(dict.fromkeys(columns))
    return {table: tuple(columns) for table, columns in merged.items()}


def with_keys(reads: Reads) -> dict[str, dict[str, str]]:
    """The columns to open for some reads, with their types: those, and what decides which rows are canonical."""
    wanted: dict[str, set[str]] = {"blocks": set()}
    for table, columns in reads.items():
        wanted.setdefault(table, set()).update(columns)
        for other, more in ALSO_READ.get(table, {}).items():
            wanted.setdefault(other, set()).update(more)
    return {
        table: {name: kind for name, kind in RAW_TYPES[table].items() if name in {*wanted[table], *_keys(table)}}
        for table in RAW_TYPES
        if table in wanted
    }


def _keys(table: str) -> Sequence[str]:
    return KEYS.get(table, CANONICAL)
