"""One S3 bucket: whole objects, streamed Parquet files, and verified reading of them."""

import contextlib
import copy
import errno
import hashlib
import itertools
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from stacks_dataverse.files import unzip
from stacks_dataverse.manifest import StoredFile
from stacks_dataverse.stores import scratch
from stacks_dataverse.stores.aws import translate_error
from stacks_dataverse.stores.columns import CHUNK_BYTES, copy_columns
from stacks_dataverse.stores.parallel import at_once, sending
from stacks_dataverse.stores.upload import upload

# Hashes seldom repeat and zstd finds what does: without dictionaries files are smaller, and written faster.
PARQUET = {"compression": "zstd", "use_dictionary": False}

# HEAD has no body to name the error in.
MISSING = {"404", "NoSuchKey", "NotFound"}

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
MAKE_ROOM = "Free space on the worker's temporary disk (TMPDIR), then run again."

REPLACED = "the day is being landed right now, or the file is damaged and the day must be landed again."

NOTHING: Mapping[str, str] = MappingProxyType({})

ADVICE = "Check the bucket, and the credentials and permissions of the connection aws_default."


class ObjectStore:
    """A bucket behind a boto3 client. Failures come out as Retryable or Terminal, naming bucket and key.

    Args:
        acl: a canned ACL for every object that `put` writes, for buckets that still allow any.
    """

    def __init__(self, client: BaseClient, bucket: str, acl: str | None = None) -> None:
        self._client = client
        self.bucket = bucket
        self._acl = {"ACL": acl} if acl else {}
        # Makes a request that writes: now, or as `together` has it.
        self._send: Callable[[Callable[[], None]], None] = lambda request: request()

    @contextmanager
    def together(self) -> Iterator[Self]:
        """The bucket, to which objects are sent several at a time; at the end of the block all of them are there.

        Those of `put`, and of `write_parquet` if they are small. What kept one from being written is raised with
        another, or at the end.
        """
        with sending() as send:
            store = copy.copy(self)
            store._send = send
            yield store

    def put(
        self, key: str, body: bytes, headers: Mapping[str, str] = NOTHING, notes: Mapping[str, str] = NOTHING,
        over: Mapping[str, str] = NOTHING,
    ) -> None:  # fmt: skip
        """Write an object whole.

        Args:
            headers: put_object's, such as ContentType.
            notes: what `notes` answers of the object.
            over: what may be replaced, by put_object's IfMatch or IfNoneMatch; Retryable if another is there.
        """
        self._send(partial(self._put, key, body, Metadata={**_digest(body), **notes}, **self._acl, **headers, **over))

    def _put(self, key: str, body: bytes, **parameters: Any) -> None:
        with self._translate_errors("writing", key):
            self._client.put_object(Bucket=self.bucket, Key=key, Body=body, **parameters)

    def notes(self, key: str) -> Mapping[str, str]:
        """What was noted of an object when it was written; nothing of one that is not there."""
        held = self.look(key)
        return held["Metadata"] if held else {}

    @property
    def url(self) -> str:
        """The bucket's own address, as the client names it."""
        return f"{self._client.meta.endpoint_url}/{self.bucket}"

    def size(self, key: str) -> int | None:
        """Bytes of an object; None when there is none."""
        held = self.look(key)
        return held and held["ContentLength"]

    def has(self, key: str) -> bool:
        """Whether there is an object of that key."""
        return self.look(key) is not None

    def look(self, key: str) -> Mapping[str, Any] | None:
        """What S3 knows of an object, as boto3's head_object answers; None when there is none."""
        with self._translate_errors("looking at", key):
            try:
                return self._client.head_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if error.response["Error"].get("Code") not in MISSING:
                    raise
                return None

    def get(self, key: str) -> bytes | None:
        """Read an object whole; None when there is none."""
        with self._translate_errors("reading", key):
            try:
                return self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            except self._client.exceptions.NoSuchKey:
                return None

    def delete(self, *keys: str) -> None:
        """Remove objects, those of them that are there, in one request; at most 1,000."""
        if not keys:
            return
        objects = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
        with self._translate_errors("deleting", keys[0]):
            for error in self._client.delete_objects(Bucket=self.bucket, Delete=objects).get("Errors", ()):
                raise ClientError({"Error": error}, "DeleteObjects")

    def list_keys(self, prefix: str = "", delimiter: str = "") -> list[str]:
        """All keys that begin with a prefix, in S3's order; without those that have the delimiter after it."""
        params = {"Bucket": self.bucket, "Prefix": prefix, "Delimiter": delimiter}
        with self._translate_errors("listing", prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(**params)
            return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def list_values(self, template: str, field: str) -> set[str]:
        """Return the values of a field in a template of keys, such as the days of all manifests; no deeper keys."""
        prefix, suffix = template.split(f"{{{field}}}")
        return {key.removeprefix(prefix).removesuffix(suffix) for key in self.list_keys(prefix, "/")}

    def put_json(self, key: str, value: Any) -> None:
        """Write a value as JSON."""
        self.put(key, json.dumps(value, indent=1).encode(), {"ContentType": "application/json"})

    def get_json(self, key: str) -> Any | None:
        """Read a JSON value, unzipping it where it was stored so; None when there is none."""
        body = self.get(key)
        return None if body is None else json.loads(unzip(body))

    def write_parquet(self, key: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> StoredFile | None:
        """Stream batches into one Parquet file, visible when complete; without rows none, and None."""
        filled = (batch for batch in batches if batch.num_rows)
        first = next(filled, None)
        if first is None:
            return None
        rows = 0
        with (
            self._translate_errors("writing", key),
            upload(self._client, self.bucket, key, lambda body: self._send(partial(self._put, key, body))) as sink,
            pq.ParquetWriter(sink, schema, **PARQUET) as writer,
        ):
            for batch in itertools.chain([first], filled):
                writer.write_batch(batch)
                rows += batch.num_rows
        return StoredFile(key, rows, sink.bytes, sink.sha256)

    def open_files(self, files: Mapping[str, StoredFile]) -> AbstractContextManager[dict[str, Path]]:
        """Fetch files, check them against what is known of them, and hand out copies that last as long as this.

        Raises:
            Retryable: a file is not the one described: it is being replaced, or is damaged.
        """
        return self._copies(files, lambda name, path: self._fetch(files[name], path))

    def open_columns(
        self, files: Mapping[str, StoredFile], columns: Mapping[str, Collection[str]]
    ) -> AbstractContextManager[dict[str, Path]]:
        """Fetch some columns of files, and few other bytes; hand out copies with holes that last as long as this.

        Args:
            columns: which of each file's, where it has them. No other column can be read of the copies.
        Raises:
            Retryable: a file cannot be read: it is being replaced, or is damaged.
        """
        return self._copies(files, lambda name, path: self._fetch_columns(files[name], columns[name], path))

    @contextmanager
    def _copies(self, names: Iterable[str], fetch: Callable[[str, Path], Path]) -> Iterator[dict[str, Path]]:
        with contextlib.ExitStack() as stack:
            with self._translate_errors("making a folder to read into, from", ""):
                folder = stack.enter_context(scratch.temporary_folder())
            paths = at_once(lambda name: fetch(name, folder / f"{name}.parquet"), names)
            yield dict(zip(names, paths, strict=True))

    def _fetch_columns(self, file: StoredFile, columns: Collection[str], path: Path) -> Path:
        with self._translate_errors("reading", file.key):
            try:
                copy_columns(self._client, self.bucket, file, columns, path)
            except pa.ArrowInvalid as error:
                raise Retryable(f"s3://{self.bucket}/{file.key}: {error}. {REPLACED}") from error
        return path

    def _fetch(self, file: StoredFile, path: Path) -> Path:
        digest = hashlib.sha256()
        with (
            self._translate_errors("reading", file.key),
            contextlib.suppress(self._client.exceptions.NoSuchKey),
            path.open("wb") as target,
        ):
            body = self._client.get_object(Bucket=self.bucket, Key=file.key)["Body"]
            for chunk in body.iter_chunks(CHUNK_BYTES):
                digest.update(chunk)
                target.write(chunk)
        if digest.hexdigest() != file.sha256:
            raise Retryable(f"s3://{self.bucket}/{file.key} does not match its manifest: {REPLACED}")
        return path

    @contextmanager
    def _translate_errors(self, doing: str, key: str) -> Iterator[None]:
        try:
            yield
        except DataverseError:
            raise
        except (ClientError, BotoCoreError, OSError) as error:
            if getattr(error, "errno", None) in DISK_FULL:
                raise Terminal(f"{doing} s3://{self.bucket}/{key}: {error}. {MAKE_ROOM}") from error
            raise translate_error(error, f"{doing} s3://{self.bucket}/{key}", ADVICE) from error
        except ValueError as error:
            # smart_open's way to say that an upload was refused.
            if isinstance(error.__cause__, ClientError):
                raise translate_error(error.__cause__, f"{doing} s3://{self.bucket}/{key}", ADVICE) from error
            raise


def is_same(held: Mapping[str, Any] | None, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether `put` with the same arguments would change nothing that a reader sees of what `look` answered."""
    expected = {"Metadata": _digest(body), **headers}
    return held is not None and all(held.get(name) == value for name, value in expected.items())


def _digest(body: bytes) -> dict[str, str]:
    """Of our own: S3's ETag is no checksum where the bucket encrypts with a key of KMS."""
    return {"sha256": hashlib.sha256(body).hexdigest()}
