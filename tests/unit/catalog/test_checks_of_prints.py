"""The check of the prints that tables read."""

from functools import partial

import pytest

from stacks_dataverse.catalog import checks
from stacks_dataverse.clarity import Ascii, Tuple, UInt, Value, encode
from tests.support.contract_runs import logged, open_day
from tests.support.print_dataset import STAKE, TABLE


def stake(amount: Value) -> bytes:
    return encode(Tuple((("amount", amount), ("topic", Ascii("stake")))))


@pytest.mark.parametrize(
    ("values", "wrong", "example"),
    [
        pytest.param([stake(UInt(1))], "0", None, id="all as declared"),
        pytest.param(
            [stake(UInt(1)), stake(UInt(2**63))],
            "1",
            "stake, as in 0x00000001: amount does not fit a bigint.",
            id="too large",
        ),
        pytest.param(
            [stake(Ascii("")), stake(UInt(2**63)), b"\3\3"],
            "3",
            "any topic, as in 0x00000002: It is no Clarity value. At byte 1: 1 bytes follow the value.",
            id="three that are not, one of them broken",
        ),
    ],
)
def test_it_counts_prints_that_are_not_as_declared(values: list[bytes], wrong: str, example: str | None) -> None:
    (check,) = [found for found in checks.checks([TABLE]) if isinstance(found.function, partial)]
    with open_day([logged(STAKE.contract, value, number) for number, value in enumerate(values)]) as day:
        (row,) = check.function(day, **check.numbers).to_pylist()
    assert row == {"expected": "0", "actual": wrong, "example": example and f"{STAKE.contract}, {example}"}


def test_it_is_there_with_a_table_that_reads_prints() -> None:
    added = {check.name for check in checks.checks([TABLE])} - {check.name for check in checks.checks([])}
    assert added == {"prints_as_declared"}
