"""What a look says of the tip, in the hands of a warehouse session: temporary tables, and values for queries."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from stacks_dataverse.chain import RawDay
from stacks_dataverse.dataset import Table
from stacks_dataverse.look import TipSnapshot
from stacks_dataverse.network import Network
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.runners import carried, cycles
from stacks_dataverse.stores.warehouse import Warehouse, keyed
from stacks_dataverse.transformers import evening, nfts, stacking, tip
from stacks_dataverse.transformers.tip import TIP_READS
from stacks_dataverse.window import Window

# Stands for the last loaded day while there is none: no day is before it.
NO_DAY = Window.parse("0001-01-01").day


def values(
    warehouse: Warehouse,
    whole: RawDay,
    later: RawDay,
    look: TipSnapshot,
    facts: Iterable[Table],
    network: Network,
) -> dict[str, Any]:
    """Make the session's temporary tables, and return what queries may ask by name.

    Temporary are `live_blocks`, of the whole look, `live_mempool_snapshots`, and, of what came after the last loaded
    day, `live_<table>` of each fact and `live_nft_sales`. `is_whole` says whether every block of the chain is in a
    built day or in the look: where it is not, nothing that sums over history is known.

    Args:
        whole, later: the look, and its part of after the last loaded day; as `look.opened` hands them out.
    Raises:
        Terminal: the chain begins at another Bitcoin height than the network.
    """
    _put_aside(warehouse, whole, later, facts, look)
    day = look.last_day or NO_DAY
    _put_sales_aside(warehouse, look, day)
    found = {"day": day, "taken_at": look.taken_at, "lowest_height": look.lowest_height}
    found |= cycles.at_the_tip(warehouse, network, day=day).values
    with whole.canonical(with_keys(TIP_READS)) as opened:
        found |= tip.tip(opened, look.since).to_pylist()[0]
    found |= warehouse.read(tip_queries.COVERED, **found).to_pylist()[0]
    found |= warehouse.read(tip_queries.TENURES_BEGIN, **found).to_pylist()[0]
    return found | _stacking(warehouse, found)


def _put_aside(
    warehouse: Warehouse,
    whole: RawDay,
    later: RawDay,
    facts: Iterable[Table],
    look: TipSnapshot,
) -> None:
    with warehouse.transaction():
        with whole.canonical(with_keys(TIP_READS)) as opened:
            warehouse.put_aside("live_blocks", "block_height integer, tx_count bigint", tip.live_blocks(opened))
            waiting = keyed(tip.mempool_snapshots(opened), "taken_at", look.taken_at)
        warehouse.put_aside("live_mempool_snapshots", "LIKE mempool_snapshots", waiting)
        for table in facts:
            with later.canonical(with_keys(table.reads)) as opened:
                rows = keyed(table.transform(opened), "day", look.day)
            warehouse.put_aside(f"live_{table.name}", f"LIKE {table.name}", rows)


def _put_sales_aside(warehouse: Warehouse, look: TipSnapshot, day: date) -> None:
    """Which tokens that the look saw handed over were sold: who put them there, moves of before may tell."""
    brought = {"nft_receipts": warehouse.read(tip_queries.NFT_RECEIPTS_AT_THE_TIP, day=day)}
    with evening.open_evening({}) as state, warehouse.transaction():
        evening.advance(state, brought)
        sales = keyed(nfts.nft_sales(state), "day", look.day)
        warehouse.put_aside("live_nft_sales", "LIKE nft_sales INCLUDING GENERATED", sales)


def _stacking(warehouse: Warehouse, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is locked at the tip, as at an evening: latest locks of the last loaded day's, then the look's."""
    first = found["day"] + timedelta(days=1)
    height = warehouse.scalar(carried.BURN_BLOCK_HEIGHT, first=first) or 0
    locks = warehouse.read(carried.BEFORE["locks"], first=first, burn_block_height=height)
    brought = {
        "new_locks": warehouse.read("SELECT * FROM live_stx_locks"),
        "pox": warehouse.read(tip_queries.POX_AT_THE_TIP, **found),
    }
    with evening.open_evening({"locks": locks}) as state:
        evening.advance(state, brought)
        rows = stacking.daily_stacking(state).to_pylist()
    return rows[0] if rows else {"cycle": None, "stacked_ustx": None, "stackers": None, "min_threshold_ustx": None}
