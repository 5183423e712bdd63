"""The sample chain of the local Stacks database."""

from datetime import date

from scripts.local.stack import Stack
from scripts.local.stacks_database import FRESH, blocks_schema, replace


def ensure(stack: Stack, days: int, txs_per_day: int) -> None:
    """Make the sample chain where the local Stacks database is in use and empty."""
    if stack.secrets.get("stacks_db_uri") or blocks_schema(stack.postgres, "stacks"):
        return
    from scripts.local import sample_chain

    print(f"Making a sample chain of {days} days, {txs_per_day:,} transactions a day", flush=True)
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


def missing_days(stack: Stack) -> list[date]:
    """Return the sample's days that the warehouse does not hold yet; none for any other chain."""
    if stack.choices.get("chain") != "sample" or stack.secrets.get("stacks_db_uri"):
        return []
    from scripts.local import sample_chain

    loaded = loaded_days(stack)
    days = sample_chain.days_in(stack.postgres.dsn("stacks"))
    return [day for day in days if day not in loaded]


def explain_other_chain(stack: Stack) -> None:
    """Say why `up` runs no days by itself, when the chain is not the sample."""
    if stack.secrets.get("stacks_db_uri"):
        print("Your own Stacks database is in use; `day YYYY-MM-DD` runs a day of it.")
    elif stack.choices.get("chain") == "dump":
        print("A dump is in the Stacks database; `day YYYY-MM-DD` runs a day of it.")
    elif stack.choices.get("chain") is None:
        print("The Stacks database is empty; `up` without --no-sample makes a sample chain.")


def loaded_days(stack: Stack) -> set[date]:
    """Return the days that the warehouse holds."""
    with stack.postgres.connect("warehouse") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.loaded_days') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("SELECT day FROM public.loaded_days")
        return {row[0] for row in cursor.fetchall()}
