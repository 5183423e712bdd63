"""What the backend knows of a Stacks database's tables, and what landed seen through canonical eyes.

Facts about the tables: the schema that stacks-blockchain-api writes, versions 7.14 to 9.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from stacks_dataverse.errors import Terminal
from stacks_dataverse.mempool import MEMPOOL_TABLE, WAITING

LARGE_TABLES = ("txs", "stx_events", "ft_events", "nft_events", "contract_logs")
BURN_TABLES = ("burnchain_rewards", "reward_slot_holders", "burn_block_pox_txs")
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

BLOCK_KEY = {"index_block_hash": "BLOB"}
MICROBLOCK_KEY = BLOCK_KEY | {"microblock_canonical": "BOOLEAN"}
EVENT_KEY = MICROBLOCK_KEY | {"tx_id": "BLOB"}

# With the height of its block, an event's place on the chain; nothing shorter orders events.
EVENT_PLACE = EVENT_KEY | {"microblock_sequence": "INTEGER", "tx_index": "INTEGER", "event_index": "INTEGER"}
ASSET_EVENT = {"asset_event_type_id": "SMALLINT", "sender": "VARCHAR", "recipient": "VARCHAR"}
BURN_KEY = {"burn_block_height": "INTEGER", "burn_block_hash": "BLOB", "canonical": "BOOLEAN"}
POX_EVENT = EVENT_PLACE | {
    "name": "VARCHAR",
    "stacker": "VARCHAR",
    "locked": "BIGINT",
    "burnchain_unlock_height": "BIGINT",
    "delegator": "VARCHAR",
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
    "contract_logs": EVENT_KEY,
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
    "pox_state": {f"pox_v{version}_unlock_height": "BIGINT" for version in (1, 2, 3, 4)},
    "burnchain_rewards": BURN_KEY
    | {
        "id": "BIGINT",
        "burn_amount": "BIGINT",
        "reward_recipient": "VARCHAR",
        "reward_amount": "BIGINT",
        "reward_index": "INTEGER",
    },
    "burn_block_pox_txs": BURN_KEY | {"tx_id": "BLOB", "utxo_idx": "INTEGER", "amount": "BIGINT"},
}


# A block's time in unix seconds: of its header, or, where the node sent none, of its Bitcoin block.
BLOCK_TIME = "COALESCE(NULLIF(block_time, 0), burn_block_time)"


@contextmanager
def canonical_day(
    raw: Mapping[str, Path], declared: Mapping[str, Mapping[str, str]] = COLUMNS, since: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory DuckDB over a day's raw files in which every table holds canonical rows only.

    Canonical means: in a block that the landed `blocks` file calls canonical, and, where a row has the
    flag, `microblock_canonical`; for rows of a Bitcoin block, see `_burn_rows`. The mempool holds what still waits.

    Args:
        raw: the Parquet file of each table that has rows on the day; `blocks` missing is a day without blocks.
        declared: the tables to open, with their columns.
        since: unix seconds; blocks of before, and what they hold, are left out.
    Raises:
        Terminal: a raw file lacks a column that the transformers rely on.
    """
    with duckdb.connect(config={"memory_limit": "2GB"}) as day:
        for table, columns in declared.items():
            day.execute(f"CREATE VIEW all_{table} AS {_all_rows(day, table, columns, raw)}")
            day.execute(f"CREATE VIEW {table} AS {_canonical_rows(table, columns, since)}")
        yield day


def missing_columns(table: str, found: Collection[str]) -> list[str]:
    """The columns of a table without which a day cannot be built."""
    return [] if table in OPTIONAL_TABLES else [column for column in COLUMNS.get(table, ()) if column not in found]


def _all_rows(day: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], raw: Mapping[str, Path]) -> str:
    if table not in raw:
        return f"SELECT {_casts(columns, present=())} WHERE false"
    found = pq.read_schema(raw[table]).names
    if missing := missing_columns(table, found):
        raise Terminal(
            f"raw {table} has no column {', '.join(missing)}: land the day again from an API of 7.14 or later."
        )
    day.read_parquet(str(raw[table])).create_view(f"raw_{table}")
    return f"SELECT {_casts(columns, found)} FROM raw_{table}"


def _canonical_rows(table: str, columns: Mapping[str, str], since: int | None) -> str:
    if table == "blocks":
        is_new = "true" if since is None else f"{BLOCK_TIME} >= {since}"
        return f"SELECT * FROM all_blocks WHERE canonical AND {is_new}"
    if table in SNAPSHOT_TABLES:
        return f"SELECT * FROM all_{table}"
    if table == MEMPOOL_TABLE:
        return WAITING
    if table in BURN_TABLES:
        return _burn_rows(table, columns)
    in_canonical_block = f"SELECT * FROM all_{table} SEMI JOIN blocks USING (index_block_hash)"
    return in_canonical_block + (" WHERE microblock_canonical" if "microblock_canonical" in columns else "")


def _burn_rows(table: str, columns: Mapping[str, str]) -> str:
    """The rows of one Bitcoin block for each height, each row once.

    The API marks rows canonical on both sides of a Bitcoin fork, and stores them again when a block is
    delivered again. The block that a canonical Stacks block names is the one; where none does, that which was
    stored last.
    """
    last = "arg_max(burn_block_hash, id)" if "id" in columns else "max(burn_block_hash)"
    kept = ", ".join(column for column in columns if column != "id")
    return f"""
        WITH chosen AS (
            SELECT burn_block_height,
                   COALESCE((SELECT any_value(blocks.burn_block_hash) FROM blocks
                             WHERE blocks.burn_block_height = rewards.burn_block_height), {last}) AS burn_block_hash
            FROM all_{table} AS rewards
            WHERE canonical
            GROUP BY burn_block_height
        )
        SELECT DISTINCT {kept} FROM all_{table} SEMI JOIN chosen USING (burn_block_height, burn_block_hash)
        WHERE canonical
    """


def _casts(types: Mapping[str, str], present: Collection[str]) -> str:
    values = {column: column if column in present else "NULL" for column in types}
    return ", ".join(f"{values[column]}::{kind} AS {column}" for column, kind in types.items())
