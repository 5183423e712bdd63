"""Public objects and tables as tables, charts and CSV."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from plugins.page import charts
from plugins.page.charts import NAMED, NUMBERED, PLAIN, TIME, Part

DAY = 86_400
SERIES = {"<unix seconds of UTC midnight>": "transactions; null for a day that is not loaded"}
RANKING = {
    "<collection's short name, or address.name>.value": "owners",
    "<collection's short name, or address.name>.contract": "contract",
}
TWO_DAYS = b"day,close\n2024-10-29,1.5\n2024-10-30,\n"
HOSTILE = "<script>alert(1)</script>"


def parts(fields: dict[str, str], value: Any, path: str = "x.json.gz") -> list[Part]:
    """The parts of an object of that value."""
    return charts.parts_of_object(path, fields, json.dumps(value).encode())


def test_a_series_is_over_time_with_its_unknowns() -> None:
    (part,) = parts(SERIES, {"0": 5, str(DAY): None, str(2 * DAY): 7})
    assert (part.axis, part.is_series, part.key) == (TIME, True, "Time (UTC)")
    assert [(column.name, column.title, column.null_rule) for column in part.columns[1:]] == [
        ("value", "Transactions", "for a day that is not loaded")
    ]


def test_heights_are_numbers() -> None:
    (part,) = parts({"<block height>": "transactions"}, {"30": 1, "4": 2, "5": 0})
    assert (part.axis, part.is_series) == (NUMBERED, True)


def test_a_figure_is_found_by_its_name() -> None:
    (part,) = parts({"<block height>.a": "n", "<block height>.b": "n"}, {"1": {"a": 1, "b": 2}})
    assert [part.position_of(name) for name in ("a", "b", "no such", "")] == [1, 2, 1, 1]


def test_a_part_without_figures_has_none() -> None:
    (part,) = parts({"<block height>": "address"}, {"1": "SP1"})
    assert part.position_of("value") is None


@pytest.mark.parametrize(
    ("fields", "keys", "expected"),
    [(SERIES, ("0", str(DAY)), True), (SERIES, (str(DAY), "0"), False), ({"<block height>": "n"}, ("1", "2"), False)],
    ids=["moments in order", "moments from the newest", "heights"],
)
def test_a_table_is_turned_round_where_its_newest_row_is_the_last(
    fields: dict[str, str], keys: tuple[str, str], expected: bool
) -> None:
    (part,) = parts(fields, dict.fromkeys(keys, 1))
    assert part.is_newest_last is expected


def test_a_ranking_is_by_name() -> None:
    (part,) = parts(RANKING, {HOSTILE: {"value": 8, "contract": "SP1.a"}, "b": {"value": 2, "contract": "SP1.b"}})
    assert (part.axis, part.is_series) == (NAMED, False)
    assert part.rows[0] == (HOSTILE, 8, "SP1.a")


def test_names_that_are_numbers_stay_names() -> None:
    (part,) = parts(RANKING, {"123": {"value": 8, "contract": "SP1.a"}})
    assert part.axis == NAMED


def test_a_record_lists_its_fields_with_their_meaning() -> None:
    (part,) = parts({"a": "STX", "b": "USD; null without a price"}, {"a": 1, "b": None})
    assert part.axis == PLAIN
    assert part.rows == (("a", 1, "STX"), ("b", None, "USD; null without a price"))


def test_an_object_of_several_kinds_comes_in_parts() -> None:
    fields = {"burns.<height>": "BTC", "miners.<height>": "address", "total": "BTC", "heights.<position>": "height"}
    value = {"burns": {"7": 0.5, "8": None}, "miners": {"7": "SP1", "8": "SP2"}, "total": 0.5, "heights": [7, 8]}
    record, by_height, by_position = parts(fields, value)
    assert record.rows == (("total", 0.5, "BTC"),)
    assert by_height.rows == (("7", 0.5, "SP1"), ("8", None, "SP2"))
    assert by_height.figures == [1]
    assert by_position.rows == (("1", 7), ("2", 8))
    assert not by_position.is_series


def test_a_csv_of_days_is_drawn_over_time() -> None:
    (part,) = charts.parts_of_object("x.csv.gz", {"day": "UTC day", "close": "USD"}, TWO_DAYS)
    assert part.rows == (("2024-10-29", 1.5), ("2024-10-30", None))
    assert [charts.place(row[0]) for row in part.rows] == [1730160000, 1730246400]


def test_a_csv_of_names_is_a_table_with_every_digit() -> None:
    (part,) = charts.parts_of_object("x.csv.gz", {"tx_id": "hex"}, b"tx_id,amount\n0x12,10000000000000000000001\n")
    assert (part.axis, part.rows) == (PLAIN, (("0x12", 10000000000000000000001),))


def test_rows_of_a_table_are_drawn_where_there_is_one_a_day() -> None:
    fields = {"day": "UTC day", "holders": "accounts", "address": "principal"}
    rows = [{"day": date(2024, 10, n), "holders": n, "address": "SP1"} for n in (30, 29)]
    part = charts.part_of_rows(fields, rows)
    assert (part.axis, part.figures) == (TIME, [1])
    assert [charts.place(row[0]) for row in part.rows] == [1730246400, 1730160000]
    assert charts.part_of_rows(fields, [*rows, rows[0]]).axis == PLAIN
    assert charts.part_of_rows(fields, []).axis == PLAIN


def test_a_moment_of_a_table_is_written_as_one() -> None:
    part = charts.part_of_rows({"taken_at": "moment"}, [{"taken_at": datetime(2024, 10, 31, 0, 5, tzinfo=UTC)}])
    assert charts.place(part.rows[0][0]) == 1730333100


def test_heights_and_cycles_are_no_figures() -> None:
    fields = {"day": "UTC day", "first_block_height": "lowest height", "cycle": "its cycle", "cycle_blocks_left": "n"}
    part = charts.part_of_rows(fields, [dict(zip(fields, (date(2024, 10, 30), 7, 98, 5), strict=True))])
    assert [part.columns[position].name for position in part.figures] == ["cycle_blocks_left"]


def test_unix_seconds_are_told_as_moments_and_are_no_figures() -> None:
    fields = {"<Bitcoin height>.burn_block_time": "unix seconds", "<Bitcoin height>.txs": "transactions"}
    (part,) = parts(fields, {"7": {"burn_block_time": DAY, "txs": DAY}, "8": {"burn_block_time": None, "txs": 1}})
    assert [part.columns[position].name for position in part.figures] == ["txs"]
    assert [column.is_time for column in part.columns[1:]] == [True, False]
