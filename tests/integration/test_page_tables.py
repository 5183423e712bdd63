"""Rows of tables on the page: pages, orders and filters, by declared columns, and quick however large the table."""

from tests.integration.page import no_airflow as no_airflow, viewer as viewer  # isort: skip

import re
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from plugins.page import dataset_reader, table_query, table_view
from plugins.page.table_query import PAGE_ROWS
from stacks_dataverse import catalog
from stacks_dataverse.dataset import Kind
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.support.pipeline import Pipeline

DAY = SAMPLE_DAYS[1]
TABLES = {table.name: table for table in catalog.TABLES}


@pytest.fixture
def warehouse(sample_with_look: Pipeline) -> Iterator[Warehouse]:
    """The warehouse, read-only."""
    with Warehouse.open_read_only(sample_with_look.warehouse_dsn) as store:
        yield store


def test_pages_together_are_the_whole_table(warehouse: Warehouse) -> None:
    table, rows, page = TABLES["address_days"], [], 1
    storage = dataset_reader.read_storage(warehouse, table)
    while True:
        query = table_query.parse(table, storage, {"page": str(page)})
        found, has_more = dataset_reader.read_page(warehouse, query)
        rows += [tuple(row[name] for name in table.key) for row in found]
        assert len(found) == PAGE_ROWS or not has_more
        page += 1
        if not has_more:
            break
    assert page > 3
    assert len(set(rows)) == len(rows) == warehouse.scalar("SELECT count(*) FROM address_days")
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True), "newest first"


def test_a_page_links_to_the_next_and_the_former(viewer: TestClient) -> None:
    first, second = (viewer.get("/dataset/address_days", params={"page": page, "day": DAY}).text for page in (1, 2))
    assert f'rel="next" href="?day={DAY}&amp;page=2#rows"' in first
    assert f"Rows 1–{PAGE_ROWS}" in first
    assert 'rel="prev"' not in first
    assert f'rel="prev" href="?day={DAY}#rows"' in second
    assert f"Rows {PAGE_ROWS + 1}–" in second


def rows_of(text: str) -> list[str]:
    """The titles, which are the raw values, and else the texts of the first cells of a page's rows."""
    table = text[text.index('<table class="figures') :]
    return re.findall(r'<tr><th scope="row">(?:<span[^>]*>)?([^<]+)', table[: table.index("</table>")])


def test_days_are_chosen(viewer: TestClient) -> None:
    assert rows_of(viewer.get("/dataset/daily_blocks").text) == [*reversed(SAMPLE_DAYS)]
    assert rows_of(viewer.get("/dataset/daily_blocks", params={"day": DAY}).text) == [DAY]
    since = viewer.get("/dataset/daily_blocks", params={"from": DAY, "sort": "day"}).text
    assert rows_of(since) == [*SAMPLE_DAYS[1:]]
    assert rows_of(viewer.get("/dataset/daily_blocks", params={"from": DAY, "to": DAY}).text) == [DAY]
    assert "No rows" in viewer.get("/dataset/daily_blocks", params={"day": "1999-01-01"}).text


@pytest.mark.parametrize("name", [table.name for table in catalog.TABLES if table_query.time_column(table)])
def test_every_table_with_times_is_filtered_by_day(name: str, warehouse: Warehouse) -> None:
    table = TABLES[name]
    storage = table_query.Storage(bytes=0)
    for parameters in ({"day": DAY}, {"from": DAY, "to": SAMPLE_DAYS[2]}):
        rows, _ = dataset_reader.read_page(warehouse, table_query.parse(table, storage, parameters))
        column = table_query.time_column(table)
        for row in rows:
            value = row[column]
            at = date.fromtimestamp(value) if isinstance(value, int) else value
            assert DAY <= f"{at:%Y-%m-%d}" <= SAMPLE_DAYS[2], (name, at)


@pytest.mark.parametrize("table", catalog.TABLES, ids=lambda table: table.name)
def test_rows_are_found_again_by_every_column(table: catalog.Table, warehouse: Warehouse) -> None:
    storage = table_query.Storage(bytes=0)
    rows, _ = dataset_reader.read_page(warehouse, table_query.parse(table, storage, {}))
    for column in table.columns:
        value = next((row[column.name] for row in rows if row[column.name] is not None), None)
        if value is not None and column.name not in table_query.RESERVED:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            query = table_query.parse(table, storage, {column.name: text, "sort": f"-{column.name}"})
            found, _ = dataset_reader.read_page(warehouse, query)
            assert found, (table.name, column.name, text)
            assert all(row[column.name] == value for row in found)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/dataset/swaps?page=0", "A page is a number"),
        ("/dataset/swaps?page=101", "choose a day, or download"),
        ("/dataset/swaps?page=1;drop", "A page is a number"),
        ("/dataset/swaps?sort=tx_id,day", "no column"),
        ("/dataset/swaps?sort=token_hash", "no column"),
        ("/dataset/swaps?day=yesterday", "is a UTC day"),
        ("/dataset/swaps?block_height=high", "is of type integer"),
        ("/dataset/swaps?amount_in=1e5", "is of type numeric"),
        ("/dataset/swaps?trader=%00", "is of type text"),
        ("/dataset/contract_deployments?clarity_version=99999", "is of type smallint"),
        ("/dataset/daily_balances?gini=1e400", "is of type double precision"),
        ("/dataset/stx_balances?day=2024-10-29", "cannot be chosen by day"),
    ],
)
def test_what_cannot_be_asked_is_said(path: str, reason: str, viewer: TestClient) -> None:
    answer = viewer.get(path)
    assert answer.status_code == 422
    assert reason in answer.text


