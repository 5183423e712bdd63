"""The rows of a day that assets' events have are those that the page counts table by table."""

from typing import Any

from plugins.page.day_reader import read_row_counts
from stacks_dataverse import catalog
from stacks_dataverse.runners.row_counts import count_rows
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window

FIRST, LAST = Window.parse("2024-10-28"), Window.parse("2024-10-29")


def test_rows_are_those_of_every_table_of_the_days(whole_chain: Any) -> None:
    with Warehouse.open(whole_chain("sample").warehouse_dsn) as store:
        by_day = [sum(read_row_counts(store, catalog.TABLES, window.day).values()) for window in (FIRST, LAST)]
        assert [count_rows(store, catalog.TABLES, window, window) for window in (FIRST, LAST)] == by_day
        assert count_rows(store, catalog.TABLES, FIRST, LAST) == sum(by_day) > 0
