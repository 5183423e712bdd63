"""The runs whose effects fail: each as the tasks of its DAG, one after another."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg2

from stacks_dataverse import catalog, chain
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import build_market, check, describe, land, land_market, publish
from stacks_dataverse.runners.tip import land as tip_land
from stacks_dataverse.runners.tip import publish as tip_publish
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from stacks_dataverse.vendors import VENDORS
from stacks_dataverse.window import MarketWindow, Window
from tests.integration.test_upgrading import BUILT_DAY
from tests.support.pipeline import MARGIN_HOURS, Pipeline

# When each task runs.
NOW = datetime(2024, 10, 31, 3, tzinfo=UTC)
DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")
DAY = DAYS[-1]
MARKET = MarketWindow.of(None, None, NOW, NOW)
KEYS = {table.name: table.key for table in catalog.TABLES}

EARLIER_REVISION = "0009"

Task = Callable[[Pipeline], Any]


@dataclass(frozen=True)
class Scenario:
    """Tasks by name, in their order; what comes before them is prepared. A fork of all days comes in between."""

    tasks: Mapping[str, Task]
    prepare: Task
    is_forked: bool = False


def land_blocks(pipeline: Pipeline) -> None:
    """As of `stacks_daily`."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        height = land.read_loaded_height(warehouse)
    with StacksDb.open(pipeline.stacks_dsn) as source:
        land.land_blocks(source, pipeline.archive, Window.parse(DAY), MARGIN_HOURS, height)


def land_table(table: str) -> Task:
    """As of `stacks_daily`, one of the large tables."""

    def task(pipeline: Pipeline) -> None:
        with StacksDb.open(pipeline.stacks_dsn) as source:
            land.land_tables(source, pipeline.archive, Window.parse(DAY), table, [table])

    return task


def land_small_tables(pipeline: Pipeline) -> None:
    """As of `stacks_daily`."""
    with StacksDb.open(pipeline.stacks_dsn) as source:
        land.land_small_tables(source, pipeline.archive, Window.parse(DAY))


def write_manifest(pipeline: Pipeline) -> None:
    """As of `stacks_daily`."""
    land.write_manifest(pipeline.archive, Window.parse(DAY), NOW, catalog.LANDING_CHECKS)


def check_day(pipeline: Pipeline) -> None:
    """As of `stacks_daily`."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        check.check_day(pipeline.archive, warehouse, Window.parse(DAY), catalog.CHECKS, NOW)


def publish_day(pipeline: Pipeline) -> None:
    """As of `stacks_daily`."""
    pipeline.publish(DAY)


def publish_catalogue(pipeline: Pipeline) -> None:
    """As of every DAG that publishes, in the same task after the objects.

    Here it is a task of its own: it takes nothing from what went before but what is stored.
    """
    pipeline.publish_catalogue()


def invalidate(pipeline: Pipeline) -> None:
    """As of every DAG that publishes, where there is no CDN."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        publish.invalidate(warehouse, None)


def land_tip(pipeline: Pipeline) -> None:
    """As of `stacks_half_hourly`."""
    pipeline.land_look(NOW)


def publish_tip(pipeline: Pipeline) -> None:
    """As of `stacks_half_hourly`."""
    pipeline.publish_look(tip_land.read_snapshot(pipeline.archive, f"{NOW:%Y%m%dT%H%M%SZ}"))


def check_tip(pipeline: Pipeline) -> None:
    """As of `stacks_half_hourly`."""
    with StacksDb.open(pipeline.stacks_dsn) as source:
        tip_publish.check_tip_advances(source, pipeline.archive, "a run")


