"""What a run has published, and what an opinion on it goes by."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.dataset import LATEST, PublicObject
from stacks_dataverse.files import unzip
from stacks_dataverse.network import Network
from stacks_dataverse.public_files import Format, PublicFile, Role, files_of
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.second_opinion.chain import Chain, Opinion, Rows

NO_SUCH_FILE = object()


@dataclass(frozen=True)
class Run:
    """The rows of all tables of a warehouse by name, its whole Stacks database, and the published files by key.

    Rows are as a reader has them, with `date`, `datetime`, and `Decimal` or text. A JSON file is its value; a CSV file
    its rows, of text.
    """

    tables: Opinion
    chain: Chain
    network: Network
    files: Mapping[str, Any]

    @property
    def days(self) -> list[date]:
        """The loaded days, in order."""
        return sorted(row["day"] for row in self.tables["loaded_days"])


@dataclass(frozen=True)
class Answer:
    """What an object says by the opinion: the rows under `v1/`, None where they are not known, in their order.

    Values are not rounded. `predecessor` is the value of the other file, of the objects that have one: of JSON, or the
    rows of a CSV.
    """

    rows: Rows | None
    predecessor: Any = NO_SUCH_FILE


# Of a run, as of a day: the newest that is loaded, or the one whose version it is; None before any is.
Judge = Callable[[Run, date | None], Answer]


def read_tables(dsn: str) -> Opinion:
    """All rows of every table of a warehouse."""
    with Warehouse.open(dsn) as warehouse:
        return {table.name: warehouse.read(f"SELECT * FROM {table.name}").to_pylist() for table in catalog.TABLES}


def read_files(bucket: ObjectStore) -> dict[str, Any]:
    """The files of all objects that a bucket holds, but for Parquet files, which have the same rows."""
    formats = {file.path: file.format for obj in catalog.OBJECTS for file in files_of(obj)}
    held: dict[str, Any] = {}
    for key in bucket.list_keys():
        form = formats.get(key) or formats.get(_template(key))
        if form and form is not Format.PARQUET:
            held[key] = _value(form, unzip(bucket.get(key) or b""))
    return held


def make_files(dsn: str, objects: Iterable[PublicObject], day: date, network: Network) -> dict[str, Any]:
    """What the files of objects would be as of a day, without a bucket: their `latest`."""
    held: dict[str, Any] = {}
    with Warehouse.open(dsn) as warehouse:
        for obj in objects:
            formats = {file.key(): file.format for file in json_files(obj)}
            for draft in read_publication(warehouse, obj, [LATEST], day=day, **network.values):
                uploads = {upload.key: upload.content for upload in draft()}
                held |= {key: _value(form, uploads[key]) for key, form in formats.items() if key in uploads}
    return held


def json_files(obj: PublicObject) -> Sequence[PublicFile]:
    """The files of an object but for the Parquet file."""
    return [file for file in files_of(obj) if file.format is not Format.PARQUET]


def part_of(file: PublicFile, value: Any) -> Any:
    """What of a file an opinion is on: of an envelope its data."""
    return value["data"] if file.role is Role.V1 else value


def _template(key: str) -> str:
    """The path of a dated key: the day, or `latest`, is the last part but for the suffixes."""
    folder, _, name = key.rpartition("/")
    _version, _, suffix = name.partition(".")
    return f"{folder}/{{version}}.{suffix}"


def _value(form: Format, content: bytes) -> Any:
    text = content.decode()
    return json.loads(text) if form is Format.JSON else list(csv.DictReader(io.StringIO(text)))
