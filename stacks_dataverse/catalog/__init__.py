"""The data dictionary: every warehouse table and public object, as data."""

from stacks_dataverse.catalog import activity, balances, loading, mining, nfts, stacking
from stacks_dataverse.dataset import Kind, PublicObject, Table

SUBJECTS = (activity, balances, stacking, mining, nfts)

TABLES: tuple[Table, ...] = (*loading.TABLES, *(table for subject in SUBJECTS for table in subject.TABLES))
OBJECTS: tuple[PublicObject, ...] = tuple(declared for subject in SUBJECTS for declared in subject.OBJECTS)


def tables(kind: Kind) -> list[Table]:
    """The tables that are kept right in one way."""
    return [table for table in TABLES if table.kind is kind]


__all__ = ["OBJECTS", "TABLES", "Kind", "PublicObject", "Table", "tables"]
