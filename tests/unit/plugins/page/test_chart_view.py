"""What a chart is given: one figure, the names of the others, and what it can be compared with."""

import json

import pytest

from plugins.page import chart_view
from plugins.page.charts import part_of_rows, parts_of_object
from stacks_dataverse import catalog

FIELDS = {"day": "UTC day", "tx_count": "transactions", "fee_ustx": "fees, µSTX"}
PART = part_of_rows(FIELDS, [{"day": catalog.TABLES[0].first_day, "tx_count": 5, "fee_ustx": 2_000_000}])


@pytest.mark.parametrize(("figure", "drawn"), [("", "tx_count"), ("fee_ustx", "fee_ustx"), ("no_such", "tx_count")])
def test_a_figure_is_drawn_by_its_name(figure: str, drawn: str) -> None:
    chart = chart_view.chart(PART, figure)
    assert chart["figure"] == drawn
    assert [each["title"] for each in chart["figures"]] == ["Transactions", "Fee"]


@pytest.mark.parametrize(("figure", "drawn"), [("", "fee_ustx"), ("tx_count", "tx_count")])
def test_a_chart_begins_with_the_headline(figure: str, drawn: str) -> None:
    chart = chart_view.chart(PART, figure, headline="fee_ustx")
    assert (chart["initial"], chart["figure"]) == ("fee_ustx", drawn)


def test_a_histogram_is_drawn_in_bands() -> None:
    text = json.dumps({"10000": 3, "25000": 0, "50000": 1}).encode()
    (part,) = parts_of_object("x.json.gz", {"<lower edge of the bin, STX>": "accounts"}, text)
    chart = chart_view.chart(part)
    assert (chart["axis"], chart["labels"], chart["values"]) == ("band", ["10k–25k", "25k–50k", "≥ 50k"], [3, 0, 1])


def test_series_can_be_compared_and_nothing_else() -> None:
    found = {each["name"]: [figure["name"] for figure in each["figures"]]
             for each in chart_view.comparable([*catalog.OBJECTS, *catalog.TABLES])}  # fmt: skip
    assert found["daily_txs"] == ["value"]
    assert found["price_7d"] == ["value"]
    assert "holders" in found["daily_balances"]
    assert {"nft_top_by_holders", "wallet_balances", "daily_transactions", "exchange_volume", "signers"} & set(
        found
    ) == set()


def test_a_table_that_an_object_shows_whole_is_offered_once() -> None:
    found = [each["name"] for each in chart_view.comparable([*catalog.OBJECTS, *catalog.TABLES])]
    assert ("blocks" in found, "daily_blocks" in found) == (True, False)
