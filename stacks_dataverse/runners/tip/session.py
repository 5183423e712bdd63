"""Prepare a warehouse session for queries of the tip: temporary tables, and values by name."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from stacks_dataverse.chain import RawDay
from stacks_dataverse.dataset import Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.end_of_day.states import LOCKS
from stacks_dataverse.network import Network
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.runners import built_tables, cycles
from stacks_dataverse.stores.warehouse import Warehouse, with_key_column
from stacks_dataverse.tip_snapshot import TipSnapshot
from stacks_dataverse.transformers import nfts, stacking, tip
from stacks_dataverse.transformers.tip import TIP_READS
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

# In place of the last loaded day while no day is loaded: no day is before it.
NO_DAY = Window.parse("0001-01-01").day

# What a query names: tables and columns, and values in braces.
NAMES = re.compile(r"\{\w+\}|\w+")

# What is known of stacking where no Bitcoin height is.
UNSTACKED = dict.fromkeys(("cycle", "stacked_ustx", "stackers", "min_threshold_ustx"))


@dataclass(frozen=True)
class Session:
    """What queries of a prepared session may name: `values`, and by what they would name it why something `failed`."""

    values: dict[str, Any]
    failed: dict[str, Exception] = field(default_factory=dict)

    def fault(self, *queries: str) -> Exception | None:
        """Why queries cannot be answered, if they name what failed."""
        names = {name for query in queries for name in NAMES.findall(query)}
        return next((error for name, error in self.failed.items() if name in names), None)

    def require(self, *queries: str) -> None:
        """Raise why queries cannot be answered, if they name what failed."""
        if error := self.fault(*queries):
            raise error

    def know(self, names: Iterable[str], queries: Iterable[str], step: Callable[[], Mapping[str, Any]]) -> None:
        """Add the values of a step, by name; of one whose queries cannot be answered, why not."""
        if error := self.fault(*queries):
            self.failed.update((f"{{{name}}}", error) for name in names)
        else:
            self.values.update(step())


def prepare_session(
    warehouse: Warehouse,
    full: RawDay,
    since_last_day: RawDay,
    snapshot: TipSnapshot,
    facts: Iterable[Table],
    network: Network,
) -> Session:
    """Create the session's temporary tables, and return the values that queries may use, by name.

    Temporary are `tip_blocks` and `tip_<table>` of `tip.SNAPSHOTS`, of the full snapshot, and, of what came after the
    last loaded day, `tip_<table>` of each fact and `tip_nft_sales`. A fact that fails has none, and what reads it is
    not known. `is_whole` says whether every block of the chain is in a built day or in the snapshot: where it is not,
    nothing that sums over history is known. `start` is where the snapshot begins, in unix seconds.

    Args:
        full, since_last_day: the snapshot, and its part after the last loaded day; of `snapshot.open_snapshot`.
    Raises:
        Terminal: the chain begins at another Bitcoin height than the network.
    """
    day = snapshot.last_day or NO_DAY
    values = {"day": day, "start": snapshot.start, "taken_at": snapshot.taken_at}
    values["lowest_height"] = snapshot.lowest_height
    session = Session(values, _create_tables(warehouse, full, since_last_day, facts, snapshot))
    _create_sales(warehouse, session, snapshot)
    heights = tip_queries.up_to_the_tip("daily_pox_heights")
    session.know(network.values, [heights], lambda: cycles.read_cycles_at_tip(warehouse, network, day=day).values)
    with full.canonical(with_keys(TIP_READS)) as opened:
        values |= tip.summarise_tip(opened, snapshot.since).to_pylist()[0]
    values |= _read_row(warehouse, tip_queries.COVERED, values)
    tenures = tip_queries.TENURES_BEGIN
    session.know(("tenures_day", "tenures_height"), [tenures], partial(_read_row, warehouse, tenures, values))
    session.know(UNSTACKED, tip_queries.STACKING_AT_THE_TIP, partial(_read_stacking, warehouse, values))
    return session


def _read_row(warehouse: Warehouse, sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return warehouse.read(sql, **values).to_pylist()[0]


def _create_tables(
    warehouse: Warehouse,
    full: RawDay,
    since_last_day: RawDay,
    facts: Iterable[Table],
    snapshot: TipSnapshot,
) -> dict[str, Exception]:
    """Make the temporary tables of the snapshot; return why some were not made, by name."""
    failed: dict[str, Exception] = {}
    with warehouse.transaction():
        with full.canonical(with_keys(TIP_READS)) as opened:
            warehouse.create_temp_table("tip_blocks", "block_height integer, tx_count bigint", tip.tip_blocks(opened))
            for name, transform in tip.SNAPSHOTS.items():
                rows = with_key_column(transform(opened), "taken_at", snapshot.taken_at)
                warehouse.create_temp_table(f"tip_{name}", f"LIKE {name}", rows)
        for table in facts:
            step = partial(_create_fact, warehouse, since_last_day, table, snapshot.day)
            if error := built_tables.attempt(warehouse, step)[1]:
                log.error("%s of the tip failed; what reads it waits.", table.name, exc_info=error)
                failed[f"tip_{table.name}"] = error
    return failed


def _create_fact(warehouse: Warehouse, since_last_day: RawDay, table: Table, day: date) -> None:
    with since_last_day.canonical(with_keys(table.reads)) as opened:
        rows = with_key_column(table.transform(opened), "day", day)
    warehouse.create_temp_table(f"tip_{table.name}", f"LIKE {table.name}", rows)


def _create_sales(warehouse: Warehouse, session: Session, snapshot: TipSnapshot) -> None:
    """Create `tip_nft_sales`: the sales of the snapshot; earlier moves tell who sent a token to its market."""
    if error := session.fault(tip_queries.NFT_RECEIPTS_AT_THE_TIP):
        session.failed["tip_nft_sales"] = error
        return
    inputs = {"nft_receipts": warehouse.read(tip_queries.NFT_RECEIPTS_AT_THE_TIP, **session.values)}
    with engine.open_state({}) as state, warehouse.transaction():
        engine.advance(state, (), inputs)
        sales = with_key_column(nfts.nft_sales(state), "day", snapshot.day)
        warehouse.create_temp_table("tip_nft_sales", "LIKE nft_sales INCLUDING GENERATED", sales)


def _read_stacking(warehouse: Warehouse, values: Mapping[str, Any]) -> dict[str, Any]:
    """STX locked at the tip: the latest locks up to the end of the last loaded day, then the snapshot's."""
    first = values["day"] + timedelta(days=1)
    inputs = {
        LOCKS.changes: warehouse.read(tip_queries.LOCKS_AT_THE_TIP),
        "pox": warehouse.read(tip_queries.POX_AT_THE_TIP, **values),
    }
    with engine.open_state(engine.read_opening_state(warehouse.read, [LOCKS], first)) as state:
        engine.advance(state, [LOCKS], inputs)
        rows = stacking.daily_stacking(state).to_pylist()
    return rows[0] if rows else UNSTACKED
