"""The command line of the local stack."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import psycopg2
import requests
from botocore.exceptions import BotoCoreError, ClientError

from scripts.local import commands, settings, vendor_keys
from scripts.local.errors import StackError
from scripts.local.stack import Stack
from stacks_dataverse import network

NETWORKS = (*network.NETWORKS, "sample")
PASS_THROUGH = {"psql": commands.psql, "airflow": commands.airflow}
COMMANDS = (
    "up",
    "down",
    "status",
    "load-dump",
    "use-stacks-db",
    "day",
    "forget-day",
    "market",
    "look",
    "s3",
    *PASS_THROUGH,
)


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand, `up` when none is named; returns the exit status."""
    try:
        stack = Stack(settings.read())
        return _command(_with_default(list(arguments)))(stack)
    except StackError as error:
        return _failed(str(error))
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PermissionError as error:
        return _failed(f"No permission: {error.filename} ({error.strerror})")
    except (
        OSError,
        psycopg2.Error,
        BotoCoreError,
        ClientError,
        requests.RequestException,
    ) as error:
        return _failed(f"{type(error).__name__}: {error}".strip())
    except KeyboardInterrupt:
        return _failed("Interrupted. Run the same command again to continue.", status=130)


def _failed(message: str, status: int = 1) -> int:
    print(_without_uris(message), file=sys.stderr)
    return status


def _without_uris(message: str) -> str:
    """The same without addresses of databases: a mistyped command must not repeat the password in one.

    The form that a hint shows stays.
    """
    return re.sub(r"(postgres(ql)?:(?!//user:password@host)/?/?)[^'\s]+", r"\1…", message)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(_without_uris(message))


def _with_default(arguments: list[str]) -> list[str]:
    named = arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help"))
    return arguments if named else ["up", *arguments]


def _command(arguments: list[str]) -> Callable[[Stack], int]:
    # What follows psql and airflow is theirs, options such as -h included.
    if arguments[0] in PASS_THROUGH and arguments[1:] not in (["-h"], ["--help"]):
        return lambda stack: PASS_THROUGH[arguments[0]](stack, arguments[1:])
    options = _parser().parse_args(arguments)
    return lambda stack: options.run(stack, options)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="local.sh",
        description="Stacks Dataverse on this machine. Without a command: up.",
        epilog="DATAVERSE_HOME: the folder of all state (default .local); "
        "DATAVERSE_PORT_BASE: the first of four ports "
        f"(web UI, PostgreSQL, S3, stub vendors; default {settings.DEFAULT_PORT_BASE}). "
        f"{', '.join(vendor_keys.VARIABLES)}: up takes a vendor whose key is given in place of its stub. "
        "DATAVERSE_ENV_FILE: the env file whose sources and Variables are taken (default env.list; empty: none).",
    )
    subparsers = parser.add_subparsers(metavar="command", required=True)
    _add_stack(subparsers)
    _add_data(subparsers)
    _add_tools(subparsers)
    return parser


def _add(subparsers: argparse._SubParsersAction, name: str, run: Callable, text: str) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _add_stack(subparsers: argparse._SubParsersAction) -> None:
    up = _add(subparsers, "up", commands.up, "start the stack and run the sample's days")
    up.add_argument("--days", type=_positive, default=3, help="number of days of the sample chain (default 3)")
    up.add_argument(
        "--txs-per-day", type=_positive, default=2000, help="transactions per day of the sample chain (default 2000)"
    )
    up.add_argument("--no-run", action="store_true", help="start the stack but run no DAG")
    up.add_argument(
        "--no-sample", action="store_true", help="do not fill an empty Stacks database with the sample chain"
    )
    down = _add(subparsers, "down", commands.down, "stop the stack; keep the data")
    down.add_argument("--purge", action="store_true", help="also remove all data and environments")
    _add(subparsers, "status", commands.status, "show what runs; exit status 0 if everything runs, else 3")


def _add_data(subparsers: argparse._SubParsersAction) -> None:
    dump = _add(subparsers, "load-dump", commands.load_dump, "replace the Stacks database with a dump")
    dump.add_argument("file", help="an SQL dump of a Stacks API database, compressed with gzip")
    dump.add_argument(
        "--reset", action="store_true", help="also empty the raw archive, the public bucket and the warehouse"
    )
    dump.add_argument(
        "--network",
        choices=NETWORKS,
        default="mainnet",
        help="its heights (mainnet)",
    )
    use = _add(subparsers, "use-stacks-db", commands.use_stacks_db, "use your own Stacks database, read-only")
    use.add_argument("uri", help="postgresql://user:password@host/db, or `local` for the local one")
    use.add_argument("--network", choices=NETWORKS, default="mainnet", help="its heights (mainnet)")
    day = _add(subparsers, "day", commands.day, "run stacks_daily for one day and wait for it")
    day.add_argument("day", metavar="YYYY-MM-DD", help="the UTC day")
    forget = _add(subparsers, "forget-day", commands.forget_day, "remove a day, as if it had never been run")
    forget.add_argument("day", metavar="YYYY-MM-DD", help="the UTC day")
    forget.add_argument("--raw", action="store_true", help="also remove its raw files")
    market = _add(subparsers, "market", commands.market, "run market_daily for a range of days and wait for it")
    market.add_argument("first", metavar="FROM", help="first UTC day, YYYY-MM-DD")
    market.add_argument("last", metavar="TO", help="the last one")
    _add(subparsers, "look", commands.look, "run stacks_half_hourly once (tip snapshot) and wait for it")


def _add_tools(subparsers: argparse._SubParsersAction) -> None:
    s3 = _add(subparsers, "s3", commands.s3, "list the objects of a bucket, or print one")
    s3.add_argument("action", choices=("ls", "cat"))
    s3.add_argument("bucket", choices=tuple(settings.BUCKETS))
    s3.add_argument("key", nargs="?", default="", help="cat: the key; ls: a prefix of keys")
    psql = _add(subparsers, "psql", commands.psql, "run psql on a database; further arguments go to psql")
    psql.add_argument("database", choices=settings.DATABASES)
    _add(subparsers, "airflow", commands.airflow, "run Airflow's command line")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)
