"""The shapes that dashboards read."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from stacks_dataverse.transformers import shapes


def test_a_series_goes_by_unix_midnight_and_keeps_what_is_not_known() -> None:
    rows = pa.table({"day": [date(1970, 1, 2), date(1970, 1, 3)], "value": pa.array([5, None], pa.int64())})
    assert shapes.series(rows) == {"86400": 5, "172800": None}


def test_whale_balances_beside_the_count_of_holders() -> None:
    rows = pa.table({"balance_stx": [20_000.5, 10_000.0], "holders": [7, 7]})
    assert shapes.wallet_balances_raw(rows) == {"whale_balances": [20_000.5, 10_000.0], "nonzero_bals": 7}


def test_no_whale_is_an_empty_list() -> None:
    rows = pa.table({"balance_stx": pa.array([None], pa.float64()), "holders": [7]})
    assert shapes.wallet_balances_raw(rows) == {"whale_balances": [], "nonzero_bals": 7}


def test_the_histogram_names_every_bin() -> None:
    found = shapes.wallet_balances(pa.table({"from_stx": [10_500, 10_000_000], "holders": [2, 1]}))
    assert (found["10000"], found["10500"], found["10000000"]) == (0, 2, 1)
    assert len(found) == (10_000_000 - 10_000) // 500 + 1


@pytest.mark.parametrize(
    ("bins", "expected"), [pytest.param([], {0}, id="empty"), pytest.param([None], {None}, id="not known")]
)
def test_a_histogram_without_bins_is_empty_or_not_known(bins: list[None], expected: set[int | None]) -> None:
    rows = pa.table({"from_stx": bins, "holders": bins})
    assert set(shapes.wallet_balances(rows).values()) == expected


@pytest.mark.parametrize(("holders", "whales"), [(0, []), (None, None)])
def test_no_whales_are_an_empty_list_and_unknown_ones_are_none(holders: int | None, whales: list | None) -> None:
    rows = pa.table({"balance_stx": [None], "holders": [holders]})
    assert shapes.wallet_balances_raw(rows) == {"whale_balances": whales, "nonzero_bals": holders}


def test_a_series_stays_in_order() -> None:
    days = [date(2024, 1, day) for day in range(1, 32)]
    keys = list(shapes.series(pa.table({"day": days, "value": range(31)})))
    assert keys == sorted(keys, key=int)
    assert {int(key) % 86_400 for key in keys} == {0}


def test_no_day_is_an_empty_series() -> None:
    assert shapes.series(pa.table({"day": pa.array([], pa.date32()), "value": pa.array([], pa.int64())})) == {}


def test_bins_are_labelled_by_lower_edges_in_order() -> None:
    edges = list(shapes.wallet_balances(pa.table({"from_stx": [], "holders": []})))
    assert edges[:2] == ["10000", "10500"]
    assert edges[-1] == "10000000"
    assert edges == sorted(edges, key=int)


def test_hours_go_by_their_beginning() -> None:
    hours = [datetime(1970, 1, 2, hour, tzinfo=UTC) for hour in (0, 1)]
    rows = pa.table({"hour_at": pa.array(hours, pa.timestamp("us", "UTC")), "value": [0.5, None]})
    assert shapes.series(rows) == {"86400": 0.5, "90000": None}


def test_records_go_by_unix_midnight_and_keep_what_is_not_known() -> None:
    rows = pa.table({"day": [date(1970, 1, 2)], "galaxy": [50.5], "alt_rank": pa.array([None], pa.int64())})
    assert shapes.records(rows) == {"86400": {"galaxy": 50.5, "alt_rank": None}}


def test_moments_are_unix_seconds_in_records_and_in_a_csv() -> None:
    moment = pa.array([datetime(1970, 1, 2, 0, 0, 1, tzinfo=UTC), None], pa.timestamp("us", "UTC"))
    rows = pa.table({"height": [7, 8], "seen_at": moment})
    assert shapes.record(rows) == {"height": 7, "seen_at": 86_401}
    assert shapes.records(rows) == {"7": {"seen_at": 86_401}, "8": {"seen_at": None}}
    assert shapes.csv_table(rows).to_pydict() == {"height": [7, 8], "seen_at": [86_401, None]}


def test_moments_are_whole_numbers_in_a_csv_where_none_is_known_too() -> None:
    rows = pa.table({"height": [7], "seen_at": pa.array([None], pa.timestamp("us", "UTC"))})
    assert shapes.csv_table(rows).schema.field("seen_at").type == pa.int64()


def test_a_result_is_the_one_value() -> None:
    assert shapes.result(pa.table({"tokens": [7]})) == {"result": 7}


def test_a_collection_whose_name_others_have_goes_by_its_address_too() -> None:
    rows = pa.table(
        {
            "asset_identifier": ["SPA.a::cats", "SPB.b::dogs", "SPC.c::owls", "SPC.d::owls"],
            "mints": [4, 3, 2, 1],
            "is_shared": [False, True, True, True],
        }
    )
    assert shapes.nft_ranking(rows) == {
        "cats": {"value": 4, "contract": "SPA.a"},
        "SPB.dogs": {"value": 3, "contract": "SPB.b"},
        "SPC.c::owls": {"value": 2, "contract": "SPC.c"},
        "SPC.d::owls": {"value": 1, "contract": "SPC.d"},
    }
