"""A part as a table: formats by unit, one form of time, rankings with shares, why values are null."""

import json
from datetime import UTC, datetime
from typing import Any

from plugins.page.charts import Part, part_of_rows, parts_of_object
from plugins.page.tables import RANKING, RECORD, ShownTable, shown_rows, shown_table
from stacks_dataverse.units import SHARE, STX

ADDRESS = "SP2KAF9RF86PVX3NEE27DFV1CQX0T4WGR41X3S45C"
NAME = "collection's short name, or address.name where several share it"
NFTS = {f"<{NAME}>.value": "owners", f"<{NAME}>.contract": "the collection's contract"}
DAY = 86_400


def parts(fields: dict[str, str], value: Any) -> list[Part]:
    """The parts of an object of that value."""
    return parts_of_object("x.json.gz", fields, json.dumps(value).encode())


def texts(table: ShownTable) -> list[list[str]]:
    """Keys and cells as they are shown."""
    return [[row.key.text, *(cell.text for cell in row.cells)] for row in table.rows]


def test_days_are_days_and_hours_are_moments_in_one_form() -> None:
    days, hours = (parts({"<unix seconds of UTC midnight>": "n"}, dict.fromkeys(keys, 5))[0] for keys in
                   (("0", str(DAY)), (str(DAY), str(DAY + 3600))))  # fmt: skip
    assert texts(shown_table(days, 9)) == [["1970-01-02", "5"], ["1970-01-01", "5"]]
    assert texts(shown_table(hours, 9)) == [["1970-01-02 01:00 UTC", "5"], ["1970-01-02 00:00 UTC", "5"]]


def test_moments_of_other_columns_have_the_same_form_and_their_value_behind_it() -> None:
    rows = [{"at": datetime(2024, 10, 30, 23, tzinfo=UTC), "seen": 1730329200}] * 2
    table = shown_table(part_of_rows({"at": "moment", "seen": "when, unix seconds"}, rows), 9)
    assert texts(table)[0] == ["2024-10-30 23:00 UTC"] * 2
    assert table.rows[0].cells[0].raw == "1730329200 (unix seconds)"


def test_an_amount_has_its_value_behind_it() -> None:
    rows = [{"address": "x", "balance_ustx": 138001378686}, {"address": "y", "balance_ustx": 1}]
    table = shown_table(part_of_rows({"address": "principal", "balance_ustx": "balance, µSTX"}, rows), 9)
    assert [(row.cells[0].text, row.cells[0].raw) for row in table.rows] == [
        ("138,001.378686", "138001378686 µSTX"),
        ("0.000001", "1 µSTX"),
    ]
    heading = table.headings[1]
    assert (heading.name, heading.unit, heading.meaning) == ("Balance", "STX", "balance_ustx: balance, µSTX")


def test_one_line_says_why_values_are_null() -> None:
    fields = {"day": "UTC day", "a": "n; null if history is missing", "b": "n", "c": "n; null without a price"}
    rows = [{"day": 1, "a": None, "b": 1, "c": None}, {"day": 2, "a": None, "b": None, "c": 2}]
    assert shown_table(part_of_rows(fields, rows), 9).legend == (
        "– is null: A if history is missing; B where the value is not known; C without a price."
    )
    assert shown_table(part_of_rows(fields, rows[:1]), 9).rows[0].cells[0].text == "–"
    assert shown_table(part_of_rows({"day": "UTC day", "b": "n"}, rows[:1]), 9).legend == ""


def test_a_single_reason_needs_no_names() -> None:
    (part,) = parts({"<block height>": "n; null if not known"}, {"1": None})
    assert shown_table(part, 9).legend == "– is null if not known."


def test_a_ranking_has_ranks_shares_and_bars() -> None:
    value = {"apes": {"value": 6, "contract": f"{ADDRESS}.apes"}, "b": {"value": 2, "contract": f"{ADDRESS}.other"},
             "c": {"value": 2, "contract": "c"}}  # fmt: skip
    (part,) = parts(NFTS, value)
    table = shown_table(part, 9)
    assert (table.kind, table.bar) == (RANKING, 0)
    assert texts(table) == [["apes", "6"], ["b", "2"], ["c", "2"]]
    assert [(row.rank, row.share, row.bar) for row in table.rows] == [
        (1, "60.0 %", 100.0),
        (2, "20.0 %", 33.3),
        (2, "20.0 %", 33.3),
    ]
    assert [row.note and row.note.text for row in table.rows] == ["SP2KAF…S45C", "SP2KAF…S45C.other", None]
    assert table.headings[0].name == "Collection's short name"


def test_rows_with_a_share_of_their_own_have_no_other() -> None:
    fields = {
        "rank": "1 is the largest",
        "address": "principal",
        "balance": STX("STX"),
        "share": SHARE("of the supply"),
    }
    rows = [{"rank": n, "address": f"a{n}", "balance": 10.0 / n, "share": 0.1} for n in (1, 2)]
    table = shown_table(part_of_rows(fields, rows), 9)
    assert [(row.key.text, row.rank, row.share) for row in table.rows] == [("a1", 1, ""), ("a2", 2, "")]
    assert [heading.name for heading in table.headings] == ["Address", "Balance", "Share"]


def test_names_in_another_order_are_no_ranking() -> None:
    (part,) = parts(NFTS, {"a": {"value": 1, "contract": "x"}, "b": {"value": 2, "contract": "y"}})
    assert shown_table(part, 9).kind == ""


def test_chosen_rows_stay_in_their_order() -> None:
    rows = [{"day": datetime(2024, 10, day, tzinfo=UTC).date(), "n": day} for day in (1, 2, 3)]
    part = part_of_rows({"day": "UTC day", "n": "n"}, rows)
    assert [row[1] for row in texts(shown_rows(part, 3))] == ["1", "2", "3"]
    assert [row[1] for row in texts(shown_table(part, 2))] == ["3", "2"]
    assert shown_table(part, 2).caption == "The newest 2 of 3 rows; downloads have all"


def test_a_record_has_names_and_values_with_their_unit() -> None:
    (part,) = parts(
        {"total_stacked": STX("STX; null if not known"), "total_txs": "n"}, {"total_stacked": 2.5, "total_txs": 7}
    )
    table = shown_table(part, 9)
    assert table.kind == RECORD
    assert texts(table) == [["Total stacked", "2.5 STX"], ["Total transactions", "7"]]
    assert [row.key.raw for row in table.rows] == ["total_stacked", "total_txs"]


def test_a_histogram_leaves_out_empty_bands() -> None:
    (part,) = parts({"<lower edge of the bin, STX>": "accounts"}, {"10000": 3, "25000": 0, "50000": 1})
    table = shown_table(part, 9)
    assert texts(table) == [["10k–25k", "3", "75.0 %", "75.0 %"], ["≥ 50k", "1", "25.0 %", "100.0 %"]]
    assert [row.bar for row in table.rows] == [100.0, 33.3]


def test_identifiers_are_links_and_other_text_is_text() -> None:
    rows = [{"n": 1, "tx_id": "0x" + "ab" * 32, "memo": "javascript:x", "url": "https://explorer.hiro.so/txid/1"}]
    fields = dict.fromkeys(("n", "tx_id", "memo", "url"), "text")
    tx, memo, url = shown_table(part_of_rows(fields, rows), 9, "testnet").rows[0].cells
    assert (tx.is_identifier, tx.address[-14:]) == (True, "?chain=testnet")
    assert (memo.is_identifier, memo.address) == (False, "")
    assert (url.text, url.address) == ("Explorer", "https://explorer.hiro.so/txid/1")
