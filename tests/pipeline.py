"""The daily run as tests drive it: the same runners in the same order, without Airflow."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse import catalog, chain
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.pox import Pox
from stacks_dataverse.runners import build, check, figures, land, publish
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window

# When something was done, not what it came to; and how often it was done.
UNCOMPARED = {"landed_at", "built_at", "revision", "published_revision", "changed_at"}


@dataclass(frozen=True)
class Pipeline:
    """One Stacks database, one warehouse, two buckets."""

    stacks_dsn: str
    warehouse_dsn: str
    archive: ObjectStore
    public: ObjectStore
    pox: Pox = field(default_factory=Pox)

    def land(self, day: str) -> dict[str, Any]:
        """Land a day; returns its manifest."""
        window = Window.parse(day)
        with StacksDb.open(self.stacks_dsn) as source:
            land.blocks(source, self.archive, window, margin_hours=2)
            for table in chain.LARGE_TABLES:
                land.tables(source, self.archive, window, table, [table])
            land.small_tables(source, self.archive, window)
        return land.manifest(self.archive, window, datetime.now(UTC))

    def build(self, day: str) -> dict[str, int]:
        """Build a landed day's facts, ledgers and running state."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            tables = catalog.tables(Kind.FACT)
            return build.day(self.archive, warehouse, Window.parse(day), tables, datetime.now(UTC))

    def finish(self, day: str) -> list[str]:
        """Make due figures, check and publish; returns the keys published."""
        window = Window.parse(day)
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            figures.due_days(warehouse, catalog.tables(Kind.FIGURE), self.pox)
            check.day(self.archive, warehouse, window, catalog.CHECKS, datetime.now(UTC))
            return publish.due_days(warehouse, self.public, catalog.objects(Schedule.DAILY), window.day)

    def run(self, *days: str) -> None:
        """Run days whole, one after another."""
        for day in days:
            self.land(day)
            self.build(day)
            self.finish(day)

    def read(self, sql: str) -> pa.Table:
        """Query the warehouse."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            return warehouse.read(sql)

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the warehouse says, table by table, in one order; without when it was said."""
        return {table.name: self._rows(table.name) for table in catalog.TABLES if table.name != "quality_checks"}

    def published(self) -> dict[str, Any]:
        """Every public object by key."""
        return {key: self.public.get_json(key) for key in self.public.list_keys()}

    def _rows(self, table: str) -> list[tuple[Any, ...]]:
        rows = self.read(f"SELECT * FROM {table}")
        kept = rows.select([name for name in rows.column_names if name not in UNCOMPARED])
        return sorted(zip(*(column.to_pylist() for column in kept.columns), strict=True), key=repr)
