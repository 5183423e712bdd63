"""The subcommands: each takes the stack and its options, prints, and returns the exit status."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import requests

from scripts.local import purge, report, runs, sample, sources, stacks_database
from scripts.local.errors import Busy, StackError
from scripts.local.exclusive import exclusive
from scripts.local.settings import BUCKETS, DATABASES
from scripts.local.stack import Stack
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.cryptocompare import STACKS_SINCE
from stacks_dataverse.window import MarketWindow, Window


def up(stack: Stack, options: Namespace) -> int:
    """Start everything, make the sample chain if there is no chain, and run its days."""
    began = time.monotonic()
    with _holding(stack):
        sources.take(stack)
        stack.start(say=print)
        _put_in_order(stack)
        if not options.no_sample:
            sample.ensure(stack, options.days, options.txs_per_day)
        if not options.no_run:
            runs.run_all(stack, sample.missing_runs(stack))
    if not options.no_run:
        sample.explain_other_chain(stack)
        print(report.closing_table(stack, time.monotonic() - began))
    print(report.vendors(stack))
    print(report.how_to_log_in(stack))
    return 0


def down(stack: Stack, options: Namespace) -> int:
    """Stop everything, and remove all of it with --purge."""
    with _holding(stack):
        stack.stop()
    print("Stopped.")
    if options.purge:
        purge.purge(stack.settings.home)
        print(f"Removed all data and environments of {stack.settings.home}.")
    return 0


def status(stack: Stack, options: Namespace) -> int:
    """Print what runs."""
    lines, complete = report.status(stack)
    print(lines)
    if runs.left_unpaused(stack):
        with suppress(Busy), _holding(stack):
            pass
    return 0 if complete else 3


def load_dump(stack: Stack, options: Namespace) -> int:
    """Replace the local Stacks database."""
    with _holding(stack):
        schema = stacks_database.load_dump(stack, Path(options.file), options.network)
        if options.reset:
            stacks_database.reset(stack)
        stack.provision_if_set_up()
    print(f"Loaded {options.file}: schema {schema}, {options.network}.")
    return 0


def use_stacks_db(stack: Stack, options: Namespace) -> int:
    """Read somebody's own Stacks database from now on. Nothing is started for one that cannot be read."""
    with _holding(stack):
        said = stacks_database.use(stack, options.uri, options.network)
        stack.start_postgres()
        stack.start_s3()
        print(said)
        stack.provision_if_set_up()
    return 0


def day(stack: Stack, options: Namespace) -> int:
    """Run one day in the foreground, and say what is missing before it."""
    done = _run(stack, runs.of_day(_day(options.day)))
    if missing := report.missing_history(stack):
        print(report.aligned(missing))
    return done


def forget_day(stack: Stack, options: Namespace) -> int:
    """Take a day out again in the foreground."""
    return _run(stack, runs.of_forgotten(_day(options.day), raw=options.raw))


def market(stack: Stack, options: Namespace) -> int:
    """Load prices and social data of some days in the foreground."""
    with _words():
        MarketWindow.of_days(options.first, options.last, int(_now().timestamp()))
    first, last = Window.parse(options.first), Window.parse(options.last)
    began = Window.containing(STACKS_SINCE["STX"])
    if first < began:
        raise StackError(f"Prices of STX start on {began}; {first} is earlier.")
    return _run(stack, runs.of_market(first.day, last.day))


def look(stack: Stack, options: Namespace) -> int:
    """Look at the tip of the chain in the foreground."""
    return _run(stack, runs.of_tip_snapshot())


def s3(stack: Stack, options: Namespace) -> int:
    """List keys with their sizes in bytes, or write an object's bytes to standard output."""
    if options.action == "cat" and not options.key:
        raise StackError("The key of the object is missing; `s3 ls` lists all keys")
    stack.s3.require_running()
    client, bucket = stack.s3.client(), BUCKETS[options.bucket]
    if options.action == "ls":
        for item in stack.s3.objects(bucket, options.key):
            print(f"{item['LastModified']:%Y-%m-%d %H:%M:%S} {item['Size']:>12} {item['Key']}")
        return 0
    try:
        body = client.get_object(Bucket=bucket, Key=options.key)["Body"]
    except client.exceptions.NoSuchKey as error:
        raise StackError(f"There is no object {options.key!r} in the {options.bucket} bucket") from error
    for chunk in body.iter_chunks(1 << 20):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
    return 0


def psql(stack: Stack, arguments: Sequence[str]) -> int:
    """Become psql on one of the databases, as its owner."""
    if not arguments or arguments[0] not in DATABASES:
        raise StackError(f"Usage: local.sh psql {'|'.join(DATABASES)} [psql's arguments]")
    stack.postgres.require_running()
    environment, command = stack.postgres.psql_command(arguments[0], arguments[1:])
    sys.stdout.flush()
    os.execve(command[0], command, environment)


def airflow(stack: Stack, arguments: Sequence[str]) -> int:
    """Run the airflow command line."""
    return stack.airflow.run(list(arguments))


def _run(stack: Stack, run: runs.Run) -> int:
    if stack.airflow.unhealthy():
        raise StackError("Airflow is not running; `up --no-run` starts it, `status` shows details")
    with exclusive(stack.settings.home):
        runs.run_all(stack, [run])
    return 0


@contextmanager
def _holding(stack: Stack) -> Iterator[None]:
    """Hold the stack; what a killed command left behind is put in order first."""
    with exclusive(stack.settings.home):
        _put_in_order(stack)
        yield


def _put_in_order(stack: Stack) -> None:
    """A DAG that cannot be paused is no reason not to stop the stack, say: it stays on record."""
    try:
        runs.pause_again(stack)
    except (StackError, requests.RequestException) as error:
        print(f"Pausing a DAG that a killed command had unpaused failed: {error}", file=sys.stderr)


@contextmanager
def _words() -> Iterator[None]:
    """Refuse invalid days before anything is triggered, with the messages of the DAGs."""
    try:
        yield
    except Terminal as error:
        raise StackError(str(error)) from error


def _day(text: str) -> date:
    """Return a day that is not after today; StackError for any other text."""
    with _words():
        return Window.parse(text).refuse_after(_now().date()).day


def _now() -> datetime:
    return datetime.now(UTC)
