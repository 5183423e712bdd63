"""Lands, builds and publishes prices, indicators and social figures, independently of the chain."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronDataIntervalTimetable, Param, TaskGroup, TriggerRule, chain

from plugins import alerts
from plugins.dag_parts.assets import PUBLIC_MARKET, RAW_VENDORS, WAREHOUSE_MARKET
from plugins.dag_parts.documentation import document_dag, group, tasks_of
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import market, shared
from stacks_dataverse.vendors import OTHER_FEEDS, PRICES

# One slot: the vendors limit calls over all processes together.
VENDORS_POOL = "vendors-pool"

about = tasks_of("market_daily")


def day(title: str) -> Param:
    """A Param that may hold a UTC day."""
    return Param(None, type=["null", "string"], format="date", title=title, description="UTC day, YYYY-MM-DD.")


def feed_tasks(feed: str) -> tuple[PythonOperator, PythonOperator]:
    """The tasks that land and build a feed of a vendor, in a group."""
    name = feed if feed == PRICES else f"{feed} figures"
    with TaskGroup(**group(f"{feed}_feed", name.capitalize(), f"Land and build {name} of a vendor")):
        return (
            PythonOperator(
                task_id=f"land_{feed}",
                python_callable=market.land_feed,
                op_args=[feed],
                pool=VENDORS_POOL,
                outlets=[RAW_VENDORS],
                **about(
                    f"Land {name}",
                    f"Copies the vendor's answers about {name} to the raw archive, unchanged. Skipped, with what "
                    "follows, if the vendor's connection has no key.",
                ),
            ),
            PythonOperator(
                task_id=f"build_{feed}",
                python_callable=market.build_feed,
                op_args=[feed],
                **about(
                    f"Build {name}", f"Validates {name} and stores them in the warehouse; newer data replaces older."
                ),
            ),
        )


with DAG(
    dag_id="market_daily",
    dag_display_name="Market: daily",
    description="Land, build and publish prices, indicators and social figures",
    doc_md=document_dag(
        "market_daily",
        """
Copies the data of CryptoCompare and LunarCrush to the raw archive, builds the warehouse's prices, indicators and social
figures from it, and publishes the objects made of them, and of the chain's last three days those that show prices. Data
that is requested again replaces the older data.

* **Schedule**: daily at 05:00 UTC, when the chain's day is normally loaded. It requests the hours of the last 4 days,
  the days of the last 300, and the social figures of the last 30.
* **Manually**: without Params the same, up to the last closed hour. With `from_day` and `to_day` these whole UTC days,
  both included: all of history since 2021 is one run, at 2,000 hours a call. After an outage of more than four days,
  load the hours in between this way.
* **A vendor without a key** is not configured: its tasks are skipped and log it, and its data stays as it is.
* **When it fails**: a vendor's failure stops only its own tasks; everything else is published, and `fail_if_any_failed`
  marks the run. The last line of the failed task's log says what to do. A rejected load stores nothing.
* **An hour or day that a vendor does not have** is omitted, and the rest is stored; `check_prices` names it in a
  warning.

Needs the connections `warehouse_db`, `aws_default`; `cryptocompare` and `lunarcrush` with the key as password, an
optional base URL as host, and for CryptoCompare the extra `{"flavour": "data_api"}` or `min_api`; the Variables
`private_bucket`, `public_bucket` and, on networks other than mainnet, `network`; and the pools `stacks-pool` and
`vendors-pool`, the latter with one slot. Optional Variable `price_source`: with `lunarcrush`, daily prices, volumes and
market caps of STX come from LunarCrush.
""",
    ),
    schedule=CronDataIntervalTimetable("0 5 * * *", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["market", "daily"],
    params={"from_day": day("From day"), "to_day": day("To day")},
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS,
):
    migrate_warehouse = PythonOperator(
        task_id="migrate_warehouse",
        python_callable=shared.migrate_warehouse,
        op_kwargs={"settings": ["price_source", "archive", "public"]},
        **about(
            "Migrate warehouse", "Checks the Variables of the run, and adds the tables and columns of a new version."
        ),
    )
    land_prices, build_prices = feed_tasks(PRICES)
    check_prices = PythonOperator(
        task_id="check_prices",
        python_callable=market.check_prices,
        **about("Check prices", "Looks for hours and days without a price. What it finds is a warning."),
    )
    others = [feed_tasks(feed) for feed in OTHER_FEEDS]
    make_indicators = PythonOperator(
        task_id="make_indicators",
        python_callable=market.make_indicators,
        trigger_rule=TriggerRule.ALL_DONE,
        outlets=[WAREHOUSE_MARKET],
        **about(
            "Compute indicators", "Computes RSI, EMA and the other indicators of every day from the stored prices."
        ),
    )
    with TaskGroup(**group("publishing", "Publish", "Write the public objects that changed")):
        publish_market = PythonOperator(
            task_id="publish_market",
            python_callable=market.publish_market,
            trigger_rule=TriggerRule.ALL_DONE,
            outlets=[PUBLIC_MARKET],
            **about(
                "Publish objects",
                "Writes the objects made of prices and social figures, and those of the last three days of the chain "
                "that show prices, from what is stored.",
            ),
        )
        invalidate_cdn = PythonOperator(
            task_id="invalidate_cdn",
            python_callable=shared.invalidate_cdn,
            trigger_rule=TriggerRule.ALL_DONE,
            **about("Invalidate CDN", "Invalidates the changed keys on CloudFront, if a distribution is configured."),
        )
    fail_if_any_failed = PythonOperator(
        task_id="fail_if_any_failed",
        python_callable=market.fail_if_any_failed,
        # The failed task has sent an alert already.
        on_failure_callback=None,
        trigger_rule=TriggerRule.ALL_DONE,
        **about(
            "Fail if any task failed",
            "Fails, and the run with it, if another task of the run failed: the tasks before it go on all the same.",
        ),
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
