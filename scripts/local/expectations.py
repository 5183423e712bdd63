"""What `up` will take, said before it starts."""

from argparse import Namespace

from scripts.local import sample
from scripts.local.stack import Stack

# About, on two idle cores: a start, a run of a day, those of prices and the tip, and a transaction that is made.
START_SECONDS, DAY_SECONDS, MARKET_AND_TIP_SECONDS, TX_SECONDS = 45, 40, 40, 0.004
START_MEGABYTES, DAY_MEGABYTES, TX_MEGABYTES = 150, 40, 0.01


def of_up(stack: Stack, options: Namespace) -> str:
    """Return how long `up` takes, how much disk it needs, and what it does meanwhile, a step a line."""
    is_new = options.renew or (stack.choices.get("chain") is None and not options.no_sample)
    is_run = not options.no_run and (is_new or sample.is_in_use(stack))
    count = options.days if is_new else 0
    txs, runs = count * options.txs_per_day, count if is_run else 0
    seconds = START_SECONDS + TX_SECONDS * txs + DAY_SECONDS * runs + MARKET_AND_TIP_SECONDS * bool(runs)
    megabytes = START_MEGABYTES + TX_MEGABYTES * txs + DAY_MEGABYTES * runs
    steps = ["PostgreSQL, an S3 server, stub vendors and Airflow are started"]
    if is_new:
        steps.append(f"a sample chain of {count} days is made")
    if is_run:
        steps.append("the days that are missing, prices and the tip run through Airflow's scheduler")
    needs = f"about {_minutes(seconds)} on two idle cores, and {max(0.1, megabytes / 1000):.1f} GB"
    lines = [f"This takes {needs} in {stack.settings.home}:", *(f"  {step}" for step in steps)]
    return "\n".join([*lines, "After Ctrl-C the same command goes on where it was."])


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
