"""The age of every public object, held against its limit once an hour."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronTriggerTimetable

from plugins import alerts
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import watch

with DAG(
    dag_id="freshness_hourly",
    description="Tell of public objects that are older than they may be",
    doc_md="""
### freshness_hourly

Compares the age of every public object with its limit in the data dictionary. The age is that of its data: the end of
the day, the last closed hour or the look that it shows. Bytes that stay the same make nothing stale, and a run that
succeeds over old prices makes nothing fresh.

* **When it fails**, objects grew stale since the last run; the last line of the log names them, and an alert goes out.
  The next runs succeed while there is nothing new to tell, and list in their logs what is still stale.
* **What was never published** has no age. What ended is history, and grows no staler.
* **There is nothing to clear**: see why the DAG that publishes the objects does not.

Needs the connections `warehouse_db` and `aws_default` and the Variable `public_bucket`. It is in no pool of the
others, so that a long backfill does not silence it.
""",
    schedule=CronTriggerTimetable("20 * * * *", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "market", "hourly"],
    on_failure_callback=alerts.tell_of_silent,
    default_args=TASK_DEFAULTS
    | {
        "pool": "default_pool",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 0,
        "execution_timeout": timedelta(minutes=10),
    },
):
    PythonOperator(task_id="check_freshness", python_callable=watch.check_freshness)
