"""All that outlives a process: a warehouse and two buckets; put back as they were, and compared by digests."""

import gzip
import hashlib
import json
import re
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import cursor as Cursor

from scripts.local.postgres import PostgresServer
from stacks_dataverse import catalog
from stacks_dataverse.dataset import Kind
from stacks_dataverse.public import catalogue
from tests.support.pipeline import UNCOMPARED, Pipeline

# What the release's own file says of when; its size and checksum follow.
CLOCKS = re.compile(r'"(published_at|generated_at)": ?"[^"]*"')
OF_THE_CATALOGUE = f"CASE WHEN key <> '{catalogue.KEY}' THEN {{}} END"

# Which days are published as they are: one after another, but for those of which an object failed.
DUE_DAYS = "days that are due to be published"
# Written as a run publishes, one after another; all else is what readers of the warehouse go by.
OF_PUBLISHING = {"changed_keys", "published_files", "published_objects", "published_versions", DUE_DAYS}

# Filled one after another at each tip snapshot; one that fails keeps no other from being filled.
FILLED_ALONE = frozenset(table.name for table in catalog.tables(Kind.SNAPSHOT))

PATIENCE_SECONDS = 120

TABLES = """
    SELECT relname, array_agg(attname ORDER BY attnum)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    GROUP BY relname ORDER BY relname
"""

DUE_ROWS = "SELECT day::text AS line FROM public.built_days WHERE revision > published_revision"

SCHEMA = """
    SELECT format('%s %s %s %s', table_name, column_name, data_type, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class State:
    """Digests of the rows of every table and of the bytes of every object, by name; without clocks."""

    tables: Mapping[str, str]
    objects: Mapping[str, str]

    @property
    def parts(self) -> dict[str, str | None]:
        """The digests of what readers see changed one by one."""
        return {**self.objects, **{name: self.tables.get(name) for name in FILLED_ALONE}}

    @cached_property
    def digest(self) -> str:
        """Of all of it."""
        return _md5(json.dumps([self.tables, self.objects], sort_keys=True).encode())

    def differences(self, other: "State") -> list[str]:
        """Names of what is not the same."""
        pairs = ((self.tables, other.tables), (self.objects, other.objects))
        return sorted(
            name for mine, others in pairs for name in mine.keys() | others.keys() if mine.get(name) != others.get(name)
        )


@dataclass(frozen=True)
class Snapshot:
    """What a world can be put back to: a template of its database, its objects, and its state."""

    template: str
    objects: Mapping[str, dict[str, Any]]
    state: State


@dataclass
class World:
    """The pipeline's stores, to which one run at a time is let."""

    pipeline: Pipeline
    server: PostgresServer
    database: str
    owner: str
    _read_at: str | None = field(default=None, init=False)
    _tables: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def stores(self) -> dict[str, Any]:
        """The two buckets by the first part of what their objects are called here."""
        return {"raw": self.pipeline.archive, "public": self.pipeline.public}

    def state(self) -> State:
        """The present one."""
        return State(self._present_tables(), self._objects())

    def save(self, template: str, before: Snapshot | None = None) -> Snapshot:
        """Keep the present state; objects that are as in another snapshot are those of it."""
        self._copy(self.database, template)
        state, held = self.state(), before.state.objects if before else {}
        objects = {
            name: before.objects[name] if before and held.get(name) == digest else self._object(name)
            for name, digest in state.objects.items()
        }
        return Snapshot(template, objects, state)

    def put_back(self, snapshot: Snapshot, now: State | None = None) -> None:
        """Make all as it was; what is so `now` is left alone."""
        present = now or self.state()
        if now is None or now.tables != snapshot.state.tables:
            self._copy(snapshot.template, self.database)
        gone = present.objects.keys() - snapshot.objects.keys()
        for place, store in self.stores.items():
            store.delete(*(name.removeprefix(f"{place}/") for name in gone if name.startswith(f"{place}/")))
        for name, held in snapshot.objects.items():
            if present.objects.get(name) != snapshot.state.objects[name] or name.endswith(catalogue.KEY):
                store, key = self._place(name)
                store._client.put_object(Bucket=store.bucket, Key=key, **held)

    def missing_files(self) -> list[str]:
        """Keys that the catalogue names and the bucket does not hold."""
        held = {*self.pipeline.public.list_keys()}
        datasets = json.loads(self._text(f"public/{catalogue.KEY}"))["datasets"]
        return [file["key"] for dataset in datasets for file in dataset["files"] if file["key"] not in held]

    def _present_tables(self) -> dict[str, str]:
        """Of all tables; read again if the server's log has grown, in which every change is first."""
        with closing(psycopg2.connect(self.pipeline.warehouse_dsn)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            [log_end] = cursor.fetchone()
        if log_end != self._read_at:
            self._read_at, self._tables = log_end, read_tables(self.pipeline.warehouse_dsn)
        return self._tables

    def _objects(self) -> dict[str, str]:
        digests = {}
        for place, store in self.stores.items():
            for page in store._client.get_paginator("list_objects_v2").paginate(Bucket=store.bucket):
                digests |= {f"{place}/{item['Key']}": item["ETag"] for item in page.get("Contents", ())}
        name = f"public/{catalogue.KEY}"
        if name in digests:
            digests[name] = _md5(CLOCKS.sub("", self._text(name)).encode())
        return digests

    def _text(self, name: str) -> str:
        held = self._object(name)
        return (gzip.decompress(held["Body"]) if held.get("ContentEncoding") == "gzip" else held["Body"]).decode()

    def _object(self, name: str) -> dict[str, Any]:
        store, key = self._place(name)
        answer = store._client.get_object(Bucket=store.bucket, Key=key)
        kept = ("ContentType", "ContentEncoding", "CacheControl", "Metadata")
        return {"Body": answer["Body"].read()} | {part: answer[part] for part in kept if answer.get(part)}

    def _place(self, name: str) -> tuple[Any, str]:
        place, _, key = name.partition("/")
        return self.stores[place], key

    def _copy(self, source: str, target: str) -> None:
        drop, create = "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {} TEMPLATE {} OWNER {}"
        with self.server.connect() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL(drop).format(sql.Identifier(target)))
            names = map(sql.Identifier, (target, source, self.owner))
            cursor.execute(sql.SQL(create + " STRATEGY file_copy").format(*names))


