"""Every half hour a look at the chain's tip and at what waits: landed, and published beside what is loaded."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.latest_only import LatestOnlyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, chain

from plugins import alerts
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import half_hourly, shared

RAW = Asset(name="raw_stacks_live", uri="s3://private/raw/stacks_live", group="stacks")
PUBLIC = Asset(name="public_stacks_live", uri="s3://public/stacks_live", group="stacks")

with DAG(
    dag_id="stacks_half_hourly",
    description="Look at the tip of the chain and at the mempool, and publish what is of the moment",
    doc_md="""
### stacks_half_hourly

Reads what the chain holds after the last loaded day, at least 24 hours and at most 48, and what waits in the mempool,
in one transaction; keeps a snapshot of both; and publishes the half-hourly objects from this look and the warehouse.
Nothing it reads grows with history.

* **Scheduled**: every half hour. Only the newest run looks: what an older one would see is the same present.
* **By hand**: trigger it; it needs no Params.
* **When `publish_live` fails**: its last line names the objects that failed, and why. The others are published.
* **When `sanity_check` fails**: the tip has not advanced since the last run. Look after the node and its API; nothing
  else waits for this task.

Needs what `stacks_daily` needs. Without prices in the warehouse, figures in USD are null; while daily runs are behind
by more than 48 hours, so are figures that need the whole past.
""",
    # A run's interval tells the newest run from older ones; a trigger without an interval would take each for newest.
    schedule=CronDataIntervalTimetable("*/30 * * * *", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "half-hourly"],
    on_failure_callback=alerts.tell_of_silent,
    default_args=TASK_DEFAULTS
    | {
        "on_failure_callback": alerts.tell_of_first_failure,
        "retries": 2,
        "retry_delay": timedelta(seconds=20),
        "max_retry_delay": timedelta(minutes=2),
        "execution_timeout": timedelta(minutes=10),
    },
):
    latest_only = LatestOnlyOperator(task_id="latest_only")
    migrate_warehouse = PythonOperator(
        task_id="migrate_warehouse",
        python_callable=shared.migrate_warehouse,
        op_kwargs={"settings": ["network", "archive", "public"]},
    )
    look = PythonOperator(task_id="look", python_callable=half_hourly.look_at_tip, outlets=[RAW])
    publish_live = PythonOperator(task_id="publish_live", python_callable=half_hourly.publish_live, outlets=[PUBLIC])
    invalidate_cdn = PythonOperator(task_id="invalidate_cdn", python_callable=shared.invalidate_cdn)
    sanity_check = PythonOperator(task_id="sanity_check", python_callable=half_hourly.sanity_check)

    chain(latest_only, migrate_warehouse, look, publish_live, invalidate_cdn)
    chain(latest_only, sanity_check)
