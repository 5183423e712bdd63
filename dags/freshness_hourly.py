"""Compares the age of every public object with its limit, once an hour."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronTriggerTimetable

from plugins import alerts
from plugins.dag_parts.documentation import document_dag, tasks_of
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import watch

about = tasks_of("freshness_hourly")

with DAG(
    dag_id="freshness_hourly",
    dag_display_name="Freshness: hourly",
    description="Alert on public objects whose data are older than their limit",
    doc_md=document_dag(
        "freshness_hourly",
        """
Compares the age of every public object with its limit in the data dictionary. The age is that of its data: the end of
the day, the last closed hour or the time of the tip snapshot. An object whose bytes do not change is not stale for that
reason, and a successful run on old prices does not make it fresh.

* **Schedule**: every hour, at 20 minutes past.
* **When it fails**, objects became stale since the last run; the last line of the log names them, and an alert is sent.
  The next runs succeed as long as no other object becomes stale, and list in their logs what is still stale.
* **Objects that were never published** have no age. Discontinued objects do not become stale.
* **Over a sample or a dump**, named by the Variable `stacks_source`, an object is stale only if its data end earlier
  than those of the newest object of the chain.
* **Do not clear it**: find out why the DAG that publishes the objects does not do so.

Needs the connections `warehouse_db` and `aws_default` and the Variable `public_bucket`. It does not use the pools of
the other DAGs, so that a long backfill does not delay it.
""",
    ),
    schedule=CronTriggerTimetable("20 * * * *", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "market", "hourly"],
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS
    | {
        "pool": "default_pool",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 0,
        "execution_timeout": timedelta(minutes=10),
    },
):
    PythonOperator(
        task_id="check_freshness",
        python_callable=watch.check_freshness,
        **about(
            "Check freshness", "Compares the age of every public object with its limit; fails for newly stale ones."
        ),
    )
