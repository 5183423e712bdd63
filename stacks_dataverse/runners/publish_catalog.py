"""Publish `catalog.json` from the record of what is published, and so after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from stacks_dataverse import files
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public import catalogue
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

CATALOGUE_LOCK = "hashtext('stacks_dataverse.catalogue')"

# Readers look here first: it may be a minute older than the files.
CACHE_SECONDS = 60


def read_catalogue(warehouse: Warehouse, objects: Sequence[PublicObject], issue: Issue) -> dict[str, Any]:
    """The catalogue of what is published now."""
    published = warehouse.read(PUBLISHED_SQL).to_pylist()
    return catalogue.catalogue(objects, published, Changelog.read(), issue)


def read_tip(warehouse: Warehouse) -> Mapping[str, Any] | None:
    """The height of the newest known block, and the moment up to which the chain is known."""
    rows = warehouse.read(TIP_SQL).to_pylist()
    return rows[0] if rows else None


PUBLISHED_SQL = "SELECT * FROM published_files ORDER BY key"
TIP_SQL = "SELECT 1"
