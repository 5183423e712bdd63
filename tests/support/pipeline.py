"""The daily runs as tests drive them: the same runners in the same order, without Airflow."""

import gzip
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.release_files import release_files, release_marker
from stacks_dataverse.runners import (
    backfill,
    build,
    build_market,
    check,
    compare,
    figures,
    land,
    land_market,
    publish,
    publish_catalog,
)
from stacks_dataverse.runners.tip import land as tip_land
from stacks_dataverse.runners.tip import publish as tip_publish
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot
from stacks_dataverse.vendors import VENDORS
from stacks_dataverse.window import MarketWindow, Window

# When something was done, not what it came to; how often it was done, and of which copy of the same raw rows.
UNCOMPARED = {"raw_digest", "landed_at", "built_at", "revision", "published_revision", "changed_at", "published_at"}
MARGIN_HOURS = 2
LONG_AGO = datetime(2021, 1, 14, tzinfo=UTC)
KEYS = {table.name: table.key for table in catalog.TABLES}


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pipeline:
    """One Stacks database, one warehouse, two buckets."""

    stacks_dsn: str
    warehouse_dsn: str
    archive: ObjectStore
    public: ObjectStore
    network: Network = MAINNET

    def land(self, day: str) -> Manifest:
        """Land a day; returns its manifest."""
        with StacksDb.open(self.stacks_dsn) as source:
            return land.land_day(source, self.archive, Window.parse(day), MARGIN_HOURS, now(), catalog.LANDING_CHECKS)

    def build(self, day: str) -> dict[str, int]:
        """Build a landed day's facts, ledgers and running state."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            tables = catalog.built_tables()
            return build.build_day(self.archive, warehouse, Window.parse(day), tables, now(), self.network)

    def finish(self, day: str) -> list[str]:
        """Make due figures, check and publish; returns the keys published."""
        self.check(day)
        return self.publish(day)

    def check(self, day: str) -> None:
        """Make due figures, and check a built day, which is then loaded."""
        self.make_figures()
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            check.check_day(self.archive, warehouse, Window.parse(day), catalog.CHECKS, now())

    def make_figures(self) -> list[date]:
        """Make due figures; returns their days."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            return figures.make_due_figures(warehouse, catalog.tables(Kind.FIGURE), self.network)

    def publish(self, day: str) -> list[str]:
        """Publish a day and what else changed; returns the keys."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            objects = catalog.objects(Schedule.DAILY)
            return publish.publish_due_days(warehouse, self.public, objects, Window.parse(day).day)

    def run(self, *days: str) -> None:
        """Run days whole, one after another."""
        for day in days:
            self.land(day)
            self.build(day)
            self.finish(day)

    def load(self, *days: str) -> None:
        """Run days as far as they are loaded, one after another; nothing is published."""
        for day in days:
            self.land(day)
            self.build(day)
            self.check(day)

    def failures(self) -> dict[str, str]:
        """Why tables lack a day that was built, by their names."""
        failed = self.read("SELECT table_name, failure FROM built_tables WHERE failure IS NOT NULL")
        return dict(zip(*(column.to_pylist() for column in failed.columns), strict=True))

    def market(self, window: MarketWindow, vendors: Mapping[str, Any], source: str = "cryptocompare") -> list[str]:
        """Run the market's DAG with the vendors that are configured, by name; returns the keys published."""
        for name, feed in (source, "prices"), ("lunarcrush", "social"):
            if name in vendors:
                land_market.land_feed(VENDORS[name], feed, vendors[name], self.archive, window)
        return self.build_market(window, vendors, source)

    def build_market(self, window: MarketWindow, landed: Collection[str], source: str = "cryptocompare") -> list[str]:
        """The same from what was landed of the vendors; none of them is asked."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            if source in landed:
                build_market.build_feed(VENDORS[source], "prices", self.archive, warehouse, window, KEYS)
                check.check_prices(warehouse, Window.containing(window.requested_at), catalog.MARKET_CHECKS, now())
            if "lunarcrush" in landed:
                build_market.build_feed(VENDORS["lunarcrush"], "social", self.archive, warehouse, window, KEYS)
            build_market.build_indicators(warehouse)
            keys = publish.publish_latest(warehouse, self.public, catalog.objects(Schedule.MARKET), self.network)
            return keys + publish.publish_with_prices(warehouse, self.public, catalog.objects_with_prices())

    def look(self, taken_at: datetime, *only: str) -> list[str]:
        """Look at the tip and publish what it says, or some of its objects; returns the keys published."""
        return self.publish_look(self.land_look(taken_at), *only)

    def land_look(self, taken_at: datetime) -> TipSnapshot:
        """Land a look at the tip; returns its manifest."""
        with StacksDb.open(self.stacks_dsn) as source, Warehouse.open(self.warehouse_dsn) as warehouse:
            return tip_land.land_snapshot(
                source, self.archive, warehouse, taken_at, catalog.tip_tables(), catalog.TIP_CHECKS
            )

    def publish_look(self, snapshot: TipSnapshot, *only: str) -> list[str]:
        """Publish what a landed look says, or some of its objects; returns the keys published."""
        at, objects = snapshot.at, catalog.objects(Schedule.HALF_HOURLY)
        objects = [obj for obj in objects if obj.name in (only or {obj.name})]
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            tables = catalog.tip_tables()
            return tip_publish.publish_tip(self.archive, warehouse, self.public, at, tables, objects, self.network)

    def publish_catalogue(
        self, objects: Sequence[catalog.PublicObject] = catalog.OBJECTS, since: datetime = LONG_AGO
    ) -> list[str]:
        """Publish the files of the release that changed, and the catalogue; returns the keys published."""
        log = Changelog.read()
        issue = Issue(now(), self.network.name, "CC-BY-4.0", "")
        static = [*release_files(objects, log, issue.licence_name), release_marker(log.version)]
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            return publish_catalog.publish(warehouse, self.public, objects, static, log, issue, since)

    def compare(self, first: str, last: str) -> compare.Findings:
        """Hold days against the chain and against one another."""
        with StacksDb.open(self.stacks_dsn) as source, Warehouse.open(self.warehouse_dsn) as warehouse:
            days = Window.parse(first), Window.parse(last)
            return compare.compare_days(source, warehouse, *days, MARGIN_HOURS, now())

    def land_days(self, first: str, last: str, redo_before: datetime | None = None) -> dict[str, str]:
        """Land days that are not as the chain has them; returns what became of each."""
        windows = Window.parse(first).until(Window.parse(last))
        with StacksDb.open(self.stacks_dsn) as source:
            landings = backfill.land_days(
                source, self.archive, windows, MARGIN_HOURS, catalog.LANDING_CHECKS, now, redo_before=redo_before
            )
            return {str(window): backfill.DONE if manifest else backfill.UNCHANGED for window, manifest in landings}

    def build_days(
        self, first: str, last: str, redo_before: datetime | None = None, only: Collection[str] | None = None
    ) -> dict[str, str]:
        """Build what is due of days, of some tables where they are named; returns what became of each."""
        windows = Window.parse(first).until(Window.parse(last))
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            tables = catalog.built_tables()
            outcomes = backfill.build_days(
                self.archive, warehouse, windows, tables, now, self.network, redo_before=redo_before, only=only
            )
            return {str(window): outcome for window, outcome in outcomes}

    def check_days(self, first: str, last: str) -> dict[str, str]:
        """Check days that have not passed since they were built; returns what became of each."""
        windows = Window.parse(first).until(Window.parse(last))
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            outcomes = backfill.check_days(self.archive, warehouse, windows, catalog.CHECKS, now)
            return {str(window): outcome for window, outcome in outcomes}

    def backfill(self, first: str, last: str) -> None:
        """Land, build and publish days as `stacks_backfill` does."""
        self.land_days(first, last)
        self.build_days(first, last)
        self.make_figures()
        self.check_days(first, last)
        self.publish(last)

    def read(self, sql: str) -> pa.Table:
        """Query the warehouse."""
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            return warehouse.read(sql)

    def content(self, left_out: Mapping[str, Collection[str]] | None = None) -> dict[str, list[tuple[Any, ...]]]:
        """All that the warehouse says, table by table, in one order; without when it was said.

        `left_out` are columns, by table, that are not compared.
        """
        compared = [table.name for table in catalog.TABLES if table.name != "quality_checks"]
        with Warehouse.open(self.warehouse_dsn) as warehouse:
            return {
                name: _rows(warehouse.read(f"SELECT * FROM {name}"), (left_out or {}).get(name, ()))
                for name in compared
            }

    def published(self) -> dict[str, Any]:
        """Every public file by key: JSON as the value, Parquet as its rows, a CSV as its text."""
        return {key: self._object(key) for key in self.public.list_keys()}

    def _object(self, key: str) -> Any:
        if key.endswith(".parquet"):
            return pq.read_table(pa.BufferReader(self.public.get(key))).to_pylist()
        if key.endswith(".csv.gz"):
            return gzip.decompress(self.public.get(key) or b"").decode()
        return self.public.get_json(key)


def _rows(rows: pa.Table, left_out: Collection[str]) -> list[tuple[Any, ...]]:
    kept = rows.select([name for name in rows.column_names if name not in {*UNCOMPARED, *left_out}])
    return sorted(zip(*(column.to_pylist() for column in kept.columns), strict=True), key=repr)
