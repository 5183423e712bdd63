"""Public objects of the session's runs: which of them a test reads, and one published again while its query differs."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import LATEST, PublicObject, Schedule
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.paths import TIP_MANIFEST
from stacks_dataverse.public_files import files_of
from stacks_dataverse.queries.days import NEWEST_LOADED
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.tip.publish import publish_tip
from stacks_dataverse.runners.upload import upload_all
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.support.pipeline import Pipeline

# By statement. A daily object is published before the prices of its day are there: later it is another.
OBJECTS = {
    sql: obj
    for obj in catalog.OBJECTS
    for sql in (obj.rows, obj.known, obj.as_of)
    if sql and not (obj.schedule is Schedule.DAILY and "price_daily" in obj.rows)
}
# The keys of an object's files, of any version.
KEYS = {
    sql: re.compile("|".join(re.escape(file.path).replace(r"\{version\}", "[^/]+") for file in files_of(obj)))
    for sql, obj in OBJECTS.items()
}
REFUSED = (DataverseError, ValueError)


@dataclass
class Published:
    """The runs that session fixtures made, and the keys that were read since `read` was cleared."""

    runs: list[Pipeline] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Note which keys are read."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ObjectStore, "get", self._noted(ObjectStore.get))
            yield

    def _noted(self, get: Callable[..., Any]) -> Callable[..., Any]:
        def noted(store: ObjectStore, key: str) -> Any:
            self.read.add(key)
            return get(store, key)

        return noted

    def queries_read(self) -> list[str]:
        """The statements of the objects of which a key was read."""
        return [sql for sql in OBJECTS if any(KEYS[sql].fullmatch(key) for key in self.read)]

    def is_refused(self, sql: str) -> bool:
        """Publish the object of a statement again in every run; whether it was refused, as not what is declared."""
        try:
            for run in self.runs:
                self._publish(run, OBJECTS[sql])
        except REFUSED:
            return True
        return False

    def _publish(self, run: Pipeline, obj: PublicObject) -> None:
        with Warehouse.open(run.warehouse_dsn) as warehouse:
            if obj.schedule is Schedule.HALF_HOURLY:
                for at in sorted(run.archive.list_values(TIP_MANIFEST, "at")):
                    tables = catalog.tip_tables()
                    publish_tip(run.archive, warehouse, run.public, at, tables, [obj], run.network)
            elif run.public.has(obj.path.format(version=LATEST)):
                day = warehouse.scalar(NEWEST_LOADED)
                versions = [str(day), LATEST] if obj.is_dated else [LATEST]
                draft = partial(read_publication, warehouse, obj, versions, day=day, **run.network.values)
                upload_all(warehouse, run.public, {obj.name: draft})
