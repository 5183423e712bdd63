"""Social figures: closed days, revised by later answers; what is not known is null."""

import math
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers import social
from stacks_dataverse.typed_rows import arrow_type, typed
from stacks_dataverse.window import Span
from tests.support.candles import DAY, lunarcrush

AT = int(datetime(2024, 10, 29, tzinfo=UTC).timestamp())
SPAN = Span(AT, AT + 3 * DAY)
NOTHING = social.DAILY.empty_table()
MADE_AT = AT + 3 * DAY + 600
FIGURES = {
    **{"galaxy_score": 55.5, "alt_rank": 300, "sentiment": 80, "social_dominance": 0.25},
    **{"interactions": 1000, "posts_active": 70, "contributors_active": 60},
}


def row(day: int, **changes: Any) -> dict[str, Any]:
    return {"time": AT + day * DAY, **FIGURES, "spam": 9} | changes


def stored_after(stored: pa.Table, *rows: dict[str, Any], generated: int = MADE_AT) -> pa.Table:
    """The rows to store once an answer came."""
    return social.daily_social([lunarcrush(rows, generated)], SPAN, stored)


@pytest.mark.usefixtures("elsewhere")
def test_days_come_with_the_time_of_the_answer() -> None:
    found = stored_after(NOTHING, row(1), row(0)).to_pylist()
    assert found[0] == {"day": date(2024, 10, 29), **FIGURES, "generated_at": datetime.fromtimestamp(MADE_AT, UTC)}
    assert [row["day"].day for row in found] == [29, 30]


def test_the_open_day_is_dropped_by_the_span_and_by_the_answers_own_time() -> None:
    assert stored_after(NOTHING, row(2), row(3)).num_rows == 1
    assert stored_after(NOTHING, row(1), row(2), generated=AT + 3 * DAY - 1)["day"].to_pylist() == [date(2024, 10, 30)]


@pytest.mark.parametrize(
    "unknown",
    [{"alt_rank": None}, {"alt_rank": math.nan}, {"alt_rank": "300"}, "missing"],
    ids=["null", "NaN", "text", "no key"],
)
def test_what_is_not_known_is_null(unknown: Any) -> None:
    given = row(0)
    if unknown == "missing":
        del given["alt_rank"]
    else:
        given |= unknown
    found = stored_after(NOTHING, given).to_pylist()[0]
    assert (found["alt_rank"], found["galaxy_score"]) == (None, 55.5)


def test_a_row_without_time_is_left_out() -> None:
    assert stored_after(NOTHING, row(0), row(0, time=None)).num_rows == 1


def test_a_day_that_comes_twice_is_one_and_the_later_row_goes_first() -> None:
    found = stored_after(NOTHING, row(0), row(0, galaxy_score=60, alt_rank=None)).to_pylist()
    assert [(row["galaxy_score"], row["alt_rank"]) for row in found] == [(60.0, 300)]


def test_a_later_answer_revises_and_what_it_does_not_know_stays() -> None:
    stored = stored_after(NOTHING, row(0), row(1))
    found = stored_after(stored, row(0, galaxy_score=57, alt_rank=None), generated=MADE_AT + DAY).to_pylist()
    assert [(row["day"].day, row["galaxy_score"], row["alt_rank"]) for row in found] == [(29, 57.0, 300)]
    assert found[0]["generated_at"] == datetime.fromtimestamp(MADE_AT + DAY, UTC)


def test_an_earlier_answer_that_is_built_again_changes_nothing() -> None:
    stored = stored_after(NOTHING, row(0, galaxy_score=57), generated=MADE_AT + DAY)
    assert stored_after(stored, row(0)).num_rows == 0


def test_the_same_answer_again_gives_the_same_rows() -> None:
    stored = stored_after(NOTHING, row(0), row(1, sentiment=None))
    assert stored_after(stored, row(0), row(1, sentiment=None)) == stored


def test_an_answer_that_does_not_say_when_it_was_made_counts_to_the_spans_end() -> None:
    found = social.daily_social([lunarcrush([row(0), row(2), row(3)])], SPAN, NOTHING).to_pylist()
    assert [(row["day"].day, row["generated_at"]) for row in found] == [(29, None), (31, None)]


