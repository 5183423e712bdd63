"""`catalog.json`: every dataset of the public bucket, its files and its fields, made from what is published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from stacks_dataverse.dataset import LATEST, Column, PublicObject, Schedule
from stacks_dataverse.labels import Group
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.field_types import field_type
from stacks_dataverse.published_file import PublicFile, files_of
from stacks_dataverse.units import Unit

KEY = "catalog.json"
SCHEDULES = {Schedule.DAILY: "daily", Schedule.MARKET: "market", Schedule.HALF_HOURLY: "half_hourly"}
LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True)
class Issue:
    """What the catalogue says of all datasets: when it is made, of which network and tip, licence and address.

    `chain` is `{"height", "at"}` of the newest known block, or None; `url` is empty where it is not known.
    """

    generated_at: datetime
    network: str
    chain: Mapping[str, Any] | None
    licence: str
    url: str


def catalogue(
    objects: Iterable[PublicObject], published: Iterable[Mapping[str, Any]], changelog: Changelog, issue: Issue
) -> dict[str, Any]:
    """The value of `catalog.json`.

    Args:
        published: rows of `published_files`; a dataset without any is left out, and so is a file.
    """
    by_key = {row["key"]: row for row in published}
    datasets = [entry for obj in objects if (entry := _dataset(obj, by_key, changelog))]
    return {
        "version": changelog.version,
        "generated_at": iso(issue.generated_at),
        "network": issue.network,
        "chain": issue.chain,
        "licence": {"name": issue.licence, "url": LICENCES.get(issue.licence, "")},
        "url": issue.url,
        "groups": [{"name": group.name.lower(), "title": group.value} for group in Group],
        "datasets": datasets,
    }


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def schema_key(name: str, role: str) -> str:
    """The key of the schema of a dataset's files of a role."""
    return f"schema/{name}.json" if role == "v1" else f"schema/{name}.{role}.json"


def field(column: Column) -> dict[str, str]:
    """What the catalogue says of a column."""
    unit = column.unit.name if isinstance(column.unit, Unit) else column.unit
    kind = field_type(column.type)
    return {"name": column.name, "type": kind, "unit": unit, "meaning": column.meaning, "null": column.null}


def _dataset(obj: PublicObject, by_key: Mapping[str, Any], changelog: Changelog) -> dict[str, Any] | None:
    rows = {file: by_key[key] for file in files_of(obj) if (key := file.path.format(version=LATEST)) in by_key}
    if obj.private or not rows:
        return None
    newest = max(rows.values(), key=lambda row: row["as_of"])
    return {
        "name": obj.name,
        "title": obj.title,
        "group": obj.group.name.lower(),
        "method": obj.method,
        "warnings": list(obj.warnings),
        "schedule": SCHEDULES[obj.schedule],
        "freshness_hours": obj.freshness_hours,
        "status": "history" if obj.is_history(newest["as_of"]) else "live",
        "since": changelog.since(obj.name),
        "changes": changelog.changes(obj.name),
        "page": f"datasets/{obj.name}.html",
        "as_of": iso(newest["as_of"]),
        "published_at": iso(max(row["published_at"] for row in rows.values())),
        "first_day": _day(newest, "first_day"),
        "last_day": _day(newest, "last_day"),
        "fields": [field(column) for column in obj.columns],
        "files": [_file(obj, file, row) for file, row in rows.items()],
    }


def _file(obj: PublicObject, file: PublicFile, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "role": file.role,
        "format": file.format,
        "key": row["key"],
        "media_type": file.media_type,
        "content_encoding": file.content_encoding,
        "schema": None if file.format == "parquet" else schema_key(obj.name, file.role),
        "bytes": row["bytes"],
        "sha256": row["sha256"],
        **dict(_versions(file, row)),
    }


def _versions(file: PublicFile, row: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Where a dated file keeps a version of each day, and of which days; null for one that is not dated."""
    is_dated = "{version}" in file.path
    yield "dated", file.path.replace("{version}", "{day}") if is_dated else None
    yield "first_day", _day(row, "first_version") if is_dated else None
    yield "last_day", _day(row, "last_version") if is_dated else None


def _day(row: Mapping[str, Any], name: str) -> str | None:
    value: date | None = row.get(name)
    return None if value is None else str(value)
