"""Write public files, several at a time: each change is on record before it can be seen, each file after.

What is published is recorded for `catalog.json`, and what changed for the CDN.

A file is written only over the one that was there when it was compared. After that the change is recorded by the
session that holds its caller's lock, which fails if that is lost. So a run that was taken for dead, and goes on later,
replaces nothing that another one has written meanwhile. If the other one found all as it had it, and wrote nothing, S3
cannot tell the two apart, and the file stays until the next change, or until the weekly audit finds it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stacks_dataverse import files
from stacks_dataverse.errors import Retryable
from stacks_dataverse.runners.steps import attempt_all, raise_failed
from stacks_dataverse.stores.object_store import ObjectStore, is_same
from stacks_dataverse.stores.parallel import THREADS
from stacks_dataverse.stores.warehouse import Warehouse


@dataclass(frozen=True)
class Upload:
    """A file to be written: its content as a reader gets it, the headers, and what is recorded of it.

    `first_day` and `last_day` are those of its rows. Of the `version` of a day its template and day are recorded.
    """

    key: str
    content: bytes
    headers: Mapping[str, str]
    name: str
    role: str
    format: str
    as_of: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    version: tuple[str, date] | None = None

    @property
    def record(self) -> dict[str, Any]:
        """Its row in `published_files`, but for when."""
        return {
            "key": self.key,
            "name": self.name,
            "role": self.role,
            "format": self.format,
            "bytes": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "as_of": self.as_of,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }


# Makes the files of a dataset, in the order in which they are written.
Draft = Callable[[], Sequence[Upload]]


@dataclass(frozen=True)
class _Checked:
    """A file with its bytes as they are stored, whether the bucket holds them already, and over what they are written.

    `over` is as `ObjectStore.put` has it.
    """

    upload: Upload
    body: bytes
    is_held: bool
    over: Mapping[str, str]


def upload_all(
    warehouse: Warehouse, public: ObjectStore, steps: Mapping[str, Callable[[], Iterable[Draft]]]
) -> list[str]:
    """Write the files of every dataset whose content or headers changed; return their keys.

    A dataset that fails keeps no other from being written; of its files those that come after the failure are not.

    Args:
        steps: by the dataset's name what reads it, one after another; drafts are made and written in threads.
    Raises:
        Retryable, Terminal: as of `run_all`, after all else is written and recorded.
    """
    with _threads() as pool:
        drafts, failed = attempt_all(warehouse, _submitted(pool, public, steps))
        checked = _results(drafts, failed)
        record_changed(warehouse, [each.upload.key for one in checked.values() for each in one if not each.is_held])
        writing = {name: pool.submit(_write, public, one) for name, one in checked.items()}
        written = {name: future.result() for name, future in writing.items()}
    failed |= {name: error for name, (_, error) in written.items() if error}
    _record(warehouse, [each.upload for done, _ in written.values() for each in done], failed)
    if failed:
        raise_failed({name: failed[name] for name in steps if name in failed}, len(steps))
    return [each.upload.key for done, _ in written.values() for each in done if not each.is_held]


def record_changed(warehouse: Warehouse, keys: Sequence[str]) -> None:
    """Record that keys are about to change, until the CDN is invalidated for them."""
    if keys:
        with warehouse.transaction():
            warehouse.execute(CHANGED_SQL, keys=json.dumps(keys))


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """A pool that a failure, or the end of the task, does not leave to finish what has not begun."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(
    pool: ThreadPoolExecutor, public: ObjectStore, steps: Mapping[str, Callable[[], Iterable[Draft]]]
) -> dict[str, Callable[[], list[Future[list[_Checked]]]]]:
    return {
        name: lambda step=step: [pool.submit(_check, public, draft) for draft in step()] for name, step in steps.items()
    }


def _results(
    drafts: Mapping[str, Iterable[Future[list[_Checked]]]], failed: dict[str, Exception]
) -> dict[str, list[_Checked]]:
    """What futures have made, by name; of those that failed the error is added."""
    made: dict[str, list[_Checked]] = {}
    for name, futures in drafts.items():
        try:
            made[name] = [each for future in futures for each in future.result()]
        except Exception as error:
            failed[name] = error
    return made


