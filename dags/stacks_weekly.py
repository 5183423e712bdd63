"""Compares every loaded day with the chain, and audits one of them, once a week."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronTriggerTimetable, Param, chain

from plugins import alerts
from plugins.dag_parts.documentation import document_dag, tasks_of
from plugins.dag_parts.trigger_backfill import TriggerBackfill
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import compare

about = tasks_of("stacks_weekly")

with DAG(
    dag_id="stacks_weekly",
    dag_display_name="Stacks: weekly comparison",
    description="Compare every loaded day with the chain, rebuild the days that differ, and audit a day",
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
* **Audit**: one loaded day, chosen at random, is made again in memory from its raw files. Every row must be what the
  warehouse has, and the values of the day's public files must be those of the warehouse. A difference fails the task
  `audit_day`, and is the check `made_again` of the day. The Param `day` audits that day, `seed` chooses as an earlier
  run did. It takes about as long as to build and publish the day, and no build runs meanwhile.

Needs the connections `stacks_db`, `warehouse_db` and `aws_default`, the Variables `private_bucket` and
`public_bucket`, and the pool `stacks-pool`.
""",
    ),
    schedule=CronTriggerTimetable("0 6 * * 0", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["stacks", "weekly"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Day to audit",
            description="A loaded UTC day, YYYY-MM-DD; without it one is chosen at random.",
        ),
        "seed": Param(
            None,
            type=["null", "string"],
            title="Seed",
            description="Of the random choice: the same seed and loaded days give the same day. Default: the run's ID.",
        ),
    },
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
    audit_day = PythonOperator(
        task_id="audit_day",
        python_callable=compare.audit_day,
        **about("Audit a day", "Makes a loaded day again in memory, and compares every row and public file with it."),
    )

    chain(compare_all_days, rebuild_changed_days, raise_alarm)
    chain(compare_all_days, audit_day)