def read_tables(dsn: str) -> dict[str, str]:
    """A digest of the rows of every table of a warehouse, of one moment; and of what the tables are.

    A migration locks tables and rewrites them: it is not waited for in a queue, which could end in a deadlock.
    """
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SET lock_timeout = '50ms'")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with suppress(errors.LockNotAvailable, errors.UndefinedColumn, errors.UndefinedTable):
                tables = _tables(cursor)
                digests = _digests(cursor, tables)
                if tables == _tables(cursor):
                    return digests
        raise AssertionError(f"the tables of {cursor.connection.info.dbname} stay locked")


def digest_of_data(tables: Mapping[str, str]) -> str:
    """One digest of the tables that readers of a warehouse go by, and that change together."""
    left_out = OF_PUBLISHING | FILLED_ALONE
    return _md5(json.dumps({name: digest for name, digest in tables.items() if name not in left_out}).encode())


def _tables(cursor: Cursor) -> list[tuple[str, list[str]]]:
    cursor.execute(TABLES)
    return cursor.fetchall()


def _digests(cursor: Cursor, tables: list[tuple[str, list[str]]]) -> dict[str, str]:
    """By one statement: it locks the tables before it takes its snapshot of them."""
    queries = [_rows_of(name, columns) for name, columns in tables]
    if any(name == "built_days" for name, _ in tables):
        queries.append(f"SELECT '{DUE_DAYS}', {_digest_of(DUE_ROWS)}")
    queries.append(f"SELECT 'the schema', md5(string_agg(line, ' ' ORDER BY line)) FROM ({SCHEMA}) AS part (line)")
    cursor.execute(" UNION ALL ".join(queries))
    return dict(sorted(cursor.fetchall()))


def _rows_of(table: str, columns: list[str]) -> str:
    kept = [name for name in columns if name not in UNCOMPARED]
    if table == "published_files":
        kept = [OF_THE_CATALOGUE.format(name) if name in ("bytes", "sha256") else name for name in kept]
    # A check that is run again is recorded again.
    distinct = "DISTINCT" if table == "quality_checks" else ""
    if distinct:
        kept.remove("checked_at")
    row = f"SELECT {distinct} ROW ({', '.join(kept)})::text AS line FROM public.{table}"
    return f"SELECT '{table}', {_digest_of(row)}"


def _digest_of(rows: str) -> str:
    return f"(SELECT md5(COALESCE(string_agg(md5(line), '' ORDER BY line), '')) FROM ({rows}) AS held)"


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
