"""The data dictionary: every warehouse table and public object, as data."""

from stacks_dataverse.catalog import (
    activity,
    balances,
    blocks,
    live,
    loading,
    market,
    mining,
    nft_objects,
    nfts,
    stacking,
)
from stacks_dataverse.dataset import Kind, PublicObject, Schedule, Table

TABLES: tuple[Table, ...] = (
    *loading.TABLES,
    *blocks.TABLES,
    *activity.TABLES,
    *balances.TABLES,
    *stacking.TABLES,
    *mining.TABLES,
    *nfts.TABLES,
    *market.TABLES,
    *live.TABLES,
)
OBJECTS: tuple[PublicObject, ...] = (
    *activity.OBJECTS,
    *balances.OBJECTS,
    *stacking.OBJECTS,
    *mining.OBJECTS,
    *nft_objects.OBJECTS,
    *market.OBJECTS,
    *live.OBJECTS,
)


def tables(kind: Kind) -> list[Table]:
    """The tables that are kept right in one way."""
    return [table for table in TABLES if table.kind is kind]


def objects(schedule: Schedule) -> list[PublicObject]:
    """The objects that are published on one schedule."""
    return [declared for declared in OBJECTS if declared.schedule is schedule]


__all__ = ["OBJECTS", "TABLES", "Kind", "PublicObject", "Schedule", "Table", "objects", "tables"]
