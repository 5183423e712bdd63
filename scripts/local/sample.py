"""The sample chain of the local Stacks database."""

from datetime import date, datetime, timedelta
from typing import Any

from psycopg2 import sql

from scripts.local import days, sample_chain, stacks_database
from scripts.local.errors import StackError
from scripts.local.runs import Run, of_day, of_market, of_tip_snapshot
from scripts.local.stack import Stack
from stacks_dataverse.dataset import CHAIN_BEGAN

# 180 days that indicators are published of, and the 120 before that they warm up on.
PRICES_BEFORE = timedelta(days=300)
LAST_DAY = "sample_last_day"


def newest_last_day(now: datetime) -> date:
    """Return the last day that can be settled at a moment: yesterday, or in the first hours of a day the one before."""
    settled_after = timedelta(seconds=sample_chain.SETTLED_BURNS * sample_chain.BURN_INTERVAL)
    return (now - settled_after).date() - timedelta(days=1)


def require_possible(until: date | None, count: int) -> None:
    """Raise StackError unless a chain of so many days may end on a day."""
    newest = newest_last_day(days.now())
    if until and until > newest:
        raise StackError(f"--until {until}: the newest last day of a sample is {newest}, so that it is settled.")
    if count > ((until or newest) - CHAIN_BEGAN).days + 1:
        raise StackError(f"--days {count}: the sample would begin before Stacks did, on {CHAIN_BEGAN}.")


def is_in_use(stack: Stack) -> bool:
    """Whether the sample chain is what the DAGs read."""
    return stack.choices.get("chain") == "sample" and not grows(stack)


def grows(stack: Stack) -> bool:
    """Whether the DAGs read somebody's own Stacks database."""
    return stack.secrets.get("stacks_db_uri") is not None


def last_day(stack: Stack) -> date:
    """Return the last whole day of the sample chain; those that older releases made end with it."""
    on_record = stack.choices.get(LAST_DAY)
    return date.fromisoformat(on_record) if on_record else _days(stack)[-1]


def how_to_renew(stack: Stack) -> list[str]:
    """Return how to get a newer chain, if one can be had."""
    newest = newest_last_day(days.now())
    if last_day(stack) >= newest:
        return []
    return [f"`up --renew` replaces it by one that ends on {newest}, and empties warehouse and buckets"]


def ensure(stack: Stack, count: int, txs_per_day: int, until: date | None) -> None:
    """Make the sample chain where the local Stacks database is in use and empty."""
    if grows(stack) or stacks_database.blocks_schema(stack.postgres, "stacks"):
        if until and until != (last_day(stack) if is_in_use(stack) else None):
            raise StackError("The Stacks database holds a chain already; `up --renew --until DAY` replaces a sample.")
        return
    _make(stack, count, txs_per_day, until)


def renew(stack: Stack, count: int, txs_per_day: int, until: date | None) -> None:
    """Replace the sample chain by a new one, and empty what was made of the old one."""
    if not is_in_use(stack):
        raise StackError("--renew replaces a sample chain, and the Stacks database in use is none; nothing changed")
    stacks_database.reset(stack)
    _make(stack, count, txs_per_day, until)


def missing_runs(stack: Stack) -> list[Run]:
    """Return the runs that the sample still lacks, in their order; none for any other chain."""
    if not is_in_use(stack):
        return []
    chain, last = _days(stack), last_day(stack)
    whole = [day for day in chain if day <= last]
    loaded, priced = _held(stack, "loaded_days", "day"), _held(stack, "price_daily", "day")
    runs = [of_day(day) for day in whole if day not in loaded]
    if not priced.issuperset(whole):
        runs.append(of_market(max(chain[0] - PRICES_BEFORE, days.PRICES_BEGAN), chain[-1]))
    if runs or not _held(stack, "spot_snapshots", "taken_at"):
        runs.append(of_tip_snapshot())
    return runs


def explain_other_chain(stack: Stack) -> None:
    """Say why `up` runs no days by itself, when the chain is not the sample."""
    if grows(stack):
        print("Your own Stacks database is in use; `day` runs the newest day of it, `day YYYY-MM-DD` any other.")
    elif stack.choices.get("chain") == "dump":
        print("The Stacks database holds a dump; `day` runs the newest day of it, `day YYYY-MM-DD` any other.")
    elif stack.choices.get("chain") is None:
        print("The Stacks database is empty; `up` without --no-sample creates a sample chain.")


def _make(stack: Stack, count: int, txs_per_day: int, until: date | None) -> None:
    """Up to a given last day the same chain at any time; else up to yesterday, and on to the present."""
    last = until or newest_last_day(days.now())
    first, end = last - timedelta(days=count - 1), sample_chain.midnight(last + timedelta(days=1))
    past_the_end = int(days.now().timestamp() - end) // sample_chain.BURN_INTERVAL
    tail = sample_chain.SETTLED_BURNS if until else past_the_end
    print(f"Creating a sample chain of {first} to {last} with {txs_per_day:,} transactions per day", flush=True)
    target = stack.postgres.dsn(stacks_database.FRESH, owner="stacks")
    # All are on record first: a chain of unknown origin would never be run.
    for name, value in ("chain", "sample"), ("network", "sample"), (LAST_DAY, str(last)):
        stack.choices.put(name, value)
    size = {"days": count, "txs_per_day": txs_per_day, "first_day": first, "tail": tail}
    stacks_database.replace(stack.postgres, "The sample chain", lambda: sample_chain.generate(target, **size))
    stack.provision_if_set_up()


def _days(stack: Stack) -> list[date]:
    return sample_chain.days_in(stack.postgres.dsn("stacks"))


def _held(stack: Stack, table: str, column: str) -> set[Any]:
    """Return what the warehouse holds in a column; nothing while there is no such table."""
    with stack.postgres.connect("warehouse") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"public.{table}",))
        if not cursor.fetchone()[0]:
            return set()
        names = [sql.Identifier(name) for name in (column, table)]
        cursor.execute(sql.SQL("SELECT DISTINCT {} FROM public.{}").format(*names))
        return {row[0] for row in cursor.fetchall()}
