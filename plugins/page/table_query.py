"""What a reader of a warehouse table asks for: a page, an order and filters, by declared columns only."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from stacks_dataverse.dataset import Column, Table

PAGE_ROWS, MAX_PAGE, MAX_TEXT = 100, 100, 1000
# PostgreSQL scans and sorts so much within a second.
SMALL_BYTES = 64_000_000
# The digits of 0 to 9 alone: PostgreSQL knows no others.
PAGE_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)

PAGE, SORT, DAY, FROM, TO = "page", "sort", "day", "from", "to"
DATES = (DAY, FROM, TO)
RESERVED = (PAGE, SORT, *DATES)
DESCENDING = "-"


class InvalidQuery(Exception):
    """A parameter of the address is not one that the table can answer; the message says what is possible."""


@dataclass(frozen=True)
class Storage:
    """How a table is stored: the columns of each index, its bytes with them, and its estimated rows if known.

    A view has neither indexes nor a size of its own.
    """

    indexes: tuple[tuple[str, ...], ...] = ()
    bytes: int | None = None
    rows: int | None = None

    @property
    def is_small(self) -> bool:
        """Whether reading all of it is quick."""
        return self.bytes is not None and self.bytes <= SMALL_BYTES

    def index_of(self, column: str | None) -> tuple[str, ...]:
        """The columns of an index that begins with a column; none if there is no such index."""
        return next((index for index in self.indexes if index[0] == column), ())


@dataclass(frozen=True)
class TableQuery:
    """A page of a table's rows: their order, and which rows. `sort` is a column, with a minus for descending."""

    table: Table
    storage: Storage
    page: int = 1
    sort: str = ""
    dates: Mapping[str, date] = field(default_factory=dict)
    equal: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_one_day(self) -> bool:
        """Whether an index finds the rows of the one day that is asked for."""
        return DAY in self.dates and bool(self.storage.index_of(time_column(self.table)))

    @property
    def is_cheap(self) -> bool:
        """Whether every order and filter is quick: the table is small, or an index finds the one day."""
        return self.storage.is_small or self.is_one_day

    @property
    def has_dates(self) -> bool:
        """Whether days can be chosen."""
        time = time_column(self.table)
        return time is not None and (self.storage.is_small or bool(self.storage.index_of(time)))

    def is_quick(self, column: str) -> bool:
        """Whether rows can be sorted or filtered by a column without reading the whole table."""
        return self.is_cheap or bool(self.storage.index_of(column))

    @property
    def quick_columns(self) -> list[Column]:
        """The columns by which rows can be sorted and filtered."""
        return [column for column in self.table.columns if self.is_quick(column.name)]

    @property
    def slow_columns(self) -> list[Column]:
        """The other columns."""
        return [column for column in self.table.columns if not self.is_quick(column.name)]

    @property
    def parameters(self) -> dict[str, str]:
        """Its parameters in an address, without the page."""
        named = {name: str(value) for name, value in (self.dates | self.equal).items()}
        return ({SORT: self.sort} if self.sort else {}) | named

    def parameters_of(self, page: int) -> dict[str, str]:
        """The parameters of one of its pages."""
        return self.parameters | ({PAGE: str(page)} if page > 1 else {})


def time_column(table: Table) -> str | None:
    """The column of a table that says of which day or moment a row is."""
    if table.day_key in table.fields:
        return table.day_key
    times = [column.name for column in table.columns if column.type == "timestamptz" or "timestamp" in column.name]
    return times[0] if times else None


def is_unix(table: Table, column: str) -> bool:
    """Whether a column of times is in unix seconds."""
    return type_of(table, column) in NUMBERS


def type_of(table: Table, column: str) -> str:
    """The PostgreSQL type of a column."""
    return next(each.type for each in table.columns if each.name == column)


def parse(table: Table, storage: Storage, parameters: Mapping[str, str], *, strict: bool = False) -> TableQuery:
    """Return the query of an address's parameters; empty ones count as absent.

    Args:
        strict: refuse parameters that name no column; else they are ignored, for a chart has parameters too.
    Raises:
        InvalidQuery: a value is not of its column's type, or the whole table would have to be read.
    """
    given = {name: value for name, value in parameters.items() if value}
    if (unknown := [name for name in given if name not in (*RESERVED, *table.fields)]) and strict:
        raise InvalidQuery(f"{table.name} has no column {unknown[0]!r}. Its columns: {', '.join(table.fields)}.")
    dates = {name: _day(name, given[name]) for name in DATES if name in given}
    columns = [column for column in table.columns if column.name in given and column.name not in RESERVED]
    equal = {column.name: _value(column, given[column.name]) for column in columns}
    query = TableQuery(table, storage, _page(given.get(PAGE, "1")), given.get(SORT, ""), dates, equal)
    _refuse_slow(query)
    return query


def _refuse_slow(query: TableQuery) -> None:
    sort = query.sort.removeprefix(DESCENDING)
    if sort and sort not in query.table.fields:
        raise InvalidQuery(f"{query.table.name} has no column {sort!r} to sort by.")
    if query.dates and not query.has_dates:
        raise InvalidQuery(f"The rows of {query.table.name} cannot be chosen by day. Download them, and filter there.")
    for column in (*query.equal, *([sort] if sort else [])):
        if not query.is_quick(column):
            hint = "Choose a day too." if query.has_dates else "Download the table, and sort or filter there."
            raise InvalidQuery(f"By {column}, all rows of {query.table.name} would have to be read. {hint}")


def _page(text: str) -> int:
    if not PAGE_NUMBER.fullmatch(text) or int(text) > MAX_PAGE:
        raise InvalidQuery(f"A page is a number from 1 to {MAX_PAGE}. For later rows choose a day, or download all.")
    return int(text)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InvalidQuery(f"The parameter {name} is a UTC day, such as 2024-10-30.") from None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _integer(bits: int) -> Callable[[str], int]:
    def parse_integer(text: str) -> int:
        if not -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1):
            raise ValueError(text)
        return int(text)

    return parse_integer


def _double(text: str) -> float:
    """A number of 64 bits: what is too near to zero is zero, and what is too large is refused."""
    number = float(DOUBLE(text))
    if math.isinf(number):
        raise ValueError(text)
    return number


def _matching(pattern: str) -> Callable[[str], str]:
    def parse_text(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(text)
        return text

    return parse_text


DOUBLE = _matching(r"-?\d{1,300}(\.\d{1,300})?(e[-+]?\d{1,3})?")
NUMBERS: Mapping[str, int] = {"bigint": 64, "integer": 32, "smallint": 16}
PARSERS: Mapping[str, Callable[[str], Any]] = {
    "text": _matching(r"[^\x00]*"),
    "bytea": _matching(r"0x([0-9a-f]{2})*"),
    "boolean": _matching("true|false"),
    "double precision": _double,
    "date": date.fromisoformat,
    "timestamptz": _moment,
    **{kind: _integer(bits) for kind, bits in NUMBERS.items()},
}


def _value(column: Column, text: str) -> Any:
    # A numeric has its digits in brackets.
    parser = PARSERS.get(column.type, _matching(r"-?\d{1,78}"))
    try:
        if len(text) > MAX_TEXT:
            raise ValueError(text)
        return parser(text)
    except ValueError:
        raise InvalidQuery(f"The column {column.name} is of type {column.type}; the given value is not.") from None
