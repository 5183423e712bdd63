"""The subcommands: each takes the stack and its options, prints, and returns the exit status."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from scripts.local import days, expectations, objects, purge, report, runs, sample, sources, stacks_database
from scripts.local import status as state
from scripts.local.errors import Busy, StackError
from scripts.local.exclusive import exclusive
from scripts.local.settings import BUCKETS, DATABASES
from scripts.local.stack import Stack


def up(stack: Stack, options: Namespace) -> int:
    """Start everything, make the sample chain if there is no chain, and run its days."""
    began = time.monotonic()
    size = options.days, options.txs_per_day, days.parse(options.until) if options.until else None
    sample.require_possible(size[2], size[0])
    with _holding(stack):
        print(expectations.of_up(stack, options), flush=True)
        sources.take(stack)
        stack.start(say=print)
        _put_in_order(stack)
        if options.renew:
            sample.renew(stack, *size)
        elif not options.no_sample:
            sample.ensure(stack, *size)
        if not options.no_run:
            runs.run_all(stack, sample.missing_runs(stack))
    if not options.no_run:
        sample.explain_other_chain(stack)
        print(report.closing_table(stack, time.monotonic() - began))
    print(report.vendors(stack))
    print(report.aligned(state.how_to_log_in(stack, f"password {stack.admin_password}")))
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
    """Print what runs, how to log in, what there is, and what is paused."""
    lines, complete = state.describe(stack)
    print(lines)
    if runs.left_unpaused(stack):
        with suppress(Busy), _holding(stack):
            pass
    return 0 if complete else 3


def password(stack: Stack, options: Namespace) -> int:
    """Print the password of the web UI alone."""
    if stack.secrets.get("airflow_admin_password") is None:
        raise StackError("There is no user yet; `up` creates it")
    print(stack.admin_password)
    return 0


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
    """Run one day in the foreground, by default the newest settled one, and say what is missing before it."""
    wanted = days.parse(options.day) if options.day else None
    _require_airflow(stack)
    done = _run(stack, runs.of_day(days.in_chain(stack, wanted)))
    if missing := report.missing_history(stack):
        print(report.aligned(missing))
    return done


def forget_day(stack: Stack, options: Namespace) -> int:
    """Take a day out again in the foreground."""
    return _run(stack, runs.of_forgotten(days.parse(options.day), raw=options.raw))


def market(stack: Stack, options: Namespace) -> int:
    """Load prices and social data of some days in the foreground."""
    return _run(stack, runs.of_market(*days.parse_market(options.first, options.last)))


def tip(stack: Stack, options: Namespace) -> int:
    """Take a snapshot of the tip of the chain in the foreground."""
    return _run(stack, runs.of_tip_snapshot())


def s3(stack: Stack, options: Namespace) -> int:
    """List keys with their sizes, or print an object: to a terminal as text, else byte by byte."""
    if options.action == "cat" and not options.key:
        raise StackError("The key of the object is missing; `s3 ls` lists all keys")
    stack.s3.require_running()
    if options.action == "ls":
        for line in objects.listing(stack.s3.objects(BUCKETS[options.bucket], options.key)):
            print(line)
        return 0
    is_text = options.is_text if options.is_text is not None else sys.stdout.isatty()
    return _print_object(stack, options, is_text=is_text)


def psql(stack: Stack, arguments: Sequence[str]) -> int:
    """Become psql on one of the databases, as its owner."""
    if not arguments or arguments[0] not in DATABASES:
        raise StackError(f"Usage: local.sh psql {'|'.join(DATABASES)} [psql's arguments]; `psql --help` says more")
    stack.postgres.require_running()
    environment, command = stack.postgres.psql_command(arguments[0], arguments[1:])
    sys.stdout.flush()
    os.execve(command[0], command, environment)


def airflow(stack: Stack, arguments: Sequence[str]) -> int:
    """Run the airflow command line."""
    return stack.airflow.run(list(arguments))


def _run(stack: Stack, run: runs.Run) -> int:
    _require_airflow(stack)
    with exclusive(stack.settings.home):
        runs.run_all(stack, [run])
    return 0


def _require_airflow(stack: Stack) -> None:
    if stack.airflow.unhealthy():
        raise StackError("Airflow is not running; `up --no-run` starts it, `status` shows details")


def _print_object(stack: Stack, options: Namespace, *, is_text: bool) -> int:
    client = stack.s3.client()
    try:
        body = client.get_object(Bucket=BUCKETS[options.bucket], Key=options.key)["Body"]
    except client.exceptions.NoSuchKey as error:
        raise StackError(f"There is no object {options.key!r} in the {options.bucket} bucket") from error
    if is_text:
        print(objects.text(options.key, body.read()))
        return 0
    for chunk in body.iter_chunks(1 << 20):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
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
