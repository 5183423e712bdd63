"""What catalog.json says: the datasets, their fields and their files."""

import dataclasses
import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from stacks_dataverse_client.errors import DamagedError, NotPublishedError, UnknownDatasetError, UnsupportedError

# Within a major version of the catalogue fields are only added.
MAJOR_VERSION = "1"

Record = TypeVar("Record")


def moment(text: str) -> datetime:
    """A moment of ISO 8601 in UTC; Python 3.10 does not read the Z."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


TIMES = {
    "as_of": moment,
    "published_at": moment,
    "first_day": date.fromisoformat,
    "last_day": date.fromisoformat,
}


@dataclass(frozen=True)
class Field:
    """A column of a dataset's rows: `type` is integer, number, decimal, string, boolean, date, datetime or list.

    `unit` is empty where there is none; `null` says when the value is null, and is empty if it never is.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    null: str = ""


@dataclass(frozen=True)
class File:
    """A file of a dataset: `role` is v1 or predecessor, `format` json, parquet or csv.

    `sha256` is of the bytes as they are after Content-Encoding is undone. `dated` is the template of the keys of
    days, with `{day}`, if every day keeps a version of its own, from `first_day` to `last_day`.
    """

    role: str
    format: str
    key: str
    sha256: str
    dated: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, repr=False)
class Dataset:
    """What is known of a dataset. The data go up to `as_of`; `status` is live or history."""

    name: str
    title: str
    group: str
    method: str
    as_of: datetime | None
    published_at: datetime | None
    first_day: date | None
    last_day: date | None
    warnings: tuple[str, ...]
    fields: tuple[Field, ...]
    files: tuple[File, ...]
    status: str = "live"
    schedule: str = ""

    def file(self, file_format: str) -> File:
        """Its file of a format, in the shape that all datasets share. Raises NotPublishedError."""
        for file in self.files:
            if (file.role, file.format) == ("v1", file_format):
                return file
        raise NotPublishedError(f"{self.name} has no file of format {file_format}.")

    def __repr__(self) -> str:
        return f"<Dataset {self.name}: {self.title}>"

    def __str__(self) -> str:
        head = [
            f"{self.title} ({self.name}), up to {self.as_of}",
            self.method,
            *(f"! {text}" for text in self.warnings),
        ]
        return "\n".join([*head, *(_describe(field) for field in self.fields)])


@dataclass(frozen=True)
class Catalogue:
    """The datasets by name, as of a moment of publishing."""

    version: str
    generated_at: str
    datasets: Mapping[str, Dataset]

    @classmethod
    def parse(cls, body: bytes) -> "Catalogue":
        """Read the bytes of catalog.json. Raises DamagedError, UnsupportedError."""
        try:
            content = json.loads(body)
            version, datasets = content["version"], content["datasets"]
            if version.split(".")[0] != MAJOR_VERSION:
                raise UnsupportedError(
                    f"catalog.json is of version {version}, and this package reads {MAJOR_VERSION}.x: upgrade it."
                )
            return cls(version, content["generated_at"], {each["name"]: _dataset(each) for each in datasets})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedError(f"catalog.json is not a catalogue: {error!r}. Check the address.") from error

    def find(self, name: str) -> Dataset:
        """The dataset of a name. Raises UnknownDatasetError, which names those that are alike."""
        if name in self.datasets:
            return self.datasets[name]
        alike = difflib.get_close_matches(name, self.datasets, n=3)
        advice = f"Did you mean {' or '.join(alike)}?" if alike else "datasets() lists those that there are."
        raise UnknownDatasetError(f"There is no dataset {name!r} in the catalogue of {self.generated_at}. {advice}")


def _dataset(content: Mapping[str, Any]) -> Dataset:
    parts = {
        "fields": tuple(_known(Field, each) for each in content["fields"]),
        "files": tuple(_known(File, each) for each in content["files"]),
        "warnings": tuple(content["warnings"]),
    }
    return _known(Dataset, {**content, **parts})


def _known(kind: type[Record], content: Mapping[str, Any]) -> Record:
    """A record of what this package knows of; later versions of the catalogue may say more."""
    names = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _read(name, value) for name, value in content.items() if name in names})


def _read(name: str, value: Any) -> Any:
    """A value of the catalogue; days and moments as Python has them."""
    return TIMES[name](value) if name in TIMES and value else value


def _describe(field: Field) -> str:
    unit = f", {field.unit}" if field.unit else ""
    null = f"; null {field.null}" if field.null else ""
    return f"  {field.name} ({field.type}{unit}): {field.meaning}{null}"
