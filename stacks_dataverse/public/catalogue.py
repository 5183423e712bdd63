"""`catalog.json`: every dataset of the public bucket, its files and its fields, made from what is published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from stacks_dataverse import envelope
from stacks_dataverse.dataset import Column, PublicObject, Schedule
from stacks_dataverse.labels import Group
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.field_types import field_type
from stacks_dataverse.public.schemas import schema_key
from stacks_dataverse.public_files import Format, PublicFile, files_of
from stacks_dataverse.units import Unit

KEY = "catalog.json"
SCHEDULES = {Schedule.DAILY: "daily", Schedule.MARKET: "market", Schedule.HALF_HOURLY: "half_hourly"}
LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True)
class Issue:
    """What the catalogue says of all datasets: when it was made, of which network, the licence of the data.

    `url` is where readers find the bucket; empty where that is not known.
    """

    generated_at: datetime
    network: str
    licence_name: str
    url: str

    @property
    def licence(self) -> dict[str, str]:
        """The licence by name and address."""
        return {"name": self.licence_name, "url": LICENCES.get(self.licence_name, "")}


def catalogue(
    objects: Iterable[PublicObject],
    published: Mapping[str, Mapping[str, Any]],
    changelog: Changelog,
    issue: Issue,
    tip: Mapping[str, Any] | None,
    fields: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
) -> dict[str, Any]:
    """The value of `catalog.json`.

    Args:
        published: rows of `published_files` by key; a dataset without any is left out, and so is a file, also while
            nothing is known of their data (no `as_of`).
        tip: `height` of the newest known block, and the moment `at` up to which the chain is known.
        fields: by name those of datasets whose files are of a release before this one.
    """
    former = fields or {}
    return {
        "version": changelog.version,
        "generated_at": iso(issue.generated_at),
        "network": issue.network,
        "chain": {"height": tip["height"], "at": iso(tip["at"])} if tip else None,
        "licence": issue.licence,
        "url": issue.url,
        "groups": [{"name": group.name.lower(), "title": group.value} for group in Group],
        "datasets": [
            entry | ({"fields": former[obj.name]} if obj.name in former else {})
            for obj in objects
            if (entry := _dataset(obj, published, changelog))
        ],
    }


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def field(column: Column) -> dict[str, str]:
    """What the catalogue says of a column."""
    unit = column.unit.name if isinstance(column.unit, Unit) else column.unit
    kind = field_type(column.type)
    return {"name": column.name, "type": kind, "unit": unit, "meaning": column.meaning, "null": column.null}


def _dataset(obj: PublicObject, published: Mapping[str, Any], changelog: Changelog) -> dict[str, Any] | None:
    rows = {file: row for file in files_of(obj) if (row := published.get(file.key())) and row["as_of"]}
    if not rows:
        return None
    oldest = min(rows.values(), key=lambda row: row["as_of"])
    return {
        "name": obj.name,
        "title": obj.title,
        "group": obj.group.name.lower(),
        "method": obj.method,
        "warnings": list(obj.warnings),
        "schedule": SCHEDULES[obj.schedule],
        "freshness_hours": obj.freshness_hours,
        "status": "history" if obj.is_history(oldest["as_of"]) else "live",
        "since": changelog.since(obj.name),
        "changes": changelog.changes(obj.name),
        "page": envelope.page(obj),
        "as_of": iso(oldest["as_of"]),
        "published_at": iso(max(row["published_at"] for row in rows.values())),
        "first_day": _day(oldest, "first_day"),
        "last_day": _day(oldest, "last_day"),
        "fields": [field(column) for column in obj.columns],
        "files": [_file(obj, file, row) for file, row in rows.items()],
    }


def _file(obj: PublicObject, file: PublicFile, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "role": file.role.value,
        "format": file.format.value,
        "key": row["key"],
        "media_type": file.media_type,
        "content_encoding": file.content_encoding,
        "schema": None if file.format is Format.PARQUET else schema_key(obj.name, file.role),
        "bytes": row["bytes"],
        "sha256": row["sha256"],
        **dict(_versions(file, row)),
    }


def _versions(file: PublicFile, row: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Where a dated file keeps a version of each day, and of which days; null for one that is not dated."""
    yield "dated", file.key("{day}") if file.is_dated else None
    yield "first_day", _day(row, "first_version") if file.is_dated else None
    yield "last_day", _day(row, "last_version") if file.is_dated else None


def _day(row: Mapping[str, Any], name: str) -> str | None:
    value: date | None = row.get(name)
    return None if value is None else str(value)
