"""Publish `catalog.json` after what it names, and the files that describe the bucket before it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public import catalogue, datapackage
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.json_schema import encode
from stacks_dataverse.public.release_files import MARKER
from stacks_dataverse.public.static_file import StaticFile
from stacks_dataverse.runners import recorded_files
from stacks_dataverse.runners.upload import Upload, upload_all
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

CATALOGUE_LOCK = "hashtext('stacks_dataverse.catalogue')"

# Readers begin with the catalogue: what they see of it may be a minute old.
CACHE_SECONDS = 60

# A publish of many days records files all the while, and other runs publish the catalogue meanwhile.
MAX_BEHIND = timedelta(hours=2)

# In the record of what is published: of a release of the code, and of no dataset.
ROLE = "release"


def publish(
    warehouse: Warehouse,
    public: ObjectStore,
    objects: Sequence[PublicObject],
    static: Sequence[StaticFile],
    log: Changelog,
    issue: Issue,
    since: datetime,
) -> list[str]:
    """Write the files that changed with the release, and last `catalog.json`; return the keys that changed.

    It is made from the record of what is published, which is written after the files: it never names a file that is
    not there, or is older than it says: of a bucket that has not the recorded catalogue, because it was emptied or is
    another one, the record is corrected first. One run at a time does it, so that no older catalogue replaces a newer
    one.

    Args:
        static: of the release; written if they are not as they were recorded, or if the bucket has not the recorded
            catalogue. Those of a dataset only if its files were published `since` a moment, that is with this release.
            The marker is the last of them. Until then the catalogue has the fields of the release before, too.
    """
    with warehouse.hold_lock(CATALOGUE_LOCK):
        is_known = recorded_files.is_held(warehouse, public, catalogue.KEY)
        if not is_known:
            recorded_files.forget_missing(warehouse, public, but=ROLE)
        published = {row["key"]: row for row in warehouse.read(PUBLISHED_SQL, template=TEMPLATE).to_pylist()}
        known = published if is_known else {}
        package = datapackage.datapackage(objects, published.keys(), log.version, issue.licence)
        renewed = {row["name"] for row in published.values() if row["published_at"] >= since}
        files = [StaticFile(datapackage.KEY, encode(package)), *static]
        waiting = {file.dataset for file in files if _waits(file, known, renewed)}
        before = public.get_json(catalogue.KEY) if waiting else None
        changed = _upload(warehouse, public, list(_due(files, known, waiting)))
        value = catalogue.catalogue(objects, published, log, issue, _read_tip(warehouse), _fields(before, waiting))
        last = StaticFile(catalogue.KEY, encode(value), cache_seconds=CACHE_SECONDS)
        return [*changed, *_upload(warehouse, public, [last])]


def describe_fault(warehouse: Warehouse, public: ObjectStore) -> str:
    """What is wrong with the published catalogue, empty for nothing: it is missing, or does not know of newer files."""
    (made,) = warehouse.read(MADE_SQL, key=catalogue.KEY, role=ROLE).to_pylist()
    if made["files_at"] is None:
        return ""
    if made["catalogue_at"] is None or not public.has(catalogue.KEY):
        return f"{catalogue.KEY} is missing in the bucket: readers find nothing. Run any DAG that publishes."
    behind = made["files_at"] - made["catalogue_at"]
    if behind > MAX_BEHIND:
        return f"{catalogue.KEY} is {behind} older than the newest file. Run any DAG that publishes; its log says more."
    return ""


def read_clock(warehouse: Warehouse) -> datetime:
    """The time by which the warehouse records what is published."""
    return warehouse.scalar("SELECT clock_timestamp()")


def is_published(warehouse: Warehouse, public: ObjectStore, marker: StaticFile) -> bool:
    """Whether all files of the release of a marker are published, in a bucket that has the recorded catalogue."""
    recorded = warehouse.scalar("SELECT sha256 FROM published_files WHERE key = {key}", key=marker.key)
    return recorded == marker.sha256 and recorded_files.is_held(warehouse, public, catalogue.KEY)


def _is_recorded(file: StaticFile, known: Mapping[str, Mapping[str, Any]]) -> bool:
    return file.key in known and known[file.key]["sha256"] == file.sha256


def _waits(file: StaticFile, known: Mapping[str, Mapping[str, Any]], renewed: Collection[str]) -> bool:
    """Whether a file that changed is of a dataset whose files are of the release before."""
    is_of_others = file.dataset and file.dataset not in renewed
    return bool(is_of_others) and file.key in known and not _is_recorded(file, known)


def _due(
    files: Iterable[StaticFile], known: Mapping[str, Mapping[str, Any]], waiting: Collection[str]
) -> Iterator[StaticFile]:
    """The files to be written: not there, or changed; those of a dataset with the dataset, the marker with the last."""
    for file in files:
        if not (_is_recorded(file, known) or file.dataset in waiting or (file.key == MARKER and waiting)):
            yield file


def _fields(before: Mapping[str, Any] | None, names: Collection[str]) -> dict[str, Any]:
    """The fields of some datasets as a catalogue has them."""
    datasets = before["datasets"] if before else []
    return {dataset["name"]: dataset["fields"] for dataset in datasets if dataset["name"] in names}


def _upload(warehouse: Warehouse, public: ObjectStore, files: Sequence[StaticFile]) -> list[str]:
    return upload_all(warehouse, public, {file.key: lambda file=file: [lambda: [_draft(file)]] for file in files})


def _draft(file: StaticFile) -> Upload:
    return Upload(file.key, file.body, file.headers, file.key, ROLE, file.key.rpartition(".")[2])


def _read_tip(warehouse: Warehouse) -> Mapping[str, Any] | None:
    """The height of the newest known block, and the moment up to which the chain is known."""
    rows = warehouse.read(TIP_SQL).to_pylist()
    return rows[0] if rows else None


# What the paths of dated files have where their keys have `latest`.
TEMPLATE = "{version}"

PUBLISHED_SQL = """
    SELECT files.*, versions.first_day AS first_version, versions.last_day AS last_version
    FROM published_files AS files
    LEFT JOIN published_versions AS versions ON replace(versions.path, {template}, 'latest') = files.key
    ORDER BY files.key
"""

MADE_SQL = """
    SELECT max(published_at) FILTER (WHERE key = {key}) AS catalogue_at,
           max(published_at) FILTER (WHERE role <> {role}) AS files_at
    FROM published_files
"""

# Of the last tip snapshot, or of the last loaded day where that is newer: up to its end.
TIP_SQL = """
    SELECT height, at FROM (
        (SELECT spot.current_stx_block_height::bigint AS height, published.as_of AS at
         FROM spot_snapshots AS spot, published_objects AS published
         WHERE published.name = 'spot_stats' ORDER BY spot.taken_at DESC LIMIT 1)
        UNION ALL
        (SELECT last_block_height, (day + 1)::timestamp AT TIME ZONE 'UTC' FROM loaded_days
         WHERE last_block_height IS NOT NULL ORDER BY day DESC LIMIT 1)
    ) AS known ORDER BY height DESC LIMIT 1
"""
