"""Prices, indicators and social figures."""

from stacks_dataverse.dataset import PublicObject, Table

TABLES: tuple[Table, ...] = ()
OBJECTS: tuple[PublicObject, ...] = ()
