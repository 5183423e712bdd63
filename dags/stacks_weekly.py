"""Compares every loaded day with the chain, once a week."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronTriggerTimetable, chain

from plugins import alerts
from plugins.dag_parts.documentation import document_dag, tasks_of
from plugins.dag_parts.trigger_backfill import TriggerBackfill
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import compare

about = tasks_of("stacks_weekly")

with DAG(
    dag_id="stacks_weekly",
    dag_display_name="Stacks: weekly comparison",
    description="Compare every loaded day with the chain, and rebuild the days that differ",
    doc_md=document_dag(
        "stacks_weekly",
        """
Compares the block-hash checksum of every loaded day with the chain, month by month, and the days with one another. It
finds reorgs deeper than the trailing days of `stacks_daily`, missing days, gaps between heights, and parents that do
not match. It reads hashes only, and changes nothing.

* **Schedule**: Sundays at 06:00 UTC.
* **If there is no difference**, every task succeeds, and the log says so.
* **If there is one**, the log and the table `quality_checks` name it, `stacks_backfill` is triggered for the days, and
  the run fails so that an alert is sent. Do not clear it: check whether the backfill succeeded.

Needs the connections `stacks_db` and `warehouse_db`, and the pool `stacks-pool`.
""",
    ),
    schedule=CronTriggerTimetable("0 6 * * 0", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "weekly"],
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS,
):
    compare_all_days = PythonOperator(
        task_id="compare_all_days",
        python_callable=compare.compare_all_days,
        **about("Compare all days", "Compares the block-hash checksum of every loaded day with the chain."),
    )
    rebuild_changed_days = TriggerBackfill(
        task_id="rebuild_changed_days",
        days_from="compare_all_days",
        **about("Rebuild changed days", "Triggers `stacks_backfill` for days that changed or are missing, if any."),
    )
    raise_alarm = PythonOperator(
        task_id="raise_alarm",
        python_callable=compare.raise_alarm,
        **about("Alert on differences", "Fails, so that an alert is sent, if days differ from the chain."),
    )

    chain(compare_all_days, rebuild_changed_days, raise_alarm)
