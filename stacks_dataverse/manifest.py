"""Records of what was landed, and their JSON in the raw archive: a day's manifest, the parts it is joined from.

A record is written with exactly its fields, in their order. Reading ignores keys that it does not know, and gives keys
that an earlier release did not write yet the default of the field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Self


class Record:
    """A frozen dataclass that is stored as a JSON object of its fields."""

    def to_json(self) -> dict[str, Any]:
        """The record as JSON holds it."""
        return {field.name: _to_json(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """The record that JSON of this or an earlier release describes.

        Raises:
            TypeError: a field that every release wrote is missing.
        """
        stored = {field.name: content[field.name] for field in fields(cls) if field.name in content}
        return cls(**{name: FROM_JSON[name](value) if name in FROM_JSON else value for name, value in stored.items()})


@dataclass(frozen=True)
class StoredFile(Record):
    """A file of the archive: its key, its rows and bytes, and the sha256 of its bytes."""

    key: str
    rows: int
    bytes: int
    sha256: str

    note: ClassVar[str] = ""


@dataclass(frozen=True)
class EmptyTable(Record):
    """A table without rows has no file. `note` says why the source has none, or that the role may not read it."""

    note: str = ""

    key: ClassVar[str] = ""
    rows: ClassVar[int] = 0
    bytes: ClassVar[int] = 0
    sha256: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """The rows, which are none, and the note where there is one."""
        return {"rows": 0} | ({"note": self.note} if self.note else {})


LandedTable = StoredFile | EmptyTable


@dataclass(frozen=True, kw_only=True)
class BlocksPart(Record):
    """What is landed first of a day: its blocks, to which the other tables are pinned, and the state of the source.

    Attributes:
        source_version: the version of the API that wrote the source; None where it is not known.
        unreadable_columns: the columns that the role may not read, by table. Earlier releases: none.
        missing_columns: the columns that databases of its version have and this one lacks, by table. Earlier releases:
            none.
        settled: whether the tip was past the end of the day by the margin.
        tip: sums of the API's own tables at its tip, as whole numbers in text, by name; nothing for a day that does not
            hold the tip. Earlier releases: nothing.
        chain_first_day: the first day of the source. Earlier releases: None, as for a source without blocks.
        burn_ranges: the Bitcoin heights that the day's blocks own, as `(above, up_to)`.
        first_block_height, last_block_height: of the canonical blocks; None without any.
        block_count: how many canonical blocks.
        blocks_digest: as `transformers.blocks.block_summary` makes it.
        tables: what was landed, by the table's name.
    """

    source_version: str | None
    unreadable_columns: Mapping[str, list[str]] = field(default_factory=dict)
    missing_columns: Mapping[str, list[str]] = field(default_factory=dict)
    settled: bool
    tip: Mapping[str, str | None] = field(default_factory=dict)
    chain_first_day: date | None = None
    burn_ranges: Sequence[tuple[int, int]]
    first_block_height: int | None
    last_block_height: int | None
    block_count: int
    blocks_digest: str
    tables: Mapping[str, LandedTable]


@dataclass(frozen=True, kw_only=True)
class TablesPart(Record):
    """Tables of a day that were landed together, and the file of blocks to which they are pinned."""

    pinned_to: LandedTable
    tables: Mapping[str, LandedTable]


@dataclass(frozen=True, kw_only=True)
class Manifest(BlocksPart):
    """A landed day: its blocks part with all of its tables.

    Attributes:
        landed_at: when the manifest was written.
        microblocks_digest: as `transformers.mining.daily_microblocks` makes it. Earlier releases: None, which differs
            from every digest, so that such a day is landed again.
    """

    day: date
    landed_at: datetime
    microblocks_digest: str | None = None


def stored_files(tables: Mapping[str, LandedTable], names: Iterable[str]) -> dict[str, StoredFile]:
    """The files of some tables, by name; tables without rows have none."""
    return {name: table for name in names if isinstance(table := tables.get(name), StoredFile)}


def _landed_table(content: Mapping[str, Any]) -> LandedTable:
    return (StoredFile if content["rows"] else EmptyTable).from_json(content)


def _optional_date(content: str | None) -> date | None:
    return None if content is None else date.fromisoformat(content)


# How fields are read that JSON holds in another type, by name.
FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "burn_ranges": lambda content: [(above, up_to) for above, up_to in content],
    "chain_first_day": _optional_date,
    "day": date.fromisoformat,
    "landed_at": datetime.fromisoformat,
    "last_day": _optional_date,
    "pinned_to": _landed_table,
    "tables": lambda content: {name: _landed_table(table) for name, table in content.items()},
    "taken_at": datetime.fromisoformat,
}


def _to_json(value: Any) -> Any:
    match value:
        case Record():
            return value.to_json()
        case Mapping():
            return {name: _to_json(item) for name, item in value.items()}
        case list() | tuple():
            return [_to_json(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value
