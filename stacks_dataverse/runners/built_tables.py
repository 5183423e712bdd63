"""The records of each table's rows of each day: the version of their code, and why some are missing.

The record of a day is written with its rows, in one transaction, under the lock on the
running state, so that no other task writes it meanwhile.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.queries.days import FAILED_TABLES, READ_BY_VIEWS
from stacks_dataverse.stores.warehouse import Warehouse

Answer = TypeVar("Answer")
# Characters of an error that are stored; the log has all of it.
MAX_FAILURE = 500


def attempt(warehouse: Warehouse, step: Callable[[], Answer]) -> tuple[Answer | None, Exception | None]:
    """Run a step in the open transaction, in a savepoint: a failure undoes the step and nothing else.

    Raises:
        Retryable: the store itself failed, so that everything may succeed later.
    """
    try:
        with warehouse.savepoint():
            return step(), None
    except Retryable:
        raise
    except Exception as error:
        return None, error


@dataclass(frozen=True)
class Record:
    """Which code made a table's rows of a day, or why it failed; `built_at` is now, where it is not given."""

    table_name: str
    version: str
    raw_digest: str = ""
    digest: str | None = None
    failure: str | None = None
    built_at: datetime | None = None


def record(warehouse: Warehouse, day: date, records: Iterable[Record]) -> None:
    """Put the records of tables of a day in the place of those that there are."""
    rows = json.dumps([asdict(each) for each in records], default=str)
    warehouse.execute(RECORD_SQL, day=day, records=rows)


def record_waiting(warehouse: Warehouse, day: date, table: str, reason: str) -> None:
    """Record that a figure of a day waits; the rows that it has stay."""
    warehouse.execute(WAIT_SQL, day=day, table=table, failure=reason)


def mark_due(warehouse: Warehouse, tables: Iterable[str], first: date, last: date | None = None) -> None:
    """Mark figures as due, for every built day from one on, or up to another."""
    for table in tables:
        warehouse.execute(DUE_SQL, table=table, first=first, last=last or date.max)


def publish_again(warehouse: Warehouse, first: date) -> None:
    """Have every built day from one on published again: its objects may read what changed on an earlier one."""
    warehouse.execute(PUBLISH_SQL, first=first)


def read_digests(warehouse: Warehouse, day: date) -> dict[str, str | None]:
    """The digest of each table's rows of a day, by its name, of those that have not failed."""
    rows = _rows(warehouse, DIGESTS_SQL, day=day)
    return {row["table_name"]: row["digest"] for row in rows}


def record_unbuilt(warehouse: Warehouse, day: date, tables: Iterable[str]) -> None:
    """Record tables that are new in this release as missing on every other built day, where they have no record."""
    warehouse.execute(UNBUILT_SQL, day=day, tables=json.dumps(list(tables)), failure=UNBUILT)


def text_of(error: Exception) -> str:
    """An error in one line, as it is recorded."""
    text = " ".join(str(error).replace("\0", "").split())
    return f"{type(error).__name__}: {text}"[:MAX_FAILURE]


def read_failed_tables(warehouse: Warehouse, first: date, last: date) -> dict[str, str]:
    """The tables whose rows of some day of a range are missing or old, each with why.

    Running state and views are among them where the tables that they are derived from are.
    """
    failed = {row["table_name"]: row["failure"] for row in _rows(warehouse, FAILED_TABLES, first=first, last=last)}
    if failed:
        views = _rows(warehouse, READ_BY_VIEWS)
        failed |= {row["view_name"]: failed[row["table_name"]] for row in views if row["table_name"] in failed}
    return failed


def raise_for_failed(warehouse: Warehouse, first: date, last: date) -> None:
    """Raise Terminal where tables of a range of days failed, or wait for one that did; it names them all."""
    failed = _rows(warehouse, FAILED_TABLES, first=first, last=last)
    if failed:
        reasons = "; ".join(f"{row['table_name']} {row['failure'].rstrip('.')}" for row in failed)
        raise Terminal(
            f"{len(failed)} tables lack rows of {first} to {last}, all others are built, checked and published. "
            f"{reasons}. Correct the code or what it reads, then trigger stacks_backfill."
        )


def _rows(warehouse: Warehouse, sql: str, **values: Any) -> list[dict[str, Any]]:
    return warehouse.read(sql, **values).to_pylist()


WAITS = "waits for "
UNBUILT = "is not built on this day yet: trigger stacks_backfill"

RECORD_SQL = """
    INSERT INTO built_tables (day, table_name, version, raw_digest, digest, built_at, failure, due)
    SELECT {day}, table_name, version, raw_digest, digest, COALESCE(built_at, now()), failure, failure IS NOT NULL
    FROM jsonb_to_recordset({records}::jsonb) AS record (
        table_name text, version text, raw_digest text, digest text, built_at timestamptz, failure text
    )
    ON CONFLICT (day, table_name) DO UPDATE SET
        version = excluded.version, raw_digest = excluded.raw_digest, digest = excluded.digest,
        built_at = excluded.built_at, failure = excluded.failure, due = excluded.due
"""

WAIT_SQL = """
    UPDATE built_tables SET failure = {failure}, due = true
    WHERE day = {day} AND table_name = {table} AND (failure IS DISTINCT FROM {failure} OR NOT due)
"""

# What has failed is due already, and stays on record as failed until it is made.
DUE_SQL = """
    INSERT INTO built_tables (day, table_name, version, raw_digest, built_at, due)
    SELECT day, {table}, '', '', now(), true FROM built_days WHERE day BETWEEN {first} AND {last}
    ON CONFLICT (day, table_name) DO UPDATE SET due = true WHERE NOT built_tables.due
"""

# A day that waits to be published anyway needs no other revision.
PUBLISH_SQL = """
    UPDATE built_days SET revision = nextval('revisions') WHERE day >= {first} AND revision <= published_revision
"""

DIGESTS_SQL = "SELECT table_name, digest FROM built_tables WHERE day = {day} AND failure IS NULL"

UNBUILT_SQL = """
    WITH new AS MATERIALIZED (
        SELECT name FROM jsonb_array_elements_text({tables}::jsonb) AS name
        WHERE (SELECT day FROM built_tables WHERE table_name = name AND day <> {day} LIMIT 1) IS NULL
    )
    INSERT INTO built_tables (day, table_name, version, raw_digest, built_at, failure, due)
    SELECT day, name, '', '', now(), {failure}, true FROM built_days CROSS JOIN new WHERE day <> {day}
"""
