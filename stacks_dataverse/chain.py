"""What the backend knows of a Stacks database's tables, and what landed seen through canonical eyes.

Facts about the tables: the schema that stacks-blockchain-api writes, versions 7.14 to 9.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from stacks_dataverse.burn_rows import BURN_COLUMNS, BURN_TABLES, burn_rows
from stacks_dataverse.errors import Terminal
from stacks_dataverse.mempool import MEMPOOL_TABLE, WAITING
from stacks_dataverse.network import MAINNET, Network

LARGE_TABLES = ("txs", "stx_events", "ft_events", "nft_events", "contract_logs")
EVENT_TABLES = ("stx_events", "ft_events", "nft_events", "contract_logs", "stx_lock_events")
SNAPSHOT_TABLES = ("pox_state", "chain_tip")

# Rewritten in place by the API from the tables that do land (or, zonefiles, of no block): nothing to keep.
UNLANDED_TABLES = (
    "nft_custody",
    "nft_custody_unanchored",
    "principal_stx_txs",
    "principal_tx_balance_changes",
    "principal_txs",
    "zonefiles",
)

# Tables of later API versions, or of eras that a chain may not have reached.
OPTIONAL_TABLES = frozenset(
    (
        *BURN_TABLES,
        *SNAPSHOT_TABLES,
        "bond_allowlist_entries",
        "bond_registrations",
        "bond_reward_calculations",
        "bond_reward_distributions",
        "bonds",
        "microblocks",
        "names",
        "namespaces",
        "pox2_events",
        "pox3_events",
        "pox4_events",
        "pox5_events",
        "pox_cycles",
        "pox_sets",
        "principal_bond_positions",
        "principal_bond_reward_claims",
        "principal_bond_reward_distributions",
        "principal_stx_reward_distributions",
        "signer_key_grants",
        "signer_reward_claims",
        "smart_contracts",
        "subdomains",
    )
)

# Up to this height blocks do not count their transactions: the API moves block 0's to block 1, and leaves them out of
# the counts of both.
UNCOUNTED_HEIGHT = 1

BLOCK_KEY = {"index_block_hash": "BLOB"}
MICROBLOCK_KEY = BLOCK_KEY | {"microblock_canonical": "BOOLEAN"}
EVENT_KEY = MICROBLOCK_KEY | {"tx_id": "BLOB"}

# With the height of its block, an event's place on the chain; nothing shorter orders events.
EVENT_PLACE = EVENT_KEY | {"microblock_sequence": "INTEGER", "tx_index": "INTEGER", "event_index": "INTEGER"}
ASSET_EVENT = {"asset_event_type_id": "SMALLINT", "sender": "VARCHAR", "recipient": "VARCHAR"}
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

# The columns that the transformers rely on, as DuckDB types. A source without one of them, or without a table
# that is not optional, cannot be built from; an optional table's missing column is null.
COLUMNS: dict[str, dict[str, str]] = {
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
    },
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
        "token_transfer_recipient_address": "VARCHAR",
        "contract_call_contract_id": "VARCHAR",
        "smart_contract_contract_id": "VARCHAR",
    },
    "stx_events": EVENT_PLACE | ASSET_EVENT | {"amount": "BIGINT"},
    "ft_events": EVENT_KEY | ASSET_EVENT,
    "nft_events": EVENT_PLACE | ASSET_EVENT | {"asset_identifier": "VARCHAR", "value": "BLOB"},
    "contract_logs": EVENT_PLACE | {"contract_identifier": "VARCHAR", "topic": "VARCHAR", "value": "BLOB"},
    "stx_lock_events": EVENT_PLACE
    | {
        "locked_amount": "BIGINT",
        "unlock_height": "BIGINT",
        "locked_address": "VARCHAR",
        "contract_name": "VARCHAR",
    },
    "miner_rewards": BLOCK_KEY
    | {
        "from_index_block_hash": "BLOB",
        "mature_block_height": "INTEGER",
        "recipient": "VARCHAR",
        "miner_address": "VARCHAR",
        "coinbase_amount": "BIGINT",
        "tx_fees_anchored": "BIGINT",
        "tx_fees_streamed_confirmed": "BIGINT",
        "tx_fees_streamed_produced": "BIGINT",
    },
    "microblocks": MICROBLOCK_KEY | {"microblock_hash": "BLOB"},
    "pox2_events": POX_EVENT,
    "pox3_events": POX_EVENT,
    "pox4_events": POX_EVENT,
    "pox5_events": EVENT_PLACE | {"name": "VARCHAR", "data": "VARCHAR"},
    "pox_cycles": BLOCK_KEY | {"cycle_number": "INTEGER", "total_stacked_amount": "BIGINT", "total_signers": "INTEGER"},
    "pox_sets": BLOCK_KEY | {"cycle_number": "INTEGER", "pox_ustx_threshold": "BIGINT"},
    "pox_state": {f"pox_v{n}_unlock_height": "BIGINT" for n in (1, 2, 3, 4)} | dict.fromkeys(CYCLES, "BIGINT"),
    **BURN_COLUMNS,
}


# A block's time in unix seconds: of its header, or, where the node sent none, of its Bitcoin block.
BLOCK_TIME = "COALESCE(NULLIF(block_time, 0), burn_block_time)"


@contextmanager
def canonical_day(
    raw: Mapping[str, Path],
    declared: Mapping[str, Mapping[str, str]] = COLUMNS,
    since: int | None = None,
    network: Network = MAINNET,
    burn_ranges: Sequence[tuple[int, int]] = (),
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory DuckDB over a day's raw files in which every table holds canonical rows only.

    Canonical means: in a block that the landed `blocks` file calls canonical, and, where a row has the
    flag, `microblock_canonical`; for rows of a Bitcoin block, see `burn_rows`. The mempool holds what still waits.

    Args:
        raw: the Parquet file of each table that has rows on the day; `blocks` missing is a day without blocks.
        declared: the tables to open, with their columns.
        since: unix seconds; blocks of before, and what they hold, are left out.
        network: what its `macros` go by; reward cycles that the landed `pox_state` tells take the place of its own.
        burn_ranges: the Bitcoin heights that the day owns, for the table `burn_ranges(above, up_to)`.
    Raises:
        Terminal: a raw file lacks a column that the transformers rely on.
    """
    with duckdb.connect(config={"memory_limit": "2GB"}) as day:
        day.execute("CREATE TABLE burn_ranges (above INTEGER, up_to INTEGER)")
        if burn_ranges:
            day.executemany("INSERT INTO burn_ranges VALUES (?, ?)", burn_ranges)
        # Not the zone of the machine: times become dates and columns by it.
        day.execute("SET TimeZone = 'UTC'")
        for table, columns in declared.items():
            day.execute(f"CREATE VIEW all_{table} AS {_all_rows(day, table, columns, raw)}")
        for table in declared:
            day.execute(f"CREATE VIEW {table} AS {_canonical_rows(table, declared, since)}")
        for macro in (_with_told_cycles(day, network) if "pox_state" in declared else network).macros:
            day.execute(macro)
        yield day


