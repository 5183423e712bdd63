"""Facts about the tables of a Stacks database, and views of the canonical rows of landed files.

Facts about the tables: the schema that stacks-blockchain-api writes, versions 7.14 to 9.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from stacks_dataverse.burn_rows import BURN_TABLES, burn_rows
from stacks_dataverse.errors import Terminal
from stacks_dataverse.mempool import MEMPOOL_TABLE, WAITING
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.raw_tables import CYCLES, NEWEST, Columns, Origin, Reads, with_keys
from stacks_dataverse.sql_values import literal

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

# Tables without which a day lands: of later API versions, of eras that a chain may not have reached, and those that
# only some tables of the warehouse read.
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
        "miner_rewards",
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

# What says which rows count, and what is weighed against it: their other rows are open too.
WITH_OTHERS = {"blocks", "txs", MEMPOOL_TABLE, *BURN_TABLES}

# Up to this height blocks do not count their transactions: the API moves block 0's to block 1, and leaves them out of
# the counts of both.
UNCOUNTED_HEIGHT = 1

# The types in which DuckDB may hold a landed column that is read as another: numbers of other sizes are the same
# numbers, and PostgreSQL's numeric lands as text.
WHOLE_NUMBERS = {"SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL", "VARCHAR"}
READ_AS = {
    "BLOB": {"BLOB"},
    "BOOLEAN": {"BOOLEAN"},
    "VARCHAR": {"VARCHAR", "JSON"},
    **dict.fromkeys(("SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UHUGEINT"), WHOLE_NUMBERS),
}

ADVICE = (
    "what reads this cannot be built. Land the day again from a database that has it, written by stacks-blockchain-api "
    "7.14 to 9 and replicated whole, with the right to read it; if a newer API changed this, the backend needs a "
    "version that knows it."
)

# A block's time in unix seconds: of its header, or, where the node sent none, of its Bitcoin block.
BLOCK_TIME = "COALESCE(NULLIF(block_time, 0), burn_block_time)"

# The hour that holds it; a block has one hour, as it has one day.
BLOCK_HOUR = f"to_timestamp({BLOCK_TIME} // 3600 * 3600)"


class RawDay:
    """A day's raw files in an in-memory DuckDB; each reader of it sees the columns that it declares, and no others.

    `burn_ranges(above, up_to)` holds the Bitcoin heights that the day owns, and the heights of its network are macros.
    """

    def __init__(
        self, database: duckdb.DuckDBPyConnection, raw: Mapping[str, Path], origin: Origin, since: int | None
    ) -> None:
        self._database, self._raw, self._origin, self._since = database, raw, origin, since
        self._types: dict[str, dict[str, str]] = {}
        # Whether the hashes of canonical blocks are kept, as the first reader does for all.
        self._has_hashes = False

    @contextmanager
    def canonical(self, opened: Columns) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open some columns of raw tables, of canonical rows only; of WITH_OTHERS `all_<table>` has the others too.

        Canonical means: in a block that the landed `blocks` file calls canonical, and, where a row has the
        flag, `microblock_canonical`; for rows of a Bitcoin block, see `burn_rows`. The mempool holds what still waits.

        Args:
            opened: the columns with their types, as `raw_tables.with_keys` completes them.
        Raises:
            Terminal: the source lacks one of them, or has it in another type; all such are named.
        """
        if faults := [fault for table, columns in opened.items() for fault in self._faults(table, columns)]:
            raise Terminal(f"{'; '.join(faults)}: {ADVICE}")
        with self._database.cursor() as session:
            for table in WITH_OTHERS & opened.keys():
                session.execute(f"CREATE TEMP VIEW all_{table} AS {self._all_rows(table, opened[table])}")
            session.execute(f"CREATE TEMP VIEW blocks AS {self._canonical_blocks()}")
            if not self._has_hashes:
                session.execute("CREATE TABLE canonical_blocks AS SELECT index_block_hash FROM blocks")
                self._has_hashes = True
            for table in [name for name in opened if name != "blocks"]:
                session.execute(f"CREATE TEMP VIEW {table} AS {self._canonical_rows(table, opened[table])}")
            yield session

    def _faults(self, table: str, columns: Mapping[str, str]) -> Iterator[str]:
        if self._origin.lacks(table):
            yield f"stacks_db has no table {table}, or no right to read it"
        elif table in self._raw:
            present = self._types_of(table)
            for column, kind in columns.items():
                if column not in present:
                    if not self._origin.excuses(table, column):
                        yield f"raw {table} has no column {column}"
                elif present[column] not in READ_AS[kind]:
                    yield f"raw {table} has column {column} as {present[column]}, not as {kind}"

    def _types_of(self, table: str) -> dict[str, str]:
        """The types of a file's columns in DuckDB, without their sizes."""
        if table not in self._types:
            file = self._database.read_parquet(str(self._raw[table]))
            types = zip(file.columns, file.types, strict=True)
            self._types[table] = {name: str(kind).split("(")[0] for name, kind in types}
        return self._types[table]

    def _all_rows(self, table: str, columns: Mapping[str, str]) -> str:
        if table not in self._raw:
            return f"SELECT {_casts(columns, present={})} WHERE false"
        return f"SELECT {_casts(columns, self._types_of(table))} FROM read_parquet({literal(self._raw[table])})"

    def _canonical_blocks(self) -> str:
        is_new = "true" if self._since is None else f"{BLOCK_TIME} >= {self._since}"
        return f"SELECT * FROM all_blocks WHERE canonical AND {is_new}"

    def _canonical_rows(self, table: str, columns: Mapping[str, str]) -> str:
        if table in SNAPSHOT_TABLES:
            return self._all_rows(table, columns)
        if table == MEMPOOL_TABLE:
            return WAITING
        if table in BURN_TABLES:
            return burn_rows(table, columns)
        # The file itself and a table of hashes: to open a view upon views takes longer than to read them.
        in_canonical_block = (
            f"SELECT * FROM ({self._all_rows(table, columns)}) SEMI JOIN canonical_blocks USING (index_block_hash)"
        )
        return in_canonical_block + (" WHERE microblock_canonical" if "microblock_canonical" in columns else "")


