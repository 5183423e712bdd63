"""What the backend knows of a Stacks database's tables, and a landed day seen through canonical eyes.

Facts about the tables: the schema that stacks-blockchain-api writes, versions 7.14 to 9.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
from pyarrow.dataset import Dataset

from stacks_dataverse.errors import Terminal

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

EVENT_KEY = {"tx_id": "BLOB", "index_block_hash": "BLOB", "microblock_canonical": "BOOLEAN"}
ASSET_EVENT = EVENT_KEY | {"sender": "VARCHAR", "recipient": "VARCHAR"}

# The columns that the transformers rely on, as DuckDB types. A source without one of them cannot be built.
REQUIRED_COLUMNS: dict[str, dict[str, str]] = {
    "blocks": {
        "index_block_hash": "BLOB",
        "parent_index_block_hash": "BLOB",
        "block_height": "INTEGER",
        "burn_block_height": "INTEGER",
        "canonical": "BOOLEAN",
        "tx_count": "INTEGER",
    },
    "txs": EVENT_KEY
    | {
        "type_id": "SMALLINT",
        "status": "SMALLINT",
        "fee_rate": "BIGINT",
        "sender_address": "VARCHAR",
        "sponsored": "BOOLEAN",
        "sponsor_address": "VARCHAR",
        "event_count": "INTEGER",
        "token_transfer_recipient_address": "VARCHAR",
        "contract_call_contract_id": "VARCHAR",
        "smart_contract_contract_id": "VARCHAR",
    },
    "stx_events": ASSET_EVENT | {"asset_event_type_id": "SMALLINT", "amount": "BIGINT"},
    "ft_events": ASSET_EVENT,
    "nft_events": ASSET_EVENT,
    "contract_logs": EVENT_KEY,
    "stx_lock_events": EVENT_KEY,
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
}


@contextmanager
def canonical_day(raw: Mapping[str, Dataset]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory DuckDB over a day's raw files in which every table holds canonical rows only.

    Canonical means: in a block that the landed `blocks` file calls canonical, and, where a row has the
    flag, `microblock_canonical`. Tables and columns are those of `REQUIRED_COLUMNS`.

    Args:
        raw: a dataset for each table that has rows on the day; `blocks` missing is a day without blocks.
    Raises:
        Terminal: a raw file lacks a column that the transformers rely on.
    """
    with duckdb.connect(config={"memory_limit": "2GB"}) as day:
        for table, columns in REQUIRED_COLUMNS.items():
            day.execute(f"CREATE VIEW {table} AS {_source(day, table, columns, raw)}")
        yield day


def _source(day: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], raw: Mapping[str, Dataset]) -> str:
    if table not in raw:
        return f"SELECT {_casts(dict.fromkeys(columns, 'NULL'), columns)} WHERE false"
    missing = sorted(columns.keys() - set(raw[table].schema.names))
    if missing:
        raise Terminal(
            f"raw {table} has no column {', '.join(missing)}: land the day again from an API of 7.14 or later."
        )
    day.register(f"raw_{table}", raw[table])
    rows = f"SELECT {_casts({column: column for column in columns}, columns)} FROM raw_{table}"
    if table == "blocks":
        return f"{rows} WHERE canonical"
    in_canonical_block = f"{rows} SEMI JOIN blocks USING (index_block_hash)"
    return in_canonical_block + (" WHERE microblock_canonical" if "microblock_canonical" in columns else "")


def _casts(values: Mapping[str, str], types: Mapping[str, str]) -> str:
    return ", ".join(f"{values[column]}::{kind} AS {column}" for column, kind in types.items())
