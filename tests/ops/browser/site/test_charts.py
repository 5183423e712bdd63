"""Charts that read the public files themselves: as the web UI draws them, and of a large file only parts."""

import gzip
import json
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from plugins.page import charts, series
from stacks_dataverse import catalog
from stacks_dataverse.dataset import fields_of
from stacks_dataverse.files import unzip
from tests.faults.moments import wait_until
from tests.ops.browser.site.conftest import Reader, catalogue_of
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

OBJECTS = {obj.name: obj for obj in catalog.OBJECTS}
TABLE = "[...document.querySelectorAll('[data-rows] tr')].map((line) => [...line.cells].map((cell) => cell.innerText))"
REQUESTS = """
    return performance.getEntriesByType('resource').filter((entry) => entry.name.includes(arguments[0]))
      .map((entry) => entry.encodedBodySize)
"""
DAYS = 6000


def rows_of(pipeline: Pipeline, name: str) -> list[dict[str, object]]:
    """The rows of a dataset as they are published."""
    return json.loads(unzip(pipeline.public.get(f"v1/{name}.json.gz")))["data"]


def python_chart(pipeline: Pipeline, name: str, figure: str) -> dict[str, object]:
    """What the page of the web UI would draw of the same rows."""
    part = charts.part_of_rows(fields_of(OBJECTS[name].columns), rows_as_days(rows_of(pipeline, name)))
    return series.as_json(series.series_of(part, part.position_of(figure)))


