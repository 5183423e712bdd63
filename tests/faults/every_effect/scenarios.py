"""The runs whose effects fail: each as the tasks of its DAG, one after another."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, chain
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import check, land, publish
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.support.pipeline import MARGIN_HOURS, Pipeline

# When each task runs.
NOW = datetime(2024, 10, 31, 3, tzinfo=UTC)
DAY = "2024-10-30"

Task = Callable[[Pipeline], Any]
Scenario = Mapping[str, Task]


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
    """As of `stacks_daily`: the catalogue after the objects."""
    pipeline.publish(DAY)
    pipeline.publish_catalogue()


def invalidate(pipeline: Pipeline) -> None:
    """As of every DAG that publishes, where there is no CDN."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        publish.invalidate(warehouse, None)


A_DAY: Scenario = {
    "land_blocks": land_blocks,
    **{f"land_{table}": land_table(table) for table in chain.LARGE_TABLES},
    "land_small_tables": land_small_tables,
    "write_manifest": write_manifest,
    "build": lambda pipeline: pipeline.build(DAY),
    "figures": lambda pipeline: pipeline.make_figures(),
    "check": check_day,
    "publish": publish_day,
    "invalidate_cdn": invalidate,
}

SCENARIOS: Mapping[str, Scenario] = {"day": A_DAY}
