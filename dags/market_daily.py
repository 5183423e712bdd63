"""Prices, indicators and social figures: landed, built, published, apart from the chain."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, Param, TriggerRule, chain

from plugins import alerts
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import market, shared
from stacks_dataverse.vendors import OTHER_FEEDS, PRICES

# One slot: the vendors count calls, whichever process makes them.
VENDORS_POOL = "vendors-pool"

RAW = Asset(name="raw_vendors", uri="s3://private/raw/vendors", group="market")
WAREHOUSE = Asset(name="warehouse_market", uri="postgres://warehouse/warehouse/public/daily_indicators", group="market")
PUBLIC = Asset(name="public_market", uri="s3://public/market", group="market")


def day(title: str) -> Param:
    """A Param that may hold a UTC day."""
    return Param(None, type=["null", "string"], format="date", title=title, description="UTC day, YYYY-MM-DD.")


def feed_tasks(feed: str) -> tuple[PythonOperator, PythonOperator]:
    """The tasks that land and build a feed of a vendor."""
    return (
        PythonOperator(
            task_id=f"land_{feed}", python_callable=market.land_feed, op_args=[feed], pool=VENDORS_POOL, outlets=[RAW]
        ),
        PythonOperator(task_id=f"build_{feed}", python_callable=market.build_feed, op_args=[feed]),
    )


with DAG(
    dag_id="market_daily",
    description="Land, build and publish prices, indicators and social figures",
    doc_md="""
### market_daily

Copies what CryptoCompare and LunarCrush say to the raw archive, builds the warehouse's prices, indicators and social
figures from it, and publishes the objects made of them. What is asked for twice is stored once, revised.

* **Scheduled**: daily at 05:00 UTC, when the chain's day is normally loaded. It asks for the hours of the trailing
  4 days, the days of the trailing 300, and the social figures of the trailing 30.
* **By hand**: without Params the same, up to the last closed hour. With `from_day` and `to_day` those whole UTC days,
  both included: all of history since 2021 is one run, at 2,000 hours a call. After an outage of more than four days
  the hours in between are asked for so.
* **A vendor without a key** is not configured: its tasks skip and say so, and what it supplies stays as it is.
* **When it fails**: a vendor's failure stops its own tasks only; all else is published, and `fail_if_any_failed`
  marks the run. The last line of the failed task's log says what to do. Nothing of a refused load is stored.
* **An hour or day that a vendor lacks** is left out, and the rest is stored; `check_prices` names it, as a warning.

Needs the connections `warehouse_db`, `aws_default`; `cryptocompare` and `lunarcrush` with the key as password, the
base URL as host or none, and for CryptoCompare the extra `{"flavour": "data_api"}` or `min_api`; the Variables
`private_bucket`, `public_bucket` and, on another network than mainnet, `network`; and the pools `stacks-pool` and, of
one slot, `vendors-pool`. Optional Variable `price_source`: `lunarcrush` takes daily prices, volumes and market caps of
STX from there instead.
""",
    schedule=CronDataIntervalTimetable("0 5 * * *", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["market", "daily"],
    params={"from_day": day("From day"), "to_day": day("To day")},
    on_failure_callback=alerts.tell_of_silent,
    default_args=TASK_DEFAULTS,
):
    migrate_warehouse = PythonOperator(
        task_id="migrate_warehouse",
        python_callable=shared.migrate_warehouse,
        op_kwargs={"settings": ["price_source", "archive", "public"]},
    )
    land_prices, build_prices = feed_tasks(PRICES)
    check_prices = PythonOperator(task_id="check_prices", python_callable=market.check_prices)
    others = [feed_tasks(feed) for feed in OTHER_FEEDS]
    make_indicators = PythonOperator(
        task_id="make_indicators",
        python_callable=market.make_indicators,
        trigger_rule=TriggerRule.ALL_DONE,
        outlets=[WAREHOUSE],
    )
    publish_market = PythonOperator(
        task_id="publish_market",
        python_callable=market.publish_market,
        trigger_rule=TriggerRule.ALL_DONE,
        outlets=[PUBLIC],
    )
    invalidate_cdn = PythonOperator(
        task_id="invalidate_cdn", python_callable=shared.invalidate_cdn, trigger_rule=TriggerRule.ALL_DONE
    )
    fail_if_any_failed = PythonOperator(
        task_id="fail_if_any_failed",
        python_callable=market.fail_if_any_failed,
        # The task that failed has been told of.
        on_failure_callback=None,
        trigger_rule=TriggerRule.ONE_FAILED,
    )

    chain([land_prices, migrate_warehouse], build_prices, make_indicators, publish_market, invalidate_cdn)
    build_prices >> check_prices
    for land_feed, build_feed in others:
        chain([land_feed, migrate_warehouse], build_feed, publish_market)
    [
        *(task for pair in others for task in pair),
        migrate_warehouse,
        land_prices,
        build_prices,
        check_prices,
        make_indicators,
        publish_market,
        invalidate_cdn,
    ] >> fail_if_any_failed
