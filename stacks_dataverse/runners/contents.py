"""What the files of a public dataset contain, made of its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stacks_dataverse import envelope, files, typed_rows, units
from stacks_dataverse.dataset import LATEST, PublicObject, Schedule
from stacks_dataverse.public import validation
from stacks_dataverse.public_files import Format, PublicFile, Role, files_of
from stacks_dataverse.runners.upload import Draft, Upload
from stacks_dataverse.stores.warehouse import Warehouse

# A dated version changes when its day is built again, and if it shows prices some hours later, when they are stored;
# the others with every run of their schedule.
CACHE_DATED_SECONDS = 7200
CACHE_SECONDS = {Schedule.DAILY: 3600, Schedule.MARKET: 3600, Schedule.HALF_HOURLY: 300}


@dataclass(frozen=True)
class Publication:
    """The rows of a dataset, None where they are not known, to be published as versions: days, and `latest`.

    `as_of` is the end of the data, None without any.
    """

    obj: PublicObject
    versions: Sequence[str]
    rows: pa.Table | None
    as_of: datetime | None

    def uploads(self) -> list[Upload]:
        """Every file of every version, `latest` last.

        Raises:
            Terminal, ValueError, pyarrow.ArrowInvalid: the rows are not what the dataset declares.
        """
        contents = self.contents()
        return [self._upload(file, version, body) for version in self.versions for file, body in contents.items()]

    def contents(self) -> dict[PublicFile, bytes]:
        """The content of each file, as a reader gets it."""
        rows = None if self.rows is None else typed_rows.typed(self.rows, self.obj.columns)
        return {file: self._content(file, rows) for file in files_of(self.obj)}

    def _content(self, file: PublicFile, rows: pa.Table | None) -> bytes:
        if file.format is Format.PARQUET:
            known = typed_rows.schema_of(self.obj.columns).empty_table() if rows is None else rows
            return files.parquet(known, envelope.summary(self.obj, rows, self._as_of_text))
        value = self._value(file.role, rows)
        validation.validate_file(value, self.obj, file)
        return files.csv_text(value) if file.format is Format.CSV else files.json_text(value)

    def _value(self, role: Role, rows: pa.Table | None) -> Any:
        if role is Role.V1:
            return envelope.wrap(self.obj, rows, self._as_of_text)
        return None if rows is None else units.round_value(self.obj.shape(rows), self.obj.fields)

    @property
    def _as_of_text(self) -> str | None:
        return f"{self.as_of:%Y-%m-%dT%H:%M:%SZ}" if self.as_of else None

    def _upload(self, file: PublicFile, version: str, content: bytes) -> Upload:
        is_latest = version == LATEST
        seconds = CACHE_SECONDS[self.obj.schedule] if is_latest else CACHE_DATED_SECONDS
        headers = {**files.headers(file.path), "CacheControl": f"public, max-age={seconds}"}
        first, last = self._days() if is_latest else (None, None)
        return Upload(
            file.key(version), content, headers, file.name, file.role.value, file.format.value,
            self.as_of, first, last, None if is_latest else (file.path, date.fromisoformat(version)),
        )  # fmt: skip

    def _days(self) -> tuple[date | None, date | None]:
        """The first and the last day of the rows; None where they are not by day or moment."""
        first = self.obj.columns[0]
        if self.rows is None or first.type not in ("date", "timestamptz"):
            return None, None
        bounds = pc.min_max(self.rows[first.name].cast(pa.date32())).as_py()
        return bounds["min"], bounds["max"]


def read_publication(
    warehouse: Warehouse, obj: PublicObject, versions: Sequence[str], **values: Any
) -> Iterator[Draft]:
    """Read what is to be published of a dataset; `values` are those of its queries.

    An object with `keep_if_empty` keeps its previous version when its query returns no rows.
    """
    if not versions:
        return []
    rows = warehouse.read(obj.rows, **values)
    if obj.keep_if_empty and not rows.num_rows:
        return []
    is_known = not obj.known or warehouse.scalar(obj.known, **values)
    return [Publication(obj, versions, rows if is_known else None, _end_of_data(warehouse, obj, values)).uploads]


def _end_of_data(warehouse: Warehouse, obj: PublicObject, values: Mapping[str, Any]) -> datetime | None:
    """Up to when the data go: as a query says, to the end of the day, or to the time of the chain's tip."""
    if obj.as_of:
        return warehouse.scalar(f"SELECT moment::timestamptz FROM ({obj.as_of}) AS dated (moment)", **values)
    if obj.schedule is Schedule.HALF_HOURLY:
        return datetime.fromtimestamp(values["tip_at"], UTC)
    day: date | None = values["day"]
    return day and datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
