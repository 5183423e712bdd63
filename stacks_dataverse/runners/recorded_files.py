"""Whether a bucket is the one whose files are on record: it may have been emptied, or be another one."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from stacks_dataverse.files import unzip
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.parallel import at_once
from stacks_dataverse.stores.warehouse import Warehouse


def is_held(warehouse: Warehouse, public: ObjectStore, key: str) -> bool:
    """Whether a bucket holds a file as it was last recorded."""
    recorded = warehouse.scalar("SELECT sha256 FROM published_files WHERE key = {key}", key=key)
    return recorded is not None and _holds(public, {"key": key, "sha256": recorded})


def forget_missing(warehouse: Warehouse, public: ObjectStore, but: str) -> None:
    """Forget what a bucket does not hold as it is on record: files, but for those of a role, and versions of days."""
    files = warehouse.read(FILES_SQL, but=but).to_pylist()
    versions = warehouse.read("SELECT * FROM published_versions").to_pylist()
    held, kept = at_once(partial(_holds, public), files), at_once(partial(_holds_ends, public), versions)
    gone = [file for file, is_there in zip(files, held, strict=True) if not is_there]
    ended = [version for version, is_there in zip(versions, kept, strict=True) if not is_there]
    with warehouse.transaction():
        warehouse.execute(GONE_SQL, rows=json.dumps(gone, default=str))
        warehouse.execute(ENDED_SQL, rows=json.dumps(ended, default=str))


def _holds(public: ObjectStore, file: Mapping[str, Any]) -> bool:
    body = public.get(file["key"])
    return body is not None and hashlib.sha256(unzip(body)).hexdigest() == file["sha256"]


def _holds_ends(public: ObjectStore, version: Mapping[str, Any]) -> bool:
    return all(public.has(version["path"].format(version=version[end])) for end in ("first_day", "last_day"))


FILES_SQL = "SELECT * FROM published_files WHERE role <> {but}"

# What was published again meanwhile is kept.
GONE_SQL = """
    DELETE FROM published_files AS held USING json_populate_recordset(NULL::published_files, {rows}) AS gone
    WHERE (held.key, held.published_at) = (gone.key, gone.published_at)
"""
ENDED_SQL = """
    DELETE FROM published_versions AS held USING json_populate_recordset(NULL::published_versions, {rows}) AS gone
    WHERE (held.path, held.first_day, held.last_day) = (gone.path, gone.first_day, gone.last_day)
"""