def _check(public: ObjectStore, draft: Draft) -> list[_Checked]:
    """Make the files of a draft, and compare each with what the bucket holds."""
    uploads = draft()
    bodies = {id(each.content): _stored(each) for each in uploads}
    return [_compare(public, each, bodies[id(each.content)]) for each in uploads]


def _compare(public: ObjectStore, upload: Upload, body: bytes) -> _Checked:
    held = public.look(upload.key)
    over = {"IfMatch": held["ETag"]} if held else {"IfNoneMatch": "*"}
    return _Checked(upload, body, is_same(held, body, upload.headers), over)


def _stored(upload: Upload) -> bytes:
    return files.zipped(upload.content) if upload.headers.get("ContentEncoding") == "gzip" else upload.content


def _write(public: ObjectStore, checked: Iterable[_Checked]) -> tuple[list[_Checked], Exception | None]:
    """Write the files of a dataset in their order; return those that are there, and why no more are."""
    done: list[_Checked] = []
    try:
        for each in checked:
            if not each.is_held:
                _put(public, each)
            done.append(each)
    except Exception as error:
        return done, error
    return done, None


def _put(public: ObjectStore, checked: _Checked) -> None:
    key, headers = checked.upload.key, checked.upload.headers
    try:
        public.put(key, checked.body, headers, over=checked.over)
    except Retryable:
        # boto3 makes a request again of which it lost the answer; if S3 did it the first time, it refuses it now.
        if not is_same(public.look(key), checked.body, headers):
            raise


def _record(warehouse: Warehouse, uploads: Sequence[Upload], failed: Mapping[str, Exception]) -> None:
    """Record what is published now: each file, the days that have versions, and how far the data of datasets go."""
    newest = [each.record for each in uploads if not each.version]
    dated = [{"path": path, "day": day} for path, day in filter(None, (each.version for each in uploads))]
    ends = {row["name"]: row["as_of"] for row in newest if row["as_of"] and row["name"] not in failed}
    with warehouse.transaction():
        for sql, rows in (
            (FILES_SQL, newest),
            (VERSIONS_SQL, dated),
            (OBJECTS_SQL, [{"name": name, "as_of": as_of} for name, as_of in ends.items()]),
        ):
            if rows:
                warehouse.execute(sql, rows=json.dumps(rows, default=str))


CHANGED_SQL = """
    INSERT INTO changed_keys SELECT key, clock_timestamp() FROM json_array_elements_text({keys}) AS changed (key)
    ON CONFLICT (key) DO UPDATE SET changed_at = excluded.changed_at
"""

# Of the columns of published_files those that a newer version changes.
RECORDED = "name, role, format, bytes, sha256, as_of, first_day, last_day"
RECORDED_ANEW = ", ".join(f"excluded.{column}" for column in RECORDED.split(", "))

FILES_SQL = f"""
    INSERT INTO published_files (key, {RECORDED}, published_at)
    SELECT key, {RECORDED}, clock_timestamp() FROM json_populate_recordset(NULL::published_files, {{rows}})
    ON CONFLICT (key) DO UPDATE SET ({RECORDED}, published_at)
        = ROW ({RECORDED_ANEW}, excluded.published_at)
"""

VERSIONS_SQL = """
    INSERT INTO published_versions AS held (path, first_day, last_day)
    SELECT path, min(day), max(day) FROM json_to_recordset({rows}) AS version (path text, day date) GROUP BY path
    ON CONFLICT (path) DO UPDATE SET
        first_day = LEAST(held.first_day, excluded.first_day), last_day = GREATEST(held.last_day, excluded.last_day)
"""

OBJECTS_SQL = """
    INSERT INTO published_objects (name, as_of, published_at)
    SELECT name, as_of, clock_timestamp() FROM json_to_recordset({rows}) AS object (name text, as_of timestamptz)
    ON CONFLICT (name) DO UPDATE SET as_of = excluded.as_of, published_at = excluded.published_at
"""
