"""Turn landed answers of the vendors into prices and social figures, and stored prices into indicators."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from stacks_dataverse.queries import market as queries
from stacks_dataverse.runners.land_market import read_answers
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import MARKET_LOCK, Warehouse
from stacks_dataverse.transformers.indicators import daily_indicators
from stacks_dataverse.vendor import Request, Vendor
from stacks_dataverse.window import MarketWindow


def build_feed(
    vendor: Vendor,
    name: str,
    archive: ObjectStore,
    warehouse: Warehouse,
    window: MarketWindow,
    keys: Mapping[str, Sequence[str]],
) -> dict[str, int]:
    """Build all that was landed of a feed, or nothing; returns the rows of each series.

    Args:
        keys: the key of each table.
    """
    with warehouse.transaction(MARKET_LOCK):
        return {
            request.series: _build_series(vendor, request, archive, warehouse, keys)
            for request in vendor.feeds[name](window)
        }


def build_indicators(warehouse: Warehouse) -> dict[str, int]:
    """Compute the indicators of every day again, from all stored prices, one row per day; return their rows."""
    with warehouse.transaction(MARKET_LOCK):
        rows = daily_indicators(warehouse.read(queries.INDICATORS))
        warehouse.upsert("daily_indicators", ["day"], rows)
    return {"daily_indicators": rows.num_rows}


def _build_series(
    vendor: Vendor, request: Request, archive: ObjectStore, warehouse: Warehouse, keys: Mapping[str, Sequence[str]]
) -> int:
    answers = read_answers(archive, vendor.name, request.series, request.span)
    stored = warehouse.read(request.stored, **request.values) if request.stored else pa.table({})
    rows = request.rows(answers, stored)
    warehouse.upsert(request.table, keys[request.table], rows)
    return rows.num_rows
