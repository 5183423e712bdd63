"""The wrappers of `market_daily`: prices, indicators and social figures."""

import logging
from datetime import UTC, datetime
from functools import partial
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from stacks_dataverse import catalog, connections, vendors
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import build_market, check, land_market, publish
from stacks_dataverse.runners.steps import run_all
from stacks_dataverse.task_wrappers import outcome
from stacks_dataverse.task_wrappers.catalogue import catalogue_after
from stacks_dataverse.task_wrappers.shared import wrapper
from stacks_dataverse.vendor import Vendor
from stacks_dataverse.window import MarketWindow, Window

log = logging.getLogger(__name__)


def market_window(context: dict[str, Any]) -> MarketWindow:
    """Return the window of a run: its Params `from_day` to `to_day`, else the time before its interval ends."""
    params, requested_at = context["params"], context["dag_run"].run_after
    end = context.get("data_interval_end") or requested_at
    return MarketWindow.of(params.get("from_day"), params.get("to_day"), end, requested_at)


@wrapper("Landed {of}")
def land_feed(feed: str, **context: Any) -> dict[str, int]:
    """Land a feed of its vendor; skip where the vendor is not configured."""
    vendor = _vendor(feed)
    client = connections.vendor_client(vendor)
    if client is None:
        raise AirflowSkipException(
            f"{vendor.name} is not configured: the Airflow Connection {vendor.name} is missing or has no key."
        )
    answers = land_market.land_feed(vendor, feed, client, connections.archive(), market_window(context))
    for series, count in answers.items():
        log.info("%s of %s: %d answers.", series, vendor.name, count)
    _describe_assets(context, answers=sum(answers.values()), vendor=vendor.name)
    return answers


@wrapper("Built {of}")
def build_feed(feed: str, **context: Any) -> dict[str, int]:
    """Build what `land_feed` landed."""
    keys = {table.name: table.key for table in catalog.TABLES}
    with connections.warehouse() as store:
        window, archive = market_window(context), connections.archive()
        rows = build_market.build_feed(_vendor(feed), feed, archive, store, window, keys)
    outcome.log_rows(rows)
    return rows


@wrapper("Checked the stored prices")
def check_prices(**context: Any) -> dict[str, int]:
    """Check for hours and days between the first and the last stored one that have no price."""
    day = Window.containing(market_window(context).requested_at)
    with connections.warehouse() as store:
        return check.check_prices(store, day, catalog.MARKET_CHECKS, datetime.now(UTC))


@wrapper("Computed the indicators of all days")
def make_indicators(**context: Any) -> dict[str, int]:
    """Compute the indicators of all stored days again."""
    _refuse_settings(context)
    with connections.warehouse() as store:
        rows = build_market.build_indicators(store)
    outcome.log_rows(rows)
    _describe_assets(context, rows=sum(rows.values()))
    return rows


@wrapper("Published prices and social figures")
def publish_market(**context: Any) -> dict[str, Any]:
    """Publish what changed of the objects that prices and social figures make, or are shown in."""
    _refuse_settings(context)
    objects, network, public = catalog.objects(Schedule.MARKET), connections.network(), connections.public()
    with connections.warehouse() as store, catalogue_after(store, public):
        steps = {
            "prices and social figures": partial(publish.publish_latest, store, public, objects, network),
            "what shows prices": partial(publish.publish_with_prices, store, public, catalog.objects_with_prices()),
        }
        keys = run_all(store, steps)
    outcome.log_keys(public.bucket, keys)
    indicators = context["ti"].xcom_pull(task_ids="make_indicators") or {}
    _describe_assets(context, rows=sum(indicators.values()), changed=len(keys))
    return {"changed": len(keys)}


@wrapper("No task of the run failed")
def fail_if_any_failed(**context: Any) -> None:
    """Fail where a task did, and the run with it: Airflow judges by the last tasks, and those go on after a failure."""
    ti = context["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    if failed := sorted(name for name, state in states.items() if state == "failed"):
        raise Terminal(f"Failed: {', '.join(failed)}; see their logs. What does not depend on them was published.")


def _describe_assets(context: dict[str, Any], **counts: Any) -> None:
    """Set the extra of the assets' events; the data go up to the end of the run's window."""
    end = market_window(context).hours.end
    outcome.describe_assets(context, Window.containing(end - 1), datetime.fromtimestamp(end, UTC), **counts)


def _refuse_settings(context: dict[str, Any]) -> None:
    """Fail for invalid Params and Variables: tasks that run after a failure must not publish with them."""
    market_window(context)
    connections.price_source()


def _vendor(feed: str) -> Vendor:
    """The vendor of a feed: of prices the one that is set as their source, else the only one."""
    name = connections.price_source() if feed == vendors.PRICES else vendors.of_feed(feed)[0]
    return vendors.VENDORS[name]
