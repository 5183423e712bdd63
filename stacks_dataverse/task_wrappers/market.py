"""The wrappers of `market_daily`: prices, indicators and social figures."""

from datetime import UTC, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from stacks_dataverse import catalog, connections, vendors
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import build_market, check, land_market, publish
from stacks_dataverse.task_wrappers.shared import wrapper
from stacks_dataverse.vendor import Vendor
from stacks_dataverse.window import MarketWindow, Window


def market_window(context: dict[str, Any]) -> MarketWindow:
    """Return the window of a run: its Params `from_day` to `to_day`, else the time before its interval ends."""
    params, requested_at = context["params"], context["dag_run"].run_after
    end = context.get("data_interval_end") or requested_at
    return MarketWindow.of(params.get("from_day"), params.get("to_day"), end, requested_at)


@wrapper
def land_feed(feed: str, **context: Any) -> dict[str, int]:
    """Land a feed of its vendor; skip where the vendor is not configured."""
    vendor = _vendor(feed)
    client = connections.vendor_client(vendor)
    if client is None:
        raise AirflowSkipException(
            f"{vendor.name} is not configured: the Airflow Connection {vendor.name} is missing or has no key."
        )
    return land_market.land_feed(vendor, feed, client, connections.archive(), market_window(context))


@wrapper
def build_feed(feed: str, **context: Any) -> dict[str, int]:
    """Build what `land_feed` landed."""
    keys = {table.name: table.key for table in catalog.TABLES}
    with connections.warehouse() as store:
        return build_market.build_feed(_vendor(feed), feed, connections.archive(), store, market_window(context), keys)


@wrapper
def check_prices(**context: Any) -> dict[str, int]:
    """Check for hours and days between the first and the last stored one that have no price."""
    day = Window.containing(market_window(context).requested_at)
    with connections.warehouse() as store:
        return check.check_prices(store, day, catalog.MARKET_CHECKS, datetime.now(UTC))


@wrapper
def make_indicators(**context: Any) -> dict[str, int]:
    """Compute the indicators of all stored days again."""
    _refuse_settings(context)
    with connections.warehouse() as store:
        return build_market.build_indicators(store)


@wrapper
def publish_market(**context: Any) -> dict[str, Any]:
    """Publish what changed of the objects that prices and social figures make."""
    _refuse_settings(context)
    objects, network = catalog.objects(Schedule.MARKET), connections.network()
    with connections.warehouse() as store:
        return {"changed": len(publish.publish_latest(store, connections.public(), objects, network))}


@wrapper
def fail_if_any_failed(**context: Any) -> None:
    """Fail, and the run with it: Airflow judges by the last tasks, and those go on after a vendor's failure."""
    raise Terminal("A task of this run failed; see its log. Everything that did not depend on it was published.")


def _refuse_settings(context: dict[str, Any]) -> None:
    """Fail for invalid Params and Variables: tasks that run after a failure must not publish with them."""
    market_window(context)
    connections.price_source()


def _vendor(feed: str) -> Vendor:
    """The vendor of a feed: of prices the one that is set as their source, else the only one."""
    name = connections.price_source() if feed == vendors.PRICES else vendors.of_feed(feed)[0]
    return vendors.VENDORS[name]
