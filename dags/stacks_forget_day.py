"""Removes a day that should not be in the warehouse."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Param, TaskGroup, chain

from plugins import alerts
from plugins.dag_parts.assets import PUBLIC_STACKS, WAREHOUSE_STACKS
from plugins.dag_parts.documentation import document_dag, group, tasks_of
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.task_wrappers.lazy import daily, forget, shared

about = tasks_of("stacks_forget_day")

with DAG(
    dag_id="stacks_forget_day",
    dag_display_name="Stacks: remove a day",
    description="Remove one UTC day from the warehouse, as if it had never been built",
    doc_md=document_dag(
        "stacks_forget_day",
        """
Removes a day that was run by mistake, such as one of a wrong year: its rows in every table of the warehouse, its effect
on balances, addresses and owners of tokens, its checks, and its dated public objects. Then it builds the daily
snapshots of later days again and publishes what changed; `latest` is then the newest remaining day.

* **Schedule**: none; trigger it with the Param `day`. `raw` also removes the day's raw files; without it the day can be
  built again with `stacks_backfill` and `what` = build.
* **A day between other days** leaves a gap: later figures that need the whole history are null until it is loaded
  again, which `stacks_weekly` triggers.
* **After an interruption**: clear the failed task. Removing a day that is not there changes nothing.

Needs the connections `warehouse_db`, `aws_default`, the Variables `private_bucket` and `public_bucket`, and the pool
`stacks-pool`. It does not use the Stacks database.
""",
        is_scheduled=False,
    ),
    schedule=None,
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["stacks"],
    params={
        "day": Param(type="string", format="date", title="Day", description="UTC day, YYYY-MM-DD."),
        "raw": Param(
            False,
            type="boolean",
            title="Raw files too",
            description="Also remove the raw files of the day.",
        ),
    },
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS,
):
    migrate_warehouse = PythonOperator(
        task_id="migrate_warehouse",
        python_callable=shared.migrate_warehouse,
        op_kwargs={"settings": ["network", "archive", "public"]},
        **about(
            "Migrate warehouse", "Checks the Variables of the run, and adds the tables and columns of a new version."
        ),
    )
    forget_day = PythonOperator(
        task_id="forget_day",
        python_callable=forget.forget_day,
        outlets=[WAREHOUSE_STACKS],
        **about(
            "Remove the day", "Removes the day's rows, checks and dated objects; with the Param `raw` its raw files."
        ),
    )
    end_of_day_figures = PythonOperator(
        task_id="end_of_day_figures",
        python_callable=daily.make_figures,
        **about("Make daily snapshots", "Makes the end-of-day figures of later days again, without the removed day."),
    )
    with TaskGroup(**group("publishing", "Publish", "Write the public objects that changed")):
        publish = PythonOperator(
            task_id="publish",
            python_callable=daily.publish_days,
            outlets=[PUBLIC_STACKS],
            **about("Publish objects", "Publishes what changed; `latest` is then the newest remaining day."),
        )
        invalidate_cdn = PythonOperator(
            task_id="invalidate_cdn",
            python_callable=shared.invalidate_cdn,
            **about("Invalidate CDN", "Invalidates the changed keys on CloudFront, if a distribution is configured."),
        )

    chain(migrate_warehouse, forget_day, end_of_day_figures, publish, invalidate_cdn)
