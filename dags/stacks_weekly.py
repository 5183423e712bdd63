"""Compares every loaded day with the chain, once a week."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, CronTriggerTimetable, chain

from plugins import alerts
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import compare

with DAG(
    dag_id="stacks_weekly",
    description="Compare every loaded day with the chain, and rebuild the days that differ",
    doc_md="""
### stacks_weekly

Compares the block-hash checksum of every loaded day with the chain, month by month, and the days with one another. It
finds reorgs deeper than the trailing days of `stacks_daily`, missing days, gaps between heights, and parents that do
not match. It reads hashes only, and changes nothing.

* **If there is no difference**, the tasks after the first are skipped.
* **If there is one**, the log and the table `quality_checks` name it, `stacks_backfill` is triggered for the days, and
  the run fails so that an alert is sent. Do not clear it: check whether the backfill succeeded.

Needs the connections `stacks_db` and `warehouse_db`, and the pool `stacks-pool`.
""",
    schedule=CronTriggerTimetable("0 6 * * 0", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "weekly"],
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS,
):
    compare_all_days = ShortCircuitOperator(task_id="compare_all_days", python_callable=compare.compare_all_days)
    rebuild_changed_days = TriggerDagRunOperator(
        task_id="rebuild_changed_days",
        trigger_dag_id="stacks_backfill",
        logical_date=None,
        conf={
            "from_day": "{{ ti.xcom_pull(task_ids='compare_all_days')['from_day'] }}",
            "to_day": "{{ ti.xcom_pull(task_ids='compare_all_days')['to_day'] }}",
        },
    )
    raise_alarm = PythonOperator(task_id="raise_alarm", python_callable=compare.raise_alarm)

    chain(compare_all_days, rebuild_changed_days, raise_alarm)
