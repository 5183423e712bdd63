"""Takes a snapshot of the chain's tip and of the mempool every half hour, and publishes from it."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.latest_only import LatestOnlyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronDataIntervalTimetable, TaskGroup, chain

from plugins import alerts
from plugins.dag_parts.assets import PUBLIC_TIP, RAW_TIP
from plugins.dag_parts.documentation import document_dag, group, tasks_of
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import half_hourly, shared

about = tasks_of("stacks_half_hourly")

with DAG(
    dag_id="stacks_half_hourly",
    dag_display_name="Stacks: half-hourly",
    description="Snapshot the tip of the chain and the mempool, and publish the half-hourly objects",
    doc_md=document_dag(
        "stacks_half_hourly",
        """
Reads the chain's blocks after the last loaded day (at least 24 hours, at most 48) and the mempool, in one transaction;
stores a tip snapshot of both; and publishes the half-hourly objects from the snapshot and the warehouse. The amount
read does not grow with history.

* **Schedule**: every half hour, on the hour and at half past. Only the newest run takes a snapshot: an older run would
  read the same present.
* **Manually**: trigger it; it needs no Params.
* **When `publish_tip` fails**: its last line names the objects that failed, and why. The others are published. Cleared
  when a later run has published, it stores its snapshot's rows, and publishes nothing: the objects are newer.
* **When `sanity_check` fails**: the tip has not advanced since the last run. Check the node and its API; no other task
  waits for this one. Over a sample or a dump, named by the Variable `stacks_source`, it checks nothing.

Needs the same as `stacks_daily`. Without prices in the warehouse, figures in USD are null; while daily runs are more
than 48 hours behind, so are figures that need the whole history.
""",
    ),
    # LatestOnlyOperator needs a data interval to find the newest run; without one every run counts as the newest.
    schedule=CronDataIntervalTimetable("*/30 * * * *", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "half-hourly"],
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS
    | {
        "on_failure_callback": alerts.alert_once_per_streak,
        "retries": 2,
        "retry_delay": timedelta(seconds=20),
        "max_retry_delay": timedelta(minutes=2),
        "execution_timeout": timedelta(minutes=10),
    },
):
    latest_only = LatestOnlyOperator(
        task_id="latest_only", **about("Latest run only", "Skips the tasks of a run that is not the newest.")
    )
    with TaskGroup(**group("landing", "Land", "Copy the tip of the chain and the mempool to the raw archive")):
        migrate_warehouse = PythonOperator(
            task_id="migrate_warehouse",
            python_callable=shared.migrate_warehouse,
            op_kwargs={"settings": ["network", "archive", "public"]},
            **about(
                "Migrate warehouse",
                "Checks the Variables of the run, and adds the tables and columns of a new version.",
            ),
        )
        land_tip = PythonOperator(
            task_id="land_tip",
            python_callable=half_hourly.land_tip,
            outlets=[RAW_TIP],
            **about("Land tip snapshot", "Copies the newest blocks and the mempool to the raw archive."),
        )
    with TaskGroup(**group("publishing", "Publish", "Write the half-hourly objects that changed")):
        publish_tip = PythonOperator(
            task_id="publish_tip",
            python_callable=half_hourly.publish_tip,
            outlets=[PUBLIC_TIP],
            **about("Publish objects", "Writes the half-hourly objects from the tip snapshot and the warehouse."),
        )
        invalidate_cdn = PythonOperator(
            task_id="invalidate_cdn",
            python_callable=shared.invalidate_cdn,
            **about("Invalidate CDN", "Invalidates the changed keys on CloudFront, if a distribution is configured."),
        )
    sanity_check = PythonOperator(
        task_id="sanity_check",
        python_callable=half_hourly.sanity_check,
        **about("Check that the tip advances", "Fails if the tip of the chain is not higher than at the last run."),
    )

    chain(latest_only, migrate_warehouse, land_tip, publish_tip, invalidate_cdn)
    chain(latest_only, sanity_check)