def missing_columns(table: str, found: Collection[str]) -> list[str]:
    """The columns of a table without which a day cannot be built."""
    return [] if table in OPTIONAL_TABLES else [column for column in COLUMNS.get(table, ()) if column not in found]


def _all_rows(day: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], raw: Mapping[str, Path]) -> str:
    if table not in raw:
        return f"SELECT {_casts(columns, present=())} WHERE false"
    found = pq.read_schema(raw[table]).names
    if missing := [column for column in missing_columns(table, found) if column in columns]:
        raise Terminal(
            f"raw {table} has no column {', '.join(missing)}: it was landed by an earlier release, "
            "or from an API before 7.14. Land it again."
        )
    day.read_parquet(str(raw[table])).create_view(f"raw_{table}")
    return f"SELECT {_casts(columns, found)} FROM raw_{table}"


def _canonical_rows(table: str, declared: Mapping[str, Mapping[str, str]], since: int | None) -> str:
    if table == "blocks":
        is_new = "true" if since is None else f"{BLOCK_TIME} >= {since}"
        return f"SELECT * FROM all_blocks WHERE canonical AND {is_new}"
    if table in SNAPSHOT_TABLES:
        return f"SELECT * FROM all_{table}"
    if table == MEMPOOL_TABLE:
        return WAITING
    if table in BURN_TABLES:
        return burn_rows(table, declared)
    in_canonical_block = f"SELECT * FROM all_{table} SEMI JOIN blocks USING (index_block_hash)"
    return in_canonical_block + (" WHERE microblock_canonical" if "microblock_canonical" in declared[table] else "")


def _with_told_cycles(day: duckdb.DuckDBPyConnection, network: Network) -> Network:
    (told,) = day.sql(f"SELECT {', '.join(f'max({column})' for column in CYCLES)} FROM pox_state").fetchall()
    return network if None in told else replace(network, **dict(zip(CYCLES.values(), told, strict=True)))


def _casts(types: Mapping[str, str], present: Collection[str]) -> str:
    values = {column: column if column in present else "NULL" for column in types}
    return ", ".join(f"{values[column]}::{kind} AS {column}" for column, kind in types.items())
