"""Lands, builds and publishes what is missing or out of date in a range of days."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, Param, TriggerRule, chain

from plugins import alerts
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.backfill_request import VERBS
from stacks_dataverse.task_wrappers.lazy import backfill

RAW = Asset(name="raw_stacks", uri="s3://private/raw/stacks", group="stacks")
WAREHOUSE = Asset(name="warehouse_stacks", uri="postgres://warehouse/warehouse/public/loaded_days", group="stacks")
PUBLIC = Asset(name="public_stacks", uri="s3://public/stacks", group="stacks")

# Mapped tasks, one a month: its name in the UI, and its timeout.
MONTH = {"map_index_template": "{{ task.op_args[0] }}", "execution_timeout": timedelta(hours=6)}

with DAG(
    dag_id="stacks_backfill",
    description="Land, build and publish what is missing or out of date in a range of days",
    doc_md="""
### stacks_backfill

Processes a range of days, one task per month. It lands days whose raw files differ from the chain, builds the tables
of each day whose code or raw files changed, then builds the daily snapshots that are due once, checks what was built,
and publishes once.

* **Manually**: trigger it with the Params `from_day` and `to_day`. `what` selects the steps: all of history can be
  landed first and built later, even without access to the Stacks database. `force` also redoes days that are complete
  and unchanged. Days before the chain began or after its tip are rejected.
* **Some tables**: `tables` names facts and daily snapshots. Those that are due are built, and the snapshots that read
  them, and nothing else; with `force` also those that are not due. A day that is not built from what is landed is
  built whole.
* **If a table fails**, it keeps its previous rows, what reads it waits, and everything else is built and published. The
  last task, `name_failed_tables`, then fails and names it; the table `built_tables` has the reasons.
* **Automatically**: `stacks_daily` and `stacks_weekly` trigger it for days that changed or are missing.
* **After an interruption**: clear the failed tasks, or trigger it again; it continues at the first unfinished day.
* **Progress**: in the log of each task, and as `progress` in the task's state in the web UI.

Needs the same as `stacks_daily`. With `what` = land it needs no warehouse, without land no Stacks database.
""",
    schedule=None,
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["stacks", "backfill"],
    params={
        "from_day": Param(type="string", format="date", title="From", description="First UTC day, YYYY-MM-DD."),
        "to_day": Param(type="string", format="date", title="To", description="Last UTC day, YYYY-MM-DD."),
        "what": Param(
            VERBS,
            type="array",
            items={"type": "string", "enum": VERBS},
            examples=VERBS,
            title="What to do",
            description="land, build, publish, or some of them.",
        ),
        "tables": Param(
            [],
            type="array",
            items={"type": "string"},
            title="Tables",
            description="Only these facts and snapshots, by the names of the data dictionary; empty for all.",
        ),
        "force": Param(
            False,
            type="boolean",
            title="Redo unchanged days",
            description="Also land and build days that are complete and unchanged.",
        ),
    },
    on_failure_callback=alerts.alert_on_killed_tasks,
    # A step that is not in `what` has no tasks, or skipped ones.
    default_args=TASK_DEFAULTS | {"trigger_rule": TriggerRule.NONE_FAILED},
):
    plan = PythonOperator(task_id="plan", python_callable=backfill.plan)
    land_month = PythonOperator.partial(
        task_id="land_month", python_callable=backfill.land_month, outlets=[RAW], **MONTH
    ).expand(op_args=plan.output.map(lambda month: [month]))
    plan_building = PythonOperator(task_id="plan_building", python_callable=backfill.plan_building)
    build_month = PythonOperator.partial(task_id="build_month", python_callable=backfill.build_month, **MONTH).expand(
        op_args=plan_building.output.map(lambda month: [month])
    )
    end_of_day_figures = PythonOperator(
        task_id="end_of_day_figures",
        python_callable=backfill.make_figures,
        execution_timeout=timedelta(hours=12),
    )
    check_month = PythonOperator.partial(
        task_id="check_month", python_callable=backfill.check_month, outlets=[WAREHOUSE], **MONTH
    ).expand(op_args=plan_building.output.map(lambda month: [month]))
    publish = PythonOperator(
        task_id="publish",
        python_callable=backfill.publish_days,
        outlets=[PUBLIC],
        execution_timeout=timedelta(hours=12),
    )
    invalidate_cdn = PythonOperator(task_id="invalidate_cdn", python_callable=backfill.invalidate_cdn)
    name_failed_tables = PythonOperator(
        task_id="name_failed_tables", python_callable=backfill.name_failed_tables, trigger_rule=TriggerRule.ALL_DONE
    )

    chain(plan, land_month, plan_building, build_month, end_of_day_figures, check_month, publish, invalidate_cdn)
    chain(publish, name_failed_tables)
