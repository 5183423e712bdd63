"""Prepare a warehouse session for queries of the tip: temporary tables, and values by name."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from stacks_dataverse.chain import RawDay
from stacks_dataverse.dataset import Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.end_of_day.states import LOCKS
from stacks_dataverse.network import Network
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.runners import cycles
from stacks_dataverse.stores.warehouse import Warehouse, with_key_column
from stacks_dataverse.tip_snapshot import TipSnapshot
from stacks_dataverse.transformers import nfts, stacking, tip
from stacks_dataverse.transformers.tip import TIP_READS
from stacks_dataverse.window import Window

# In place of the last loaded day while no day is loaded: no day is before it.
NO_DAY = Window.parse("0001-01-01").day


def prepare_session(
    warehouse: Warehouse,
    full: RawDay,
    since_last_day: RawDay,
    snapshot: TipSnapshot,
    facts: Iterable[Table],
    network: Network,
) -> dict[str, Any]:
    """Create the session's temporary tables, and return the values that queries may use, by name.

    Temporary are `tip_blocks`, of the full snapshot, `tip_mempool_snapshots`, and, of what came after the last loaded
    day, `tip_<table>` of each fact and `tip_nft_sales`. `is_whole` says whether every block of the chain is in a
    built day or in the snapshot: where it is not, nothing that sums over history is known.

    Args:
        full, since_last_day: the snapshot, and its part after the last loaded day; of `snapshot.open_snapshot`.
    Raises:
        Terminal: the chain begins at another Bitcoin height than the network.
    """
    _create_tables(warehouse, full, since_last_day, facts, snapshot)
    day = snapshot.last_day or NO_DAY
    _create_sales(warehouse, snapshot, day)
    values = {"day": day, "taken_at": snapshot.taken_at, "lowest_height": snapshot.lowest_height}
    values |= cycles.read_cycles_at_tip(warehouse, network, day=day).values
    with full.canonical(with_keys(TIP_READS)) as opened:
        values |= tip.summarise_tip(opened, snapshot.since).to_pylist()[0]
    values |= warehouse.read(tip_queries.COVERED, **values).to_pylist()[0]
    values |= warehouse.read(tip_queries.TENURES_BEGIN, **values).to_pylist()[0]
    return values | _read_stacking(warehouse, values)


def _create_tables(
    warehouse: Warehouse,
    full: RawDay,
    since_last_day: RawDay,
    facts: Iterable[Table],
    snapshot: TipSnapshot,
) -> None:
    with warehouse.transaction():
        with full.canonical(with_keys(TIP_READS)) as opened:
            warehouse.create_temp_table("tip_blocks", "block_height integer, tx_count bigint", tip.tip_blocks(opened))
            waiting = with_key_column(tip.mempool_snapshots(opened), "taken_at", snapshot.taken_at)
        warehouse.create_temp_table("tip_mempool_snapshots", "LIKE mempool_snapshots", waiting)
        for table in facts:
            with since_last_day.canonical(with_keys(table.reads)) as opened:
                rows = with_key_column(table.transform(opened), "day", snapshot.day)
            warehouse.create_temp_table(f"tip_{table.name}", f"LIKE {table.name}", rows)


def _create_sales(warehouse: Warehouse, snapshot: TipSnapshot, day: date) -> None:
    """Create `tip_nft_sales`: the sales of the snapshot; earlier moves tell who sent a token to its market."""
    inputs = {"nft_receipts": warehouse.read(tip_queries.NFT_RECEIPTS_AT_THE_TIP, day=day)}
    with engine.open_state({}) as state, warehouse.transaction():
        engine.advance(state, (), inputs)
        sales = with_key_column(nfts.nft_sales(state), "day", snapshot.day)
        warehouse.create_temp_table("tip_nft_sales", "LIKE nft_sales INCLUDING GENERATED", sales)


def _read_stacking(warehouse: Warehouse, values: Mapping[str, Any]) -> dict[str, Any]:
    """STX locked at the tip: the latest locks up to the end of the last loaded day, then the snapshot's."""
    first = values["day"] + timedelta(days=1)
    inputs = {
        LOCKS.changes: warehouse.read("SELECT * FROM tip_stx_locks"),
        "pox": warehouse.read(tip_queries.POX_AT_THE_TIP, **values),
    }
    with engine.open_state(engine.read_opening_state(warehouse.read, [LOCKS], first)) as state:
        engine.advance(state, [LOCKS], inputs)
        rows = stacking.daily_stacking(state).to_pylist()
    return rows[0] if rows else {"cycle": None, "stacked_ustx": None, "stackers": None, "min_threshold_ustx": None}