@contextmanager
def open_day(
    raw: Mapping[str, Path],
    origin: Origin,
    since: int | None = None,
    network: Network = MAINNET,
    burn_ranges: Sequence[tuple[int, int]] = (),
) -> Iterator[RawDay]:
    """Open a day's raw files, for several readers one after another.

    Args:
        raw: the Parquet file of each table that has rows on the day; `blocks` missing is a day without blocks.
        origin: the database that the files come from.
        since: unix seconds; blocks of before, and what they hold, are left out.
        network: its heights become macros; reward cycles in the landed `pox_state` replace its own.
        burn_ranges: the Bitcoin heights that the day owns.
    """
    with duckdb.connect(config={"memory_limit": "2GB"}) as database:
        # Not the zone of the machine: times become dates and columns by it.
        database.execute("SET GLOBAL TimeZone = 'UTC'")
        # Every reader of a file binds it anew; its footer is read once.
        database.execute("SET GLOBAL parquet_metadata_cache = true")
        database.execute("CREATE TABLE burn_ranges (above INTEGER, up_to INTEGER)")
        if burn_ranges:
            database.executemany("INSERT INTO burn_ranges VALUES (?, ?)", burn_ranges)
        for macro in (_with_cycles_of(database, raw["pox_state"], network) if "pox_state" in raw else network).macros:
            database.execute(macro)
        yield RawDay(database, raw, origin, since)


@contextmanager
def canonical_day(
    raw: Mapping[str, Path],
    reads: Reads,
    since: int | None = None,
    network: Network = MAINNET,
    burn_ranges: Sequence[tuple[int, int]] = (),
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a day's raw files for one reader: `open_day`, then `RawDay.canonical`."""
    with open_day(raw, NEWEST, since, network, burn_ranges) as day, day.canonical(with_keys(reads)) as session:
        yield session


def _with_cycles_of(database: duckdb.DuckDBPyConnection, file: Path, network: Network) -> Network:
    pox_state = database.read_parquet(str(file))
    if not CYCLES.keys() <= set(pox_state.columns):
        return network
    (cycles,) = pox_state.aggregate(", ".join(f"max({column})::BIGINT" for column in CYCLES)).fetchall()
    return network if None in cycles else replace(network, **dict(zip(CYCLES.values(), cycles, strict=True)))


def _casts(types: Mapping[str, str], present: Mapping[str, str]) -> str:
    """The columns in their types; a cast that changes nothing takes as long to plan as any other."""
    values = {column: column if column in present else "NULL" for column in types}
    casts = {column: f"{value}::{types[column]} AS {column}" for column, value in values.items()}
    return ", ".join(column if present.get(column) == types[column] else casts[column] for column in types)
