"""The chain as it stands at its tip, and what waits to be mined."""

from stacks_dataverse.dataset import PublicObject, Table

TABLES: tuple[Table, ...] = ()
OBJECTS: tuple[PublicObject, ...] = ()
