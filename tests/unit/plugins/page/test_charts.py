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


def test_a_series_is_drawn_over_time_with_its_unknowns() -> None:
    (part,) = parts(SERIES, {"0": 5, str(DAY): None, str(2 * DAY): 7})
    assert (part.axis, part.is_series, part.key) == (TIME, True, "UTC")
    assert charts.chart(part) == {
        "axis": "time",
        "label": "unix seconds of UTC midnight",
        "x": [0, DAY, 2 * DAY],
        "figures": [{"name": "value", "unit": "transactions", "values": [5, None, 7], "logarithmic": True}],
    }


def test_a_moment_that_lacks_is_a_gap() -> None:
    (part,) = parts(SERIES, {str(n * DAY): n for n in (1, 2, 3, 7, 8)})
    chart = charts.chart(part)
    assert chart["x"] == [n * DAY for n in (1, 2, 3, 4, 7, 8)]
    assert chart["figures"][0]["values"] == [1, 2, 3, None, 7, 8]


def test_heights_are_drawn_in_order_and_their_holes_are_none() -> None:
    (part,) = parts({"<block height>": "transactions"}, {"30": 1, "4": 2, "5": 0})
    chart = charts.chart(part)
    assert (part.axis, chart["x"]) == (NUMBERED, [4, 5, 30])


@pytest.mark.parametrize(
    ("values", "helps"),
    [((1, 5), True), ((0, 5), True), ((None, 5), True), ((0, 0), False), ((-1, 5), False)],
    ids=["above zero", "zero among them", "one not known", "nothing else than zero", "below zero"],
)
def test_a_logarithmic_scale_is_for_figures_that_it_has_a_place_for(values: tuple[Any, Any], helps: bool) -> None:
    (part,) = parts(SERIES, {str(n * DAY): value for n, value in enumerate(values)})
    assert charts.chart(part)["figures"][0]["logarithmic"] is helps


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


def test_a_ranking_has_bars_by_the_largest() -> None:
    (part,) = parts(RANKING, {HOSTILE: {"value": 8, "contract": "SP1.a"}, "b": {"value": 2, "contract": "SP1.b"}})
    assert (part.axis, part.is_series, part.shares) == (NAMED, False, [100.0, 25.0])
    assert part.rows[0] == (HOSTILE, 8, "SP1.a")


def test_names_that_are_numbers_stay_names() -> None:
    (part,) = parts(RANKING, {"123": {"value": 8, "contract": "SP1.a"}})
    assert part.axis == NAMED


def test_a_ranking_of_nothing_has_no_bars() -> None:
    (part,) = parts(RANKING, {})
    assert (part.rows, part.shares) == ((), None)


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


def test_a_csv_of_days_is_drawn_over_time() -> None:
    (part,) = charts.parts_of_object("x.csv.gz", {"day": "UTC day", "close": "USD"}, TWO_DAYS)
    assert part.rows == (("2024-10-29", 1.5), ("2024-10-30", None))
    assert charts.chart(part)["x"] == [1730160000, 1730246400]
    assert charts.format_key(part, "2024-10-29") == "2024-10-29"


def test_a_csv_of_names_is_a_table_with_every_digit() -> None:
    (part,) = charts.parts_of_object("x.csv.gz", {"tx_id": "hex"}, b"tx_id,amount\n0x12,10000000000000000000001\n")
    assert (part.axis, part.rows) == (PLAIN, (("0x12", 10000000000000000000001),))


def test_rows_of_a_table_are_drawn_where_there_is_one_a_day() -> None:
    fields = {"day": "UTC day", "holders": "accounts", "address": "principal"}
    rows = [{"day": date(2024, 10, n), "holders": n, "address": "SP1"} for n in (30, 29)]
    part = charts.part_of_rows(fields, rows)
    assert (part.axis, part.figures, charts.chart(part)["x"]) == (TIME, [1], [1730160000, 1730246400])
    assert charts.part_of_rows(fields, [*rows, rows[0]]).axis == PLAIN
    assert charts.part_of_rows(fields, []).axis == PLAIN


def test_a_moment_of_a_table_is_written_as_one() -> None:
    part = charts.part_of_rows({"taken_at": "moment"}, [{"taken_at": datetime(2024, 10, 31, 0, 5, tzinfo=UTC)}])
    assert charts.chart(part)["x"] == [1730333100]


def test_unix_seconds_are_shown_as_days_and_hours() -> None:
    (part,) = parts(SERIES, {})
    assert charts.format_key(part, "1730160000") == "2024-10-29"
    assert charts.format_key(part, "1730163600") == "2024-10-29 01:00"


def test_unix_seconds_are_told_as_moments_and_are_no_figures() -> None:
    fields = {"<Bitcoin height>.burn_block_time": "unix seconds", "<Bitcoin height>.txs": "transactions"}
    (part,) = parts(fields, {"7": {"burn_block_time": DAY, "txs": DAY}, "8": {"burn_block_time": None, "txs": 1}})
    assert [part.columns[position].name for position in part.figures] == ["txs"]
    assert [charts.time_of_cell(part, row, 1) for row in part.rows] == [datetime(1970, 1, 2, tzinfo=UTC), None]
    assert charts.time_of_cell(part, part.rows[0], 2) is None


def test_what_an_object_says_once_is_told_as_a_moment_by_its_meaning() -> None:
    (part,) = parts({"refresh_ts": "looked at, unix seconds", "txs": "n"}, {"refresh_ts": DAY, "txs": DAY})
    assert [charts.time_of_cell(part, row, 1) for row in part.rows] == [datetime(1970, 1, 2, tzinfo=UTC), None]
    assert [charts.time_of_cell(part, row, 2) for row in part.rows] == [None, None]
