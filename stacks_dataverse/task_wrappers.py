"""The callables of the DAGs' tasks, and the only place that knows Airflow's shapes.

Each takes Airflow's context, makes a `Window`, opens the stores, calls one runner, and returns keys and counts.
"""

import functools
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from stacks_dataverse import catalog, connections, measures
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.look import Look
from stacks_dataverse.runners import build, build_market, check, figures, land, land_market, live, look, publish
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.window import MarketWindow, Window

log = logging.getLogger(__name__)


def wrapper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let Airflow retry what is worth it, fail at once what is not, and tell what was done."""

    @functools.wraps(function)
    def run(*args: Any, **context: Any) -> Any:
        began = time.monotonic()
        try:
            result = function(*args, **context)
        except Terminal as error:
            raise AirflowFailException(str(error)) from error
        measures.tell(function.__name__, args, context, result, time.monotonic() - began)
        return result

    return run


def window(context: dict[str, Any]) -> Window:
    """Return the day of a run: its Param `day`, else the start of its data interval.

    Raises:
        Terminal: a manual run without either, a text that is no day, or a day after today (UTC).
    """
    chosen, interval_start = context["params"].get("day"), context.get("data_interval_start")
    if not chosen and interval_start is None:
        raise Terminal("this run has no day: trigger it with the Param day, as YYYY-MM-DD.")
    found = Window.parse(chosen) if chosen else Window(interval_start.astimezone(UTC).date())
    return found.refuse_after(datetime.now(UTC).date())


def market_window(context: dict[str, Any]) -> MarketWindow:
    """Return what a run asks of vendors: its Params `from_day` to `to_day`, else what trails its data interval."""
    params, asked_at = context["params"], context["dag_run"].run_after
    end = context.get("data_interval_end") or asked_at
    return MarketWindow.of(params.get("from_day"), params.get("to_day"), end, asked_at)


@wrapper
def day_is_settled(**context: Any) -> bool:
    """Whether the run may begin: the day is settled, or the Param `allow_unsettled` says not to wait."""
    day = window(context)
    if context["params"].get("allow_unsettled"):
        return True
    with connections.stacks_db() as source, connections.warehouse() as store:
        loaded_height = land.height_loaded(store)
        if land.is_behind(source, loaded_height):
            log.warning("The node is behind height %s, which is loaded: waiting until it has caught up.", loaded_height)
            return False
        return land.is_settled(source, day, connections.settle_hours())


@wrapper
def migrate_warehouse(**context: Any) -> None:
    """Bring the warehouse's tables to this version of the code."""
    migrate(connections.dsn("warehouse_db"))


@wrapper
def land_blocks(**context: Any) -> dict[str, Any]:
    """Land the day's blocks."""
    with connections.warehouse() as store:
        loaded_height = land.height_loaded(store)
    with connections.stacks_db() as source:
        archive, margin = connections.archive(), connections.settle_hours()
        return landed(land.blocks(source, archive, window(context), margin, loaded_height))


@wrapper
def land_table(table: str, **context: Any) -> dict[str, Any]:
    """Land one large table."""
    with connections.stacks_db() as source:
        return landed(land.tables(source, connections.archive(), window(context), table, [table]))


@wrapper
def land_small_tables(**context: Any) -> dict[str, Any]:
    """Land every other table."""
    with connections.stacks_db() as source:
        return landed(land.small_tables(source, connections.archive(), window(context)))


@wrapper
def write_manifest(**context: Any) -> dict[str, Any]:
    """Write the day's manifest, with which it is landed."""
    return landed(land.manifest(connections.archive(), window(context), datetime.now(UTC)))


@wrapper
def build_day(**context: Any) -> dict[str, int]:
    """Build the day's facts, ledgers and running state."""
    with connections.warehouse() as store:
        tables = catalog.tables(Kind.FACT)
        return build.day(connections.archive(), store, window(context), tables, datetime.now(UTC))


@wrapper
def make_figures(**context: Any) -> dict[str, Any]:
    """Make the end-of-day figures of every day that is due."""
    with connections.warehouse() as store:
        made = figures.due_days(store, catalog.tables(Kind.FIGURE), connections.pox())
    return {"days": len(made), "first": str(made[0]) if made else None, "last": str(made[-1]) if made else None}


@wrapper
def check_day(**context: Any) -> dict[str, int]:
    """Check the built day; passing makes it loaded."""
    with connections.warehouse() as store:
        return check.day(connections.archive(), store, window(context), catalog.CHECKS, datetime.now(UTC))


