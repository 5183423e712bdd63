"""Lands, builds, checks and publishes one UTC day of the Stacks blockchain."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, Param, TriggerRule, chain

from plugins import alerts
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.chain import LARGE_TABLES
from stacks_dataverse.task_wrappers.lazy import compare, daily, shared

RAW = Asset(name="raw_stacks", uri="s3://private/raw/stacks", group="stacks")
WAREHOUSE = Asset(name="warehouse_stacks", uri="postgres://warehouse/warehouse/public/loaded_days", group="stacks")
PUBLIC = Asset(name="public_stacks", uri="s3://public/stacks", group="stacks")

with DAG(
    dag_id="stacks_daily",
    description="Land, build, check and publish one UTC day of the chain",
    doc_md="""
### stacks_daily

Copies one UTC day of the Stacks database to the raw archive, builds the warehouse from it, checks it, and publishes the
daily objects. Running a day again gives the same result; days may run in any order.

* **Scheduled**: yesterday, once the chain's tip is two hours past the end of the day (Variable `settle_hours`).
* **Manually**: trigger it with the Param `day`; `allow_unsettled` skips the wait, for archives and tests.
* **Reorgs**: after publishing it compares the last three days up to its own (Variable `trailing_days`) with the chain;
  `stacks_backfill` then lands, builds and publishes days that changed, or that are missing between loaded days.
* **If the node is behind** what is already loaded, it waits and lands nothing.
* **When it fails**: the last line of the log says what was tried and what to do. Nothing of a failed day is published;
  clear the failed task after the cause is fixed.
* **If a table fails**, it keeps its previous rows, what reads it waits, and everything else is built, checked and
  published. The last task, `name_failed_tables`, then fails and names it; the table `built_tables` has the reasons.

Needs the connections `stacks_db`, `warehouse_db`, `aws_default`, the Variables `private_bucket`, `public_bucket` and,
on networks other than mainnet, `network`; and the pool `stacks-pool`. Optional Variables: `cdn_distribution_id`, a
CloudFront distribution on which changed keys are invalidated; `public_acl`, a canned ACL for public objects, for
buckets that still allow ACLs.
""",
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=3,
    tags=["stacks", "daily"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Day",
            description="UTC day, YYYY-MM-DD; required for a manual run.",
        ),
        "allow_unsettled": Param(
            False,
            type="boolean",
            title="Allow an unsettled day",
            description="Do not wait until the day is final (settled).",
        ),
    },
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS,
):
    wait_until_settled = PythonSensor(
        task_id="wait_until_settled",
        python_callable=daily.day_is_settled,
        mode="reschedule",
        poke_interval=timedelta(minutes=10),
        timeout=timedelta(days=2),
    )
    migrate_warehouse = PythonOperator(
        task_id="migrate_warehouse",
        python_callable=shared.migrate_warehouse,
        op_kwargs={"settings": ["settle_hours", "trailing_days", "network", "archive", "public"]},
    )
    land_blocks = PythonOperator(task_id="land_blocks", python_callable=daily.land_blocks)
    tables = [
        PythonOperator(task_id=f"land_{table}", python_callable=daily.land_table, op_args=[table])
        for table in LARGE_TABLES
    ]
    land_small_tables = PythonOperator(task_id="land_small_tables", python_callable=daily.land_small_tables)
    write_manifest = PythonOperator(task_id="write_manifest", python_callable=daily.write_manifest, outlets=[RAW])
    build = PythonOperator(task_id="build", python_callable=daily.build_day)
    end_of_day_figures = PythonOperator(task_id="end_of_day_figures", python_callable=daily.make_figures)
    check = PythonOperator(task_id="check", python_callable=daily.check_day, outlets=[WAREHOUSE])
    publish = PythonOperator(task_id="publish", python_callable=daily.publish_days, outlets=[PUBLIC])
    invalidate_cdn = PythonOperator(task_id="invalidate_cdn", python_callable=shared.invalidate_cdn)
    name_failed_tables = PythonOperator(
        task_id="name_failed_tables", python_callable=daily.name_failed_tables, trigger_rule=TriggerRule.ALL_DONE
    )

    find_changed_days = ShortCircuitOperator(task_id="find_changed_days", python_callable=compare.find_changed_days)
    rebuild_changed_days = TriggerDagRunOperator(
        task_id="rebuild_changed_days",
        trigger_dag_id="stacks_backfill",
        logical_date=None,
        conf={
            "from_day": "{{ ti.xcom_pull(task_ids='find_changed_days')['from_day'] }}",
            "to_day": "{{ ti.xcom_pull(task_ids='find_changed_days')['to_day'] }}",
        },
    )

    chain(migrate_warehouse, wait_until_settled, land_blocks, [*tables, land_small_tables], write_manifest, build)
    chain(build, end_of_day_figures, check, publish, invalidate_cdn)
    chain(publish, find_changed_days, rebuild_changed_days)
    chain(publish, name_failed_tables)
