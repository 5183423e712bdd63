"""How the browser shows each dataset: its axis, its figures and their units."""

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.site.chart_descriptions import describe, describe_all

OBJECTS = {obj.name: obj for obj in catalog.OBJECTS if not obj.private}


@pytest.mark.parametrize(
    ("name", "axis", "headline"),
    [
        ("network_activity", ("day", "time"), "tx_count"),
        ("price_7d", ("hour_at", "time"), "close_usd"),
        ("tx_per_block", ("block_height", "number"), "tx_count"),
        ("wallet_balances", ("from_stx", "band"), "holders"),
        ("stx_holdings_by_band", ("from_stx", "band"), "holders"),
        ("stacking_riskreward", ("cycle", "number"), "locked_usd"),
        ("top_contracts", None, "calls"),
    ],
)
def test_the_axis_is_what_tells_rows_apart(name: str, axis: tuple[str, str] | None, headline: str) -> None:
    described = describe(OBJECTS[name])
    assert (described["axis"] and (described["axis"]["name"], described["axis"]["kind"])) == axis
    assert described["headline"] == headline


def test_amounts_are_shown_in_whole_coins_and_figures_have_titles() -> None:
    columns = {column["name"]: column for column in describe(OBJECTS["fees"])["columns"]}
    fee = columns["fee_ustx"]
    assert (fee["unit"], fee["shift"], fee["title"], fee["isFigure"], fee["canSplit"]) == ("STX", 6, "Fee", True, False)
    kind = columns["tx_type"]
    assert (kind["type"], kind["isFigure"], kind["canSplit"]) == ("string", False, True)
    assert not columns["day"]["canSplit"]


def test_every_public_dataset_is_described_with_all_its_columns() -> None:
    described = describe_all(OBJECTS.values())
    assert described.keys() == OBJECTS.keys()
    for name, obj in OBJECTS.items():
        assert [column["name"] for column in described[name]["columns"]] == [column.name for column in obj.columns]


def test_what_is_counted_tells_no_rows_apart() -> None:
    for obj in OBJECTS.values():
        for column in describe(obj)["columns"]:
            assert not (column["canSplit"] and column["type"] in ("number", "decimal"))
