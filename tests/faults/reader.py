"""A reader that looks at everything all the while, and remembers whatever it should not have seen."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
from botocore.exceptions import BotoCoreError, ClientError

from stacks_dataverse.errors import Retryable
from stacks_dataverse.runners.raw_archive import open_files, read_manifest
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.window import Window
from tests.support.pipeline import Pipeline

PAUSE_SECONDS = 0.2
READER = "reader"

# Each is empty in any one snapshot of a warehouse that nobody has torn: what does not hold, and where.
CONTRADICTIONS = """
    SELECT 'balances are not the sum of their changes' AS what, NULL::date AS day
    WHERE (SELECT sum(balance_ustx) FROM stx_balances)
          IS DISTINCT FROM (SELECT sum(change_ustx) FROM stx_balance_changes)
    UNION ALL
    SELECT 'addresses are not those of the ledger', NULL
    WHERE (SELECT count(*) FROM addresses) <> (SELECT count(DISTINCT address) FROM address_days)
    UNION ALL
    SELECT 'owners are not the tokens that moved', NULL
    WHERE (SELECT count(*) FROM nft_owners)
          <> (SELECT count(*) FROM (SELECT DISTINCT asset_identifier, token_value FROM nft_moves) AS tokens)
    UNION ALL
    SELECT 'transactions are not as many as the day is said to have', day
    FROM built_days
    WHERE tx_count <> (SELECT COALESCE(sum(tx_count), 0) FROM daily_transactions AS facts
                       WHERE facts.day = built_days.day)
    UNION ALL
    SELECT 'loaded, and yet not as built', day
    FROM loaded_days LEFT JOIN built_days AS built USING (day)
    WHERE loaded_days.blocks_digest IS DISTINCT FROM built.blocks_digest OR loaded_days.tx_count <> built.tx_count
    UNION ALL
    SELECT 'facts of a day that was not built', day
    FROM (SELECT day FROM daily_transactions UNION SELECT day FROM stx_balance_changes) AS facts
    WHERE day NOT IN (SELECT day FROM built_days)
    UNION ALL
    SELECT 'figures are missing that are not due', day
    FROM built_days
    WHERE NOT EXISTS (SELECT FROM daily_balances AS figures WHERE figures.day = built_days.day)
          AND NOT EXISTS (SELECT FROM built_tables AS made
                          WHERE made.day = built_days.day AND table_name = 'daily_balances' AND due)
"""


class Reader:
    """Looks at a pipeline's public objects, warehouse and raw archive, with clients of its own.

    `versions` are the different bytes that each public key has had, in order; `wrong` is what was half-visible.
    A server that is away is no fault of the pipeline's.
    """

    def __init__(self, pipeline: Pipeline, day: str) -> None:
        self._pipeline = pipeline
        self._day = day
        self.versions: dict[str, list[bytes]] = {}
        self.wrong: list[str] = []
        self.looks = {"public": 0, "warehouse": 0, "raw": 0}

    def look(self) -> None:
        """Look once at everything; what is not there to be reached is left out."""
        with suppress(BotoCoreError, ClientError):
            self._look_at_public()
        with suppress(psycopg2.OperationalError):
            self._look_at_warehouse()
        with suppress(Retryable):
            self._look_at_raw()

    def _look_at_public(self) -> None:
        client, bucket = self._pipeline.public._client, self._pipeline.public.bucket
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for key in [item["Key"] for item in page.get("Contents", ())]:
                body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
                self._note(key, body)
        self.looks["public"] += 1

    def _note(self, key: str, body: bytes) -> None:
        seen = self.versions.setdefault(key, [])
        if not seen or seen[-1] != body:
            seen.append(body)
            try:
                if key.endswith(".parquet"):
                    pq.read_table(pa.BufferReader(body))
                elif key.endswith(".json.gz"):
                    json.loads(gzip.decompress(body))
                else:
                    gzip.decompress(body).decode()
            except (OSError, EOFError, ValueError) as error:
                self.wrong.append(f"{key} cannot be read: {error}")

    def _look_at_warehouse(self) -> None:
        connection = psycopg2.connect(self._pipeline.warehouse_dsn, application_name=READER)
        try:
            with connection.cursor() as cursor:
                cursor.execute(CONTRADICTIONS)
                self.wrong += [f"warehouse: {what} ({day})" for what, day in cursor]
            self.looks["warehouse"] += 1
        finally:
            connection.close()

    def _look_at_raw(self) -> None:
        archive: ObjectStore = self._pipeline.archive
        manifest = read_manifest(archive, Window.parse(self._day))
        if manifest:
            # Retryable where a file is not the one that the manifest describes; anything else is raised.
            with open_files(archive, manifest.tables, manifest.tables):
                pass
        self.looks["raw"] += 1


@contextmanager
def reading(pipeline: Pipeline, day: str) -> Iterator[Reader]:
    """Have a reader look all the while, in a thread, once before and once after.

    Raises:
        AssertionError: something was half-visible, or a public object changed more than once.
    """
    reader, stop, broken = Reader(pipeline, day), threading.Event(), []

    def poll() -> None:
        while not stop.wait(PAUSE_SECONDS):
            try:
                reader.look()
            except Exception as error:
                broken.append(error)
                return

    reader.look()
    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield reader
    finally:
        stop.set()
        thread.join()
    reader.look()
    assert not broken, broken
    assert not reader.wrong, reader.wrong
    changed = {key: len(seen) for key, seen in reader.versions.items() if len(seen) > 2}
    assert not changed, f"public objects that had more than an old and a new content: {changed}"
    assert min(reader.looks.values()) > 2, reader.looks
