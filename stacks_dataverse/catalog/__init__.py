"""The data dictionary: every warehouse table and public object, as data."""

from stacks_dataverse.catalog import activity, balances, loading, mining, nft_objects, nfts, stacking
from stacks_dataverse.dataset import Kind, PublicObject, Table

TABLES: tuple[Table, ...] = (
    *loading.TABLES,
    *activity.TABLES,
    *balances.TABLES,
    *stacking.TABLES,
    *mining.TABLES,
    *nfts.TABLES,
)
OBJECTS: tuple[PublicObject, ...] = (
    *activity.OBJECTS,
    *balances.OBJECTS,
    *stacking.OBJECTS,
    *mining.OBJECTS,
    *nft_objects.OBJECTS,
)


def tables(kind: Kind) -> list[Table]:
    """The tables that are kept right in one way."""
    return [table for table in TABLES if table.kind is kind]


__all__ = ["OBJECTS", "TABLES", "Kind", "PublicObject", "Table", "tables"]
