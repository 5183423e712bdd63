"""The command line of the local stack."""

import argparse
import difflib
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
# What a command was called in former releases.
ALIASES = {"look": "tip"}
COMMANDS = (
    "up",
    "down",
    "status",
    "password",
    "load-dump",
    "use-stacks-db",
    "day",
    "forget-day",
    "market",
    "tip",
    "s3",
    *PASS_THROUGH,
)

DATABASES_HELP = "airflow: Airflow's own; stacks: the chain; warehouse: the tables that are built of it"


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand, `up` when none is named; returns the exit status."""
    if unknown := _unknown(arguments):
        return _failed(unknown, status=2)
    try:
        stack = Stack(settings.read())
        return _command(_named(arguments))(stack)
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
    print(_without_secrets(message), file=sys.stderr)
    return status


def _without_secrets(message: str) -> str:
    """The same without addresses of databases and without passwords: a mistyped command must not repeat one.

    The form that a hint shows stays.
    """
    without_uris = re.sub(r"(postgres(ql)?:(?!//user:password@host)/?/?)[^'\s]+", r"\1…", message)
    return re.sub(r"(password\s*=\s*)('[^']*'|[^'\s]+)", r"\1…", without_uris, flags=re.IGNORECASE)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(_without_secrets(message))


def _unknown(arguments: Sequence[str]) -> str:
    """What to say of a first word that is no command; nothing when it is one, or an option."""
    word = arguments[0] if arguments else ""
    if not word or word.startswith("-") or word in (*COMMANDS, *ALIASES):
        return ""
    near = difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.5)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    return f"Unknown command {word!r}.{guess}\nCommands: {', '.join(COMMANDS)}. `local.sh --help` explains them."


def _named(arguments: Sequence[str]) -> list[str]:
    """The same with the command's name of today, and `up` where none is named."""
    first, rest = arguments[:1], arguments[1:]
    if first and (not first[0].startswith("-") or first[0] in ("-h", "--help")):
        return [ALIASES.get(first[0], first[0]), *rest]
    return ["up", *arguments]


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
    up = _add(subparsers, "up", commands.up, "start the stack, and run the days of a sample chain")
    up.add_argument("--days", type=_positive, default=3, help="number of days of the sample chain (default 3)")
    up.add_argument(
        "--txs-per-day", type=_positive, default=2000, help="transactions per day of the sample chain (default 2000)"
    )
    up.add_argument(
        "--until",
        metavar="YYYY-MM-DD",
        help="last day of the sample chain; the same day makes the same chain (default: yesterday, once it is settled)",
    )
    up.add_argument(
        "--renew",
        action="store_true",
        help="replace the sample chain by a new one, and empty warehouse and buckets",
    )
    up.add_argument("--no-run", action="store_true", help="start the stack but run no DAG")
    up.add_argument(
        "--no-sample", action="store_true", help="do not fill an empty Stacks database with the sample chain"
    )
    down = _add(subparsers, "down", commands.down, "stop the stack; keep the data")
    down.add_argument("--purge", action="store_true", help="also remove all data and environments")
    _add(
        subparsers,
        "status",
        commands.status,
        "show what runs, how to log in, the newest day, what is paused; exit status 0 if everything runs, else 3",
    )
    _add(subparsers, "password", commands.password, "print the password of the web UI's user admin")


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
    day = _add(subparsers, "day", commands.day, "land, build and publish one day: runs stacks_daily")
    day.add_argument("day", nargs="?", metavar="YYYY-MM-DD", help="the UTC day (default: the newest settled one)")
    forget = _add(
        subparsers,
        "forget-day",
        commands.forget_day,
        "remove a day, as if it had never been run",
    )
    forget.add_argument("day", metavar="YYYY-MM-DD", help="the UTC day")
    forget.add_argument("--raw", action="store_true", help="also remove its raw files")
    market = _add(
        subparsers,
        "market",
        commands.market,
        "load prices and social data of days: runs market_daily",
    )
    market.add_argument("first", metavar="FROM", help="first UTC day, YYYY-MM-DD")
    market.add_argument("last", metavar="TO", help="the last one")
    _add(subparsers, "tip", commands.tip, "run stacks_half_hourly once: a snapshot of the chain's tip and the mempool")


def _add_tools(subparsers: argparse._SubParsersAction) -> None:
    s3 = _add(subparsers, "s3", commands.s3, "list the objects of a bucket with their sizes, or print one")
    s3.add_argument("action", choices=("ls", "cat"))
    s3.add_argument("bucket", choices=tuple(settings.BUCKETS))
    s3.add_argument("key", nargs="?", default="", help="cat: the key; ls: a prefix of keys")
    form = s3.add_mutually_exclusive_group()
    form.add_argument(
        "--text", dest="is_text", action="store_true", help="cat: unpacked, JSON indented; the default on a terminal"
    )
    form.add_argument(
        "--raw", dest="is_text", action="store_false", help="cat: byte by byte; the default in a pipe or to a file"
    )
    s3.set_defaults(is_text=None)
    psql = _add(subparsers, "psql", commands.psql, "open a database with psql, as its owner")
    psql.add_argument("database", choices=settings.DATABASES, help=DATABASES_HELP)
    psql.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="psql's own, such as -c 'SELECT …'")
    psql.epilog = (
        r"psql warehouse -c 'SELECT max(day) FROM loaded_days'; in psql \d lists the tables and \q leaves. "
        "psql warehouse --help is psql's own help."
    )
    _add(subparsers, "airflow", commands.airflow, "run Airflow's command line")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)