def rows_as_days(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows with days as such."""
    return [row | {"day": date.fromisoformat(str(row["day"]))} for row in rows]


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("network_activity", "tx_count"),
        ("network_activity", "fee_ustx"),
        ("mining", "hhi"),
        ("active_initiators", "stickiness"),
        ("financial_indicators", "close_usd"),
        ("financial_indicators", "change_pct"),
    ],
)
def test_a_chart_is_the_one_that_the_web_ui_draws(reader: Reader, published: Pipeline, name: str, figure: str) -> None:
    reader.look_at(f"datasets/{name}.html?field={figure}")
    expected = python_chart(published, name, figure)
    drawn = reader.ask("chart.data")
    assert drawn["x"] == expected["x"]
    assert drawn["values"] == pytest.approx(expected["values"], rel=1e-12)
    kept = ("axis", "figure", "title", "meaning", "unit", "places", "null", "no_logarithm")
    assert {key: drawn[key] for key in kept} == {key: expected[key] for key in kept}
    assert [(each["label"], each["text"]) for each in drawn["headline"]] == [
        (each["label"], each["text"]) for each in expected["headline"]
    ]
    numbers = reader.find("[data-headline]").text
    assert all(each["text"] in numbers for each in expected["headline"])


def test_of_rows_by_type_each_type_is_a_chart(reader: Reader, published: Pipeline) -> None:
    reader.look_at("datasets/transactions_by_type.html")
    choice = Select(reader.find("select[aria-label=Figure]"))
    choice.select_by_value("fee_ustx@token_transfer, success")
    wait_until(lambda: reader.ask("chart.data.figure") == "fee_ustx@token_transfer, success", "it is shown")
    rows = rows_of(published, "transactions_by_type")
    wanted = [
        row["fee_ustx"] / 1e6 for row in rows if (row["tx_type"], row["tx_status"]) == ("token_transfer", "success")
    ]
    assert reader.ask("chart.data.values") == pytest.approx(wanted)
    assert "field=fee_ustx" in reader.browser.current_url


@pytest.mark.parametrize(("name", "axis"), [("tx_per_block", "number"), ("wallet_balances", "band")])
def test_what_is_not_over_time_is_drawn_as_bars(reader: Reader, name: str, axis: str) -> None:
    reader.look_at(f"datasets/{name}.html")
    assert reader.ask("chart.data.axis") == axis
    assert reader.ask("chart.plot.scales.y.min") == 0
    assert reader.ask("chart.data.headline") == []


def test_of_a_single_row_each_field_is_a_line(reader: Reader, published: Pipeline) -> None:
    reader.open("datasets/spot_stats.html")
    reader.sees("1 row", "[data-rows] caption")
    (row,) = rows_of(published, "spot_stats")
    lines = reader.ask(TABLE)
    assert lines[0] == ["Field", "Value", "Unit"]
    assert ["Total transactions of all time", f"{row['total_txs_alltime']:,}", ""] in lines
    assert ["Total stacked", f"{row['total_stacked']:,.6f}".rstrip("0").rstrip("."), "STX"] in lines
    assert len(lines) == 1 + len(row)
    reader.sees("These values are not drawn as a chart", "[data-chart]")
    assert not reader.browser.find_element(By.CLASS_NAME, "embed-code").is_displayed()


def test_two_datasets_are_compared(reader: Reader) -> None:
    reader.look_at("datasets/network_activity.html?compare=mining:tenures")
    wait_until(lambda: reader.ask("chart.compared !== null"), "the other is drawn")
    assert " and " in reader.ask("chart.title.textContent")
    reader.click(".chart-tools button:nth-last-of-type(1)")
    wait_until(lambda: reader.ask("chart.compared === null"), "it is ended")


@pytest.fixture
def large(published: Pipeline, replaced: Callable[[str, bytes], None]) -> list[dict[str, object]]:
    """`network_activity` of 6,000 days, of which the JSON is too large for a page to read."""
    (row, *_) = rows_of(published, "network_activity")
    numbers = [name for name, value in row.items() if name != "day"]
    rows = [
        {"day": str(date(2010, 1, 1) + timedelta(number))}
        | {name: (number * 7919 + place * 104729) ** 3 % 1_000_003_337 for place, name in enumerate(numbers)}
        for number in range(DAYS)
    ]
    table = pa.Table.from_pylist(rows_as_days(rows))
    sink = BytesIO()
    pq.write_table(table, sink, compression="snappy", row_group_size=1000)
    packed = gzip.compress(json.dumps({"data": rows}).encode())
    replaced("v1/network_activity.parquet", sink.getvalue())
    replaced("v1/network_activity.json.gz", packed)
    value = catalogue_of(published)
    entry = next(entry for entry in value["datasets"] if entry["name"] == "network_activity")
    for file in entry["files"]:
        file["bytes"] = len(json.dumps({"data": rows}) if file["format"] == "json" else sink.getvalue())
    replaced("catalog.json", gzip.compress(json.dumps(value).encode()))
    return rows


def test_of_a_large_file_only_the_columns_that_are_shown_are_read(reader: Reader, large: list[dict[str, int]]) -> None:
    reader.look_at("embed.html?d=network_activity&field=fee_ustx&from=2016-02-01&to=2016-12-31")
    assert reader.ask("chart.data.values") == pytest.approx([row["fee_ustx"] / 1e6 for row in large])
    assert reader.ask("chart.range") == [1454284800, 1483142400]
    assert reader.browser.execute_script(REQUESTS, "v1/network_activity.json.gz") == []
    sizes = reader.browser.execute_script(REQUESTS, "v1/network_activity.parquet")
    whole = 17 * 8 * DAYS
    assert len(sizes) > 1
    assert sum(sizes) < whole / 2
    choice = Select(reader.find("select[aria-label=Figure]"))
    choice.select_by_value("tx_count")
    wait_until(lambda: reader.ask("chart.data.figure") == "tx_count", "the other figure is read")
    assert reader.ask("chart.data.values") == [row["tx_count"] for row in large]
    assert reader.complaints() == []


def test_of_a_large_file_the_newest_rows_are_listed(reader: Reader, large: list[dict[str, int]]) -> None:
    reader.look_at("datasets/network_activity.html")
    reader.sees("The newest 100 rows", "[data-rows] caption")
    first = reader.find("[data-rows] tbody tr").text.split()
    assert first[:2] == [large[-1]["day"], f"{large[-1]['block_count']:,}"]
    assert reader.ask("document.querySelectorAll('[data-rows] tbody tr').length") == 100


def test_a_file_that_is_replaced_while_it_is_read_is_not_mixed(
    reader: Reader, large: list[dict[str, int]], published: Pipeline, replaced: Callable[[str, bytes], None]
) -> None:
    body = published.public.get("v1/network_activity.parquet")
    # The catalogue still has the size of the file before: its end is read from another place than where it is.
    replaced("v1/network_activity.parquet", body + b"\0" * 100_000)
    reader.open("embed.html?d=network_activity")
    wait_until(lambda: reader.find("[data-chart]").text != "", "it is said")
    assert not reader.ask("Boolean(chart)")


def test_a_dataset_without_rows_is_said_to_have_none(reader: Reader, replaced: Callable[[str, bytes], None]) -> None:
    replaced("v1/network_activity.json.gz", gzip.compress(json.dumps({"data": []}).encode()))
    reader.open("datasets/network_activity.html")
    reader.sees("0 rows", "[data-rows] caption")
    reader.sees("These values are not drawn as a chart", "[data-chart]")


@pytest.mark.parametrize("name", ["no_such", "constructor"])
def test_a_dataset_that_does_not_exist_is_said(name: str, reader: Reader) -> None:
    reader.open(f"embed.html?d={name}")
    reader.sees(f"There is no dataset {name}.")
    assert reader.complaints() == []
