"""Lands, builds and publishes what is missing or out of date in a range of days."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Param, TaskGroup, TriggerRule, chain

from plugins import alerts
from plugins.dag_parts.assets import PUBLIC_STACKS, RAW_STACKS, WAREHOUSE_STACKS
from plugins.dag_parts.documentation import document_dag, group, tasks_of
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.backfill_request import VERBS
from stacks_dataverse.task_wrappers.lazy import backfill

about = tasks_of("stacks_backfill")

# Mapped tasks, one a month: its name in the UI, and its timeout.
MONTH = {"map_index_template": "{{ task.op_args[0] }}", "execution_timeout": timedelta(hours=6)}

with DAG(
    dag_id="stacks_backfill",
    dag_display_name="Stacks: backfill",
    description="Land, build and publish what is missing or out of date in a range of days",
    doc_md=document_dag(
        "stacks_backfill",
        """
Processes a range of days, one task per month. It lands days whose raw files differ from the chain, builds the tables
of each day whose code or raw files changed, then builds the daily snapshots that are due once, checks what was built,
and publishes once.

* **Schedule**: none; `stacks_daily` and `stacks_weekly` trigger it for days that changed or are missing.
* **Manually**: trigger it with the Params `from_day` and `to_day`. `what` selects the steps: all of history can be
  landed first and built later, even without access to the Stacks database. `force` also redoes days that are complete
  and unchanged. Days before the chain began or after its tip are rejected.
* **Some tables**: `tables` names facts and daily snapshots. Those that are due are built, and the snapshots that read
  them, and nothing else; with `force` also those that are not due. A day that is not built from what is landed is
  built whole.
* **If a table fails**, it keeps its previous rows, what reads it waits, and everything else is built and published. The
  last task, `name_failed_tables`, then fails and names it; the table `built_tables` has the reasons.
* **After an interruption**: clear the failed tasks, or trigger it again; it continues at the first unfinished day.
* **Progress**: in the log of each task, and as `progress` in the task's state in the web UI.

Needs the same as `stacks_daily`. With `what` = land it needs no warehouse, without land no Stacks database.
""",
        is_scheduled=False,
    ),
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
    plan = PythonOperator(
        task_id="plan",
        python_callable=backfill.plan,
        **about("Plan", "Checks Params, Variables and days before anything is done; returns the months to land."),
    )
    with TaskGroup(**group("landing", "Land", "Copy the days from the Stacks database to the raw archive")):
        land_month = PythonOperator.partial(
            task_id="land_month",
            python_callable=backfill.land_month,
            outlets=[RAW_STACKS],
            **MONTH,
            **about("Land a month", "Lands the days of a month whose raw files are missing or differ from the chain."),
        ).expand(op_args=plan.output.map(lambda month: [month]))
    with TaskGroup(**group("building", "Build", "Compute the warehouse tables that are due")):
        plan_building = PythonOperator(
            task_id="plan_building",
            python_callable=backfill.plan_building,
            **about("Plan the build", "Returns the months to build; none if `build` is not in the Param `what`."),
        )
        build_month = PythonOperator.partial(
            task_id="build_month",
            python_callable=backfill.build_month,
            **MONTH,
            **about("Build a month", "Builds the tables of a month's days whose code or raw files changed."),
        ).expand(op_args=plan_building.output.map(lambda month: [month]))
        end_of_day_figures = PythonOperator(
            task_id="end_of_day_figures",
            python_callable=backfill.make_figures,
            execution_timeout=timedelta(hours=12),
            **about("Make daily snapshots", "Makes the end-of-day figures that are due, once for all days."),
        )
    check_month = PythonOperator.partial(
        task_id="check_month",
        python_callable=backfill.check_month,
        outlets=[WAREHOUSE_STACKS],
        **MONTH,
        **about("Check a month", "Runs the checks of the days that were built; days that pass are loaded."),
    ).expand(op_args=plan_building.output.map(lambda month: [month]))
    with TaskGroup(**group("publishing", "Publish", "Write the public objects that changed")):
        publish = PythonOperator(
            task_id="publish",
            python_callable=backfill.publish_days,
            outlets=[PUBLIC_STACKS],
            execution_timeout=timedelta(hours=12),
            **about("Publish objects", "Writes the public objects of all days that changed, once."),
        )
        invalidate_cdn = PythonOperator(
            task_id="invalidate_cdn",
            python_callable=backfill.invalidate_cdn,
            **about("Invalidate CDN", "Invalidates the changed keys on CloudFront, if a distribution is configured."),
        )
    name_failed_tables = PythonOperator(
        task_id="name_failed_tables",
        python_callable=backfill.name_failed_tables,
        trigger_rule=TriggerRule.ALL_DONE,
        **about("Report failed tables", "Fails, with their names, if tables of the days could not be built."),
    )

    chain(plan, land_month, plan_building, build_month, end_of_day_figures, check_month, publish, invalidate_cdn)
    chain(publish, name_failed_tables)