@wrapper
def publish_days(**context: Any) -> dict[str, Any]:
    """Publish what changed."""
    with connections.warehouse() as store:
        objects = catalog.objects(Schedule.DAILY)
        keys = publish.due_days(store, connections.public(), objects, window(context).day)
    return {"changed": len(keys)}


@wrapper
def land_prices(**context: Any) -> dict[str, int]:
    """Land what the source of prices says; skips where it is not configured."""
    source = connections.price_source()
    return land_market.PRICES[source](_configured(source), connections.archive(), market_window(context))


@wrapper
def build_prices(**context: Any) -> dict[str, int]:
    """Build what `land_prices` landed."""
    with connections.warehouse() as store:
        build_source = build_market.PRICES[connections.price_source()]
        return build_source(connections.archive(), store, market_window(context))


@wrapper
def land_social(**context: Any) -> dict[str, int]:
    """Land daily social figures and the present ones; skips where LunarCrush is not configured."""
    return land_market.social_figures(_configured("lunarcrush"), connections.archive(), market_window(context))


@wrapper
def build_social(**context: Any) -> dict[str, int]:
    """Build what `land_social` landed."""
    with connections.warehouse() as store:
        return build_market.social_figures(connections.archive(), store, market_window(context))


@wrapper
def make_indicators(**context: Any) -> dict[str, int]:
    """Make the indicators of every stored day anew."""
    with connections.warehouse() as store:
        return build_market.indicators(store)


@wrapper
def publish_market(**context: Any) -> dict[str, Any]:
    """Publish what changed of the objects that prices and social figures make."""
    with connections.warehouse() as store:
        return {"changed": len(publish.newest(store, connections.public(), catalog.objects(Schedule.MARKET)))}


@wrapper
def fail_if_any_failed(**context: Any) -> None:
    """Fail, and the run with it: Airflow judges by the last tasks, and those go on after a vendor's failure."""
    raise Terminal("a task of this run failed; what did not depend on it was published. See that task's log.")


@wrapper
def look_at_tip(**context: Any) -> dict[str, Any]:
    """Land a look at the tip; hands on when it was taken, by which it is found."""
    taken_at = datetime.now(UTC).replace(microsecond=0)
    with connections.stacks_db() as source, connections.warehouse() as store:
        manifest = look.landed(source, connections.archive(), store, taken_at)
    taken = Look.from_dict(manifest)
    _tell_of_tip(taken)
    return {"at": taken.at, "tip": manifest["tip_height"], **landed(manifest)}


@wrapper
def publish_live(**context: Any) -> dict[str, Any]:
    """Take the snapshots of this run's look, and publish the half-hourly objects."""
    at = context["ti"].xcom_pull(task_ids="look")["at"]
    tables, objects = catalog.live_tables(), catalog.objects(Schedule.HALF_HOURLY)
    archive, public = connections.archive(), connections.public()
    with connections.warehouse() as store:
        keys = live.published(archive, store, public, at, tables, objects, connections.pox())
    return {"changed": len(keys)}


@wrapper
def sanity_check(**context: Any) -> dict[str, int]:
    """Whether the tip has advanced since this was last asked."""
    with connections.stacks_db() as source:
        return live.advanced(source, connections.archive())


@wrapper
def invalidate_cdn(**context: Any) -> dict[str, Any]:
    """Tell the CDN what changed; without one, say so once."""
    cdn = connections.cdn()
    if cdn is None:
        log.info("The Airflow Variable cdn_distribution_id is not set: there is no CDN to tell.")
    with connections.warehouse() as store:
        keys = publish.invalidate(store, cdn)
    return {"paths": len(keys) if cdn else 0}


def _configured(name: str) -> Any:
    vendor = getattr(connections, name)()
    if vendor is None:
        raise AirflowSkipException(f"{name} is not configured: the Airflow Connection {name} is missing or has no key.")
    return vendor


def _tell_of_tip(taken: Look) -> None:
    tip = datetime.fromtimestamp(taken.tip_time, UTC)
    measures.stands_at("tip_age", (taken.taken_at - tip).total_seconds())
    if taken.last_day:
        measures.stands_at("days_behind_tip", (tip.date() - taken.last_day).days)


def landed(part: dict[str, Any]) -> dict[str, int]:
    """Rows and bytes of all tables of a manifest, or of a part of one."""
    tables = part["tables"].values()
    return {"rows": sum(table["rows"] for table in tables), "bytes": sum(table.get("bytes", 0) for table in tables)}