def market(vendors: Mapping[str, Any]) -> Mapping[str, Task]:
    """The tasks of `market_daily`, of some vendors."""
    names = {"prices": "cryptocompare", "social": "lunarcrush"}

    def land_feed(feed: str) -> Task:
        name = names[feed]
        return lambda pipeline: land_market.land_feed(VENDORS[name], feed, vendors[name](), pipeline.archive, MARKET)

    def build_feed(feed: str) -> Task:
        def task(pipeline: Pipeline) -> None:
            with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
                build_market.build_feed(VENDORS[names[feed]], feed, pipeline.archive, warehouse, MARKET, KEYS)

        return task

    return {
        **{f"land_{feed}": land_feed(feed) for feed in names},
        **{f"build_{feed}": build_feed(feed) for feed in names},
        "check_prices": check_prices,
        "make_indicators": make_indicators,
        "publish": publish_market,
        "publish_catalogue": publish_catalogue,
    }


def check_prices(pipeline: Pipeline) -> None:
    """As of `market_daily`."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        check.check_prices(warehouse, Window.containing(MARKET.requested_at), catalog.MARKET_CHECKS, NOW)


def make_indicators(pipeline: Pipeline) -> None:
    """As of `market_daily`."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        build_market.build_indicators(warehouse)


def publish_market(pipeline: Pipeline) -> None:
    """As of `market_daily`."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        publish.publish_latest(warehouse, pipeline.public, catalog.objects(Schedule.MARKET), pipeline.network)
        publish.publish_with_prices(warehouse, pipeline.public, catalog.objects_with_prices())


def migrate_warehouse(pipeline: Pipeline) -> None:
    """As the first task of every DAG that builds."""
    migrate(pipeline.warehouse_dsn)
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        describe.comment_tables(warehouse, catalog.TABLES)


def prepare_old_warehouse(pipeline: Pipeline) -> None:
    """A warehouse of an earlier release, with a day."""
    migrate(pipeline.warehouse_dsn, EARLIER_REVISION)
    with closing(psycopg2.connect(pipeline.warehouse_dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(BUILT_DAY)


def prepare_two_days(pipeline: Pipeline) -> None:
    """The evening before the last day."""
    migrate(pipeline.warehouse_dsn)
    pipeline.run(*DAYS[:-1])
    pipeline.publish_catalogue()


def prepare_three_days(pipeline: Pipeline) -> None:
    """All days are loaded; nothing says yet what is published."""
    migrate(pipeline.warehouse_dsn)
    pipeline.run(*DAYS)


A_DAY = {
    "land_blocks": land_blocks,
    **{f"land_{table}": land_table(table) for table in chain.LARGE_TABLES},
    "land_small_tables": land_small_tables,
    "write_manifest": write_manifest,
    "build": lambda pipeline: pipeline.build(DAY),
    "figures": lambda pipeline: pipeline.make_figures(),
    "check": check_day,
    "publish": publish_day,
    "publish_catalogue": publish_catalogue,
    "invalidate_cdn": invalidate,
}

A_LOOK = {
    "land_tip": land_tip,
    "publish_tip": publish_tip,
    "publish_catalogue": publish_catalogue,
    "sanity_check": check_tip,
}

BACKFILL = {
    "find_changed_days": lambda pipeline: pipeline.compare(DAYS[0], DAY),
    "land": lambda pipeline: pipeline.land_days(DAYS[0], DAY),
    "build": lambda pipeline: pipeline.build_days(DAYS[0], DAY),
    "figures": lambda pipeline: pipeline.make_figures(),
    "check": lambda pipeline: pipeline.check_days(DAYS[0], DAY),
    "publish": publish_day,
    "publish_catalogue": publish_catalogue,
}


def scenarios(vendors: Mapping[str, Any]) -> Mapping[str, Scenario]:
    """All of them, by name.

    Args:
        vendors: how to make the client of each, by name.
    """
    return {
        "day": Scenario(A_DAY, prepare_two_days),
        "half_hourly": Scenario(A_LOOK, prepare_two_days),
        "market": Scenario(market(vendors), prepare_two_days),
        "backfill": Scenario(BACKFILL, prepare_three_days, is_forked=True),
        "migration": Scenario({"migrate_warehouse": migrate_warehouse}, prepare_old_warehouse),
    }