@pytest.mark.parametrize("known", [FIGURES, {}], ids=["all known", "nothing known"])
def test_columns_have_the_types_and_nulls_of_their_tables(known: dict[str, Any]) -> None:
    landed = lunarcrush([{"time": AT} | known])
    snapshot = {"asked": {}, "answer": {"data": {"alt_rank": known.get("alt_rank")}}}
    for name, rows in {
        "daily_social": social.daily_social([landed], SPAN, NOTHING),
        "social_snapshots": social.social_snapshots(snapshot, AT),
    }.items():
        (table,) = (table for table in catalog.TABLES if table.name == name)
        found = {field.name: field.type for field in rows.schema}
        assert found == {column.name: arrow_type(column.type) for column in table.columns}
        # It refuses a null that is not declared.
        assert typed(rows, table.columns).num_rows == rows.num_rows


def test_nothing_landed_is_no_rows() -> None:
    assert social.daily_social([], SPAN, NOTHING).num_rows == 0


@pytest.mark.parametrize("answer", [{"data": {}}, {"data": None}, {"data": ["row"]}, []], ids=repr)
def test_an_answer_without_rows_is_an_unknown_one(answer: Any) -> None:
    with pytest.raises(Terminal, match="no list of rows"):
        social.daily_social([{"asked": {}, "answer": answer}], SPAN, NOTHING)


@pytest.mark.parametrize("name", ["interactions", "alt_rank", "sentiment"])
@pytest.mark.parametrize("amount", [2**63, -(2**63), 1e30, 10**400], ids=["2^63", "-2^63", "1e30", "10^400"])
def test_a_count_beyond_what_can_be_stored_is_refused_by_its_name(name: str, amount: float) -> None:
    with pytest.raises(Terminal, match=f"{name} is 2\\^63 or more"):
        stored_after(NOTHING, row(0, **{name: amount}))


def test_the_largest_count_is_stored() -> None:
    assert stored_after(NOTHING, row(0, interactions=2**63 - 1))["interactions"].to_pylist() == [2**63 - 1]


@pytest.mark.parametrize("generated", [10**20, -1, 1e300, "now"], ids=repr)
def test_a_time_of_the_answer_that_is_no_moment_is_not_known(generated: Any) -> None:
    assert stored_after(NOTHING, row(0), generated=generated)["generated_at"].to_pylist() == [None]


def test_hours_in_place_of_days_are_refused() -> None:
    landed = lunarcrush([row(0)])
    landed["answer"]["config"]["bucket"] = "hour"
    with pytest.raises(Terminal, match="the landed rows are per hour, not per day"):
        social.daily_social([landed], SPAN, NOTHING)


@pytest.mark.parametrize("data", [[], None, "text"], ids=repr)
def test_a_snapshot_without_figures_is_an_unknown_one(data: Any) -> None:
    says = r"^lunarcrush: the landed snapshot has no figures; check whether its API has changed\.$"
    with pytest.raises(Terminal, match=says):
        social.social_snapshots({"asked": {}, "answer": {"config": {}, "data": data}}, AT)


def snapshot(generated: int | None = MADE_AT, **data: Any) -> list[dict[str, Any]]:
    landed = lunarcrush([], generated)
    landed["answer"]["data"] = data
    return social.social_snapshots(landed, AT).to_pylist()


def test_a_snapshot_is_of_the_moment_that_the_vendor_says() -> None:
    assert snapshot(galaxy_score=48.5, alt_rank=104) == [
        {"taken_at": datetime.fromtimestamp(MADE_AT, UTC), "galaxy_score": 48.5, "alt_rank": 104}
    ]


def test_a_snapshot_without_a_time_is_of_the_moment_of_the_run() -> None:
    assert snapshot(None, galaxy_score=48.5)[0]["taken_at"] == datetime.fromtimestamp(AT, UTC)


def test_a_snapshot_may_know_one_figure_and_is_nothing_without_both() -> None:
    assert snapshot(alt_rank=104)[0]["galaxy_score"] is None
    assert snapshot(galaxy_score=None, alt_rank=None) == []
