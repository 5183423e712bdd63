"""The rows of a warehouse table as the page shows them: a page in an order, with filters, and links to more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from plugins.page import charts, dataset_reader, table_query
from plugins.page.day_reader import Row
from plugins.page.page_stores import PageStores
from plugins.page.table_query import PAGE_ROWS, TableQuery
from stacks_dataverse.dataset import Column, Table

# More fields would hide the rows; the address takes every column.
MAX_FIELDS = 6
TYPED = ("text", "boolean")


@dataclass(frozen=True)
class TablePage:
    """A page of rows; addresses are relative to the dataset's."""

    query: TableQuery
    rows: Sequence[Row]
    has_more: bool

    @property
    def part(self) -> charts.Part:
        """Its rows as a part, with a chart if the table has one row a day or moment."""
        part = charts.part_of_rows(self.query.table.fields, self.rows)
        return part if is_series(self.query.table) else replace(part, axis=charts.PLAIN)

    @property
    def first(self) -> int:
        """The number of its first row, from 1."""
        return (self.query.page - 1) * PAGE_ROWS + 1

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + len(self.rows) - 1

    @property
    def total(self) -> int | None:
        """How many rows there are in all: exact on the last page; of a table without filters estimated, if known."""
        if not self.has_more:
            return max(self.last, 0)
        return None if self.query.dates or self.query.equal else self.query.storage.rows

    @property
    def fields(self) -> list[Column]:
        """The columns with a field of their own in the form: those of the key, then texts."""
        time, key = table_query.time_column(self.query.table), self.query.table.key
        offered = [column for column in self.query.quick_columns if column.name not in (time, *table_query.RESERVED)]
        ordered = sorted(offered, key=lambda column: (column.name not in key, column.type not in TYPED))
        return [column for column in ordered if column.name in key or column.type in TYPED][:MAX_FIELDS]

    def title_of(self, column: str) -> str:
        """What the head of a column says."""
        return charts.Column(column, self.query.table.fields[column]).title

    def address(self, page: int = 1) -> str:
        """The parameters of a page, with a question mark."""
        return f"?{urlencode(self.query.parameters_of(page))}"


def read_page(stores: PageStores, table: Table, parameters: Mapping[str, str]) -> TablePage:
    """The page that an address asks for. Raises InvalidQuery."""
    with stores.warehouse() as store:
        query = table_query.parse(table, dataset_reader.read_storage(store, table), parameters)
        return TablePage(query, *dataset_reader.read_page(store, query))


def read_series(stores: PageStores, table: Table) -> charts.Part:
    """The rows of a table that has one a day or moment, of others none."""
    if not is_series(table):
        return charts.part_of_rows(table.fields, [])
    with stores.warehouse() as store:
        return charts.part_of_rows(table.fields, dataset_reader.read_series(store, table))


def is_series(table: Table) -> bool:
    """Whether a table has one row a day or moment."""
    return table.key == (table_query.time_column(table),)
