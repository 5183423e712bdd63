"""The sample chain of the local Stacks database."""

from datetime import timedelta
from typing import Any

from psycopg2 import sql

from scripts.local.runs import Run, of_day, of_market, of_tip_snapshot
from scripts.local.stack import Stack
from scripts.local.stacks_database import FRESH, blocks_schema, replace

# 180 days that indicators are published of, and the 120 before that they warm up on.
PRICES_BEFORE = timedelta(days=300)


def ensure(stack: Stack, days: int, txs_per_day: int) -> None:
    """Make the sample chain where the local Stacks database is in use and empty."""
    if stack.secrets.get("stacks_db_uri") or blocks_schema(stack.postgres, "stacks"):
        return
    from scripts.local import sample_chain

    print(f"Creating a sample chain of {days} days with {txs_per_day:,} transactions per day", flush=True)
    target = stack.postgres.dsn(FRESH, owner="stacks")
    # Both are on record first: a chain of unknown origin would never be run.
    stack.choices.put("chain", "sample")
    stack.choices.put("network", "sample")
    replace(
        stack.postgres,
        "The sample chain",
        lambda: sample_chain.generate(target, days=days, txs_per_day=txs_per_day),
    )
    stack.provision_if_set_up()


def missing_runs(stack: Stack) -> list[Run]:
    """Return the runs that the sample still lacks, in their order; none for any other chain."""
    if stack.choices.get("chain") != "sample" or stack.secrets.get("stacks_db_uri"):
        return []
    from scripts.local import sample_chain

    days = sample_chain.days_in(stack.postgres.dsn("stacks"))
    loaded, priced = _held(stack, "loaded_days", "day"), _held(stack, "price_daily", "day")
    runs = [of_day(day) for day in days if day not in loaded]
    if not priced.issuperset(days):
        runs.append(of_market(days[0] - PRICES_BEFORE, days[-1]))
    if runs or not _held(stack, "spot_snapshots", "taken_at"):
        runs.append(of_tip_snapshot())
    return runs


def explain_other_chain(stack: Stack) -> None:
    """Say why `up` runs no days by itself, when the chain is not the sample."""
    if stack.secrets.get("stacks_db_uri"):
        print("Your own Stacks database is in use; `day YYYY-MM-DD` runs a day of it.")
    elif stack.choices.get("chain") == "dump":
        print("The Stacks database holds a dump; `day YYYY-MM-DD` runs a day of it.")
    elif stack.choices.get("chain") is None:
        print("The Stacks database is empty; `up` without --no-sample creates a sample chain.")


def _held(stack: Stack, table: str, column: str) -> set[Any]:
    """Return what the warehouse holds in a column; nothing while there is no such table."""
    with stack.postgres.connect("warehouse") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"public.{table}",))
        if not cursor.fetchone()[0]:
            return set()
        names = [sql.Identifier(name) for name in (column, table)]
        cursor.execute(sql.SQL("SELECT DISTINCT {} FROM public.{}").format(*names))
        return {row[0] for row in cursor.fetchall()}