@pytest.mark.parametrize("value", ["' OR '1'='1", "'; DROP TABLE swaps; --", "{day}", "%27", "\\'"])
def test_a_filter_is_a_value_and_no_sql(value: str, viewer: TestClient, warehouse: Warehouse) -> None:
    answer = viewer.get("/dataset/swaps", params={"trader": value})
    assert answer.status_code == 200
    assert "No rows" in answer.text
    assert warehouse.scalar("SELECT count(*) FROM swaps") > 0


@pytest.mark.parametrize(
    "path",
    [
        "daily_blocks?to=9999-12-31",
        "daily_blocks?day=9999-12-31",
        "contract_deployments?clarity_version=-32768",
        "daily_blocks?blocks=-9223372036854775808",
        "daily_balances?gini=1e-400",
    ],
)
def test_the_ends_of_each_type_can_be_asked_for(path: str, viewer: TestClient) -> None:
    assert viewer.get(f"/dataset/{path}").status_code == 200
    assert viewer.get(f"/dataset/{path.replace('?', '/data.csv?')}").status_code == 200


def test_parameters_of_a_chart_are_not_filters(viewer: TestClient) -> None:
    answer = viewer.get("/dataset/daily_blocks?figure=blocks&log=1&from=2024-10-29T05:00")
    assert answer.status_code == 200
    assert rows_of(answer.text) == [SAMPLE_DAYS[2], DAY]


def test_of_a_large_table_only_what_an_index_answers_is_offered(warehouse: Warehouse) -> None:
    table = TABLES["address_days"]
    storage = dataset_reader.read_storage(warehouse, table)
    assert ("day", "address") in storage.indexes
    large = table_query.Storage(storage.indexes, 10**10, 10**8)
    offered = {column.name for column in table_query.parse(table, large, {}).quick_columns}
    assert "day" in offered
    assert "first_hour_at" not in offered
    with pytest.raises(table_query.InvalidQuery, match="Choose a day too"):
        table_query.parse(table, large, {"sort": "-first_hour_at"})
    of_a_day = table_query.parse(table, large, {"sort": "-first_hour_at", "day": DAY})
    assert len(dataset_reader.read_page(warehouse, of_a_day)[0]) == PAGE_ROWS
    page = table_view.TablePage(table_query.parse(table, large, {}), [], True)
    assert page.total == 10**8


def test_a_view_has_its_order_and_its_download_only(viewer: TestClient) -> None:
    page = viewer.get("/dataset/mining_tenures").text
    assert "Sorting and filtering by other columns is not offered" in page
    assert viewer.get("/dataset/mining_tenures?sort=-fees_ustx").status_code == 422


def test_a_series_is_drawn_whole_whatever_the_page_shows(viewer: TestClient) -> None:
    parameters = {"day": DAY}
    assert 'data-chart="/dataset/daily_blocks/chart.json' in viewer.get("/dataset/daily_blocks", params=parameters).text
    assert len(viewer.get("/dataset/daily_blocks/chart.json").json()["x"]) == len(SAMPLE_DAYS)
    assert "data-chart" not in viewer.get("/dataset/swaps", params=parameters).text


def test_no_column_is_called_as_a_parameter_of_the_address() -> None:
    names = {column.name for table in catalog.TABLES for column in table.columns}
    assert names & set(table_query.RESERVED) == {"day"}
    of_days = [table for table in catalog.TABLES if "day" in table.fields]
    assert all(table_query.time_column(table) == "day" for table in of_days)


def test_keys_of_facts_begin_with_what_finds_a_day(warehouse: Warehouse) -> None:
    """So that a day of any large table is found by an index, and its rows sort by any column."""
    for table in catalog.TABLES:
        if table.kind in (Kind.FACT, Kind.FIGURE):
            storage = dataset_reader.read_storage(warehouse, table)
            assert storage.index_of(table_query.time_column(table)), table.name
