"""The days that a command is about, checked before anything is triggered. Everything here raises StackError."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from psycopg2.extensions import make_dsn

from scripts.local.connections import SETTLE_HOURS
from scripts.local.errors import StackError
from scripts.local.stack import Stack
from scripts.local.stacks_uri import read_only
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.extractors.cryptocompare import STACKS_SINCE
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.window import SECONDS_PER_HOUR, MarketWindow, Window

PRICES_BEGAN = Window.containing(STACKS_SINCE["STX"]).day


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def parse(text: str) -> date:
    """Return a day that is not after today."""
    with _reported():
        return Window.parse(text).refuse_after(now().date()).day


def parse_market(first: str, last: str) -> tuple[date, date]:
    """Return days of which prices are to be had, the first not after the last."""
    with _reported():
        MarketWindow.of_days(first, last, int(now().timestamp()))
    since, until = Window.parse(first), Window.parse(last)
    if since.day < PRICES_BEGAN:
        raise StackError(f"Prices of STX start on {PRICES_BEGAN}; {since} is earlier.")
    return since.day, until.day


def of_chain(stack: Stack) -> tuple[date, date, date] | None:
    """Return the first, the newest settled and the last day of the Stacks database; None while it has no block.

    A chain that has no settled day has its last in that place.
    """
    with _reported(), StacksDb.open(_dsn(stack)) as source:
        lowest, tip = source.lowest(), source.tip()
    if lowest is None or tip is None:
        return None
    first, last = Window.containing(lowest.time), Window.containing(tip.time)
    settled = Window.containing(tip.time - SETTLE_HOURS * SECONDS_PER_HOUR).before(1)
    return first.day, (settled if settled >= first else last).day, last.day


def in_chain(stack: Stack, day: date | None) -> date:
    """Return a day if the Stacks database has it, and the newest settled one for None."""
    days = of_chain(stack)
    if days is None:
        raise StackError("The Stacks database has no block; `up` without --no-sample fills it with a sample chain.")
    first, newest, last = days
    if day is not None and not first <= day <= last:
        raise StackError(f"The Stacks database has the days {first} to {last}; {day} is not among them.")
    return day or newest


def _dsn(stack: Stack) -> str:
    uri = stack.secrets.get("stacks_db_uri")
    return make_dsn(**read_only(uri)) if uri else stack.postgres.dsn("stacks")


@contextmanager
def _reported() -> Iterator[None]:
    """Repeat the messages of the DAGs."""
    try:
        yield
    except DataverseError as error:
        raise StackError(str(error)) from error
