"""Lands, builds, checks and publishes one UTC day of the Stacks blockchain."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronDataIntervalTimetable, Param, TaskGroup, TriggerRule, chain

from plugins import alerts
from plugins.dag_parts.assets import PUBLIC_STACKS, RAW_STACKS, WAREHOUSE_STACKS
from plugins.dag_parts.documentation import document_dag, group, tasks_of
from plugins.dag_parts.sensors import PythonSensor
from plugins.dag_parts.trigger_backfill import TriggerBackfill
from plugins.task_defaults import TASK_DEFAULTS
from stacks_dataverse.chain import LARGE_TABLES
from stacks_dataverse.task_wrappers.lazy import compare, daily, shared

about = tasks_of("stacks_daily")

with DAG(
    dag_id="stacks_daily",
    dag_display_name="Stacks: daily",
    description="Land, build, check and publish one UTC day of the chain",
    doc_md=document_dag(
        "stacks_daily",
        """
Copies one UTC day of the Stacks database to the raw archive, builds the warehouse from it, checks it, and publishes the
daily objects. Running a day again gives the same result; days may run in any order.

* **Schedule**: a run starts at 00:00 UTC for the day that has just ended, and waits until that day is final: until the
  chain's tip is two hours past its end (Variable `settle_hours`). Expect the figures of a day after 02:00 UTC.
* **Manually**: trigger it with the Param `day`; `allow_unsettled` skips the wait, for archives and tests.
* **Reorgs**: after publishing it compares the last three days up to its own (Variable `trailing_days`) with the chain;
  `stacks_backfill` then lands, builds and publishes days that changed, or that are missing between loaded days.
* **If the node is behind** what is already loaded, it waits and lands nothing.
* **When it fails**: the last line of the log says what was tried and what to do. Nothing of a failed day is published;
  clear the failed task after the cause is fixed.
* **If a table fails**, it keeps its previous rows, what reads it waits, and everything else is built, checked and
  published. The last task, `name_failed_tables`, then fails and names it; the table `built_tables` has the reasons.

Needs the connections `stacks_db`, `warehouse_db`, `aws_default`, the Variables `private_bucket`, `public_bucket` and,
on networks other than mainnet, `network`; and the pool `stacks-pool`. Optional Variables: `cdn_distribution_id`, a
CloudFront distribution on which changed keys are invalidated; `public_acl`, a canned ACL for public objects, for
buckets that still allow ACLs.
""",
    ),
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=datetime(2021, 1, 14, tzinfo=UTC),
    catchup=False,
    max_active_runs=3,
    tags=["stacks", "daily"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Day",
            description="UTC day, YYYY-MM-DD; required for a manual run.",
        ),
        "allow_unsettled": Param(
            False,
            type="boolean",
            title="Allow a provisional day",
            description="Do not wait until the day is final (settled).",
        ),
    },
    on_failure_callback=alerts.alert_on_killed_tasks,
    default_args=TASK_DEFAULTS,
):
    with TaskGroup(**group("preparing", "Prepare", "Migrate the warehouse, and wait until the day is final")):
        migrate_warehouse = PythonOperator(
            task_id="migrate_warehouse",
            python_callable=shared.migrate_warehouse,
            op_kwargs={"settings": ["settle_hours", "trailing_days", "network", "archive", "public"]},
            **about(
                "Migrate warehouse",
                "Checks the Variables of the run, and adds the tables and columns of a new version.",
            ),
        )
        wait_until_settled = PythonSensor(
            task_id="wait_until_settled",
            python_callable=daily.day_is_settled,
            mode="reschedule",
            poke_interval=timedelta(minutes=10),
            timeout=timedelta(days=2),
            **about(
                "Wait until final",
                "Waits until the chain's tip is past the end of the day by `settle_hours`; asks every ten minutes, and "
                "occupies no slot meanwhile. With the Param `allow_unsettled` it does not wait.",
            ),
        )
    with TaskGroup(**group("landing", "Land", "Copy the day from the Stacks database to the raw archive")):
        land_blocks = PythonOperator(
            task_id="land_blocks",
            python_callable=daily.land_blocks,
            **about("Land blocks", "Copies the day's blocks to the raw archive. All other tables follow these blocks."),
        )
        tables = [
            PythonOperator(
                task_id=f"land_{table}",
                python_callable=daily.land_table,
                op_args=[table],
                **about(f"Land {table}", f"Copies the rows of `{table}` that belong to the day's blocks, unchanged."),
            )
            for table in LARGE_TABLES
        ]
        land_small_tables = PythonOperator(
            task_id="land_small_tables",
            python_callable=daily.land_small_tables,
            **about("Land small tables", "Copies the rows of all other tables that belong to the day's blocks."),
        )
        write_manifest = PythonOperator(
            task_id="write_manifest",
            python_callable=daily.write_manifest,
            outlets=[RAW_STACKS],
            **about(
                "Write manifest",
                "Checks that the files are complete, and writes the manifest that lists them. With it the day is "
                "landed.",
            ),
        )
    with TaskGroup(**group("building", "Build", "Compute the warehouse tables of the day")):
        build = PythonOperator(
            task_id="build",
            python_callable=daily.build_day,
            **about(
                "Build tables", "Computes the day's facts and ledgers, and updates the current state, all at once."
            ),
        )
        end_of_day_figures = PythonOperator(
            task_id="end_of_day_figures",
            python_callable=daily.make_figures,
            **about(
                "Make daily snapshots",
                "Makes the end-of-day figures that are due, such as balances at midnight: of this day, and of later "
                "ones that depend on it.",
            ),
        )
    check = PythonOperator(
        task_id="check",
        python_callable=daily.check_day,
        outlets=[WAREHOUSE_STACKS],
        **about(
            "Check", "Runs every check of the day. If no blocking check fails, the day is loaded and may be published."
        ),
    )
    with TaskGroup(**group("publishing", "Publish", "Write the public objects that changed")):
        publish = PythonOperator(
            task_id="publish",
            python_callable=daily.publish_days,
            outlets=[PUBLIC_STACKS],
            **about("Publish objects", "Writes the public objects of the day, and of others that changed meanwhile."),
        )
        invalidate_cdn = PythonOperator(
            task_id="invalidate_cdn",
            python_callable=shared.invalidate_cdn,
            **about("Invalidate CDN", "Invalidates the changed keys on CloudFront, if a distribution is configured."),
        )
    name_failed_tables = PythonOperator(
        task_id="name_failed_tables",
        python_callable=daily.name_failed_tables,
        trigger_rule=TriggerRule.ALL_DONE,
        **about("Report failed tables", "Fails, with their names, if tables of the day could not be built."),
    )
    with TaskGroup(**group("comparing", "Handle reorgs", "Compare the last days with the chain, and rebuild them")):
        find_changed_days = PythonOperator(
            task_id="find_changed_days",
            python_callable=compare.find_changed_days,
            **about("Find changed days", "Compares the last days with the chain: a reorg may have replaced blocks."),
        )
        rebuild_changed_days = TriggerBackfill(
            task_id="rebuild_changed_days",
            days_from="find_changed_days",
            **about("Rebuild changed days", "Triggers `stacks_backfill` for days that changed or are missing, if any."),
        )

    chain(migrate_warehouse, wait_until_settled, land_blocks, [*tables, land_small_tables], write_manifest, build)
    chain(build, end_of_day_figures, check, publish, invalidate_cdn)
    chain(publish, find_changed_days, rebuild_changed_days)
    chain(publish, name_failed_tables)
