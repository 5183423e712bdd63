"""The data dictionary: every warehouse table and public object, as data."""

from stacks_dataverse.catalog.objects import OBJECTS
from stacks_dataverse.catalog.tables import TABLES
from stacks_dataverse.dataset import Kind, PublicObject, Table


def tables(kind: Kind) -> list[Table]:
    """The tables that are kept right in one way."""
    return [table for table in TABLES if table.kind is kind]


__all__ = ["OBJECTS", "TABLES", "Kind", "PublicObject", "Table", "tables"]
