"""Prints as rows: every Clarity type, what is none, what is not as declared, and what is no print of the kind."""

from collections.abc import Mapping
from typing import Any

import pytest

from stacks_dataverse.clarity import (
    Ascii,
    Bool,
    Buffer,
    Err,
    Int,
    List,
    Nothing,
    Ok,
    Principal,
    Some,
    Tuple,
    UInt,
    Utf8,
    Value,
    encode,
)
from stacks_dataverse.prints import Prints, misfits, prints, prints_of_kinds
from tests.support.contract_runs import BLOCK, logged, open_day

POOL = "SP000000000000000000002Q6VF78.pool"
OTHER = "SP000000000000000000002Q6VF78.other-pool"
SWAP = Prints(POOL, "swap", {"amount": ("amount", "uint")})
MAX = 2**128 - 1


def tuple_of(fields: Mapping[str, Value]) -> Tuple:
    return Tuple(tuple(sorted(fields.items())))


def swap(**fields: Value) -> bytes:
    return encode(tuple_of({"topic": Ascii("swap")} | fields))


def day_of(*values: bytes | None, contract: str = POOL) -> Any:
    return open_day([logged(contract, value, number) for number, value in enumerate(values)])


def column(value: Value, declared: str, path: str = "key") -> Any:
    """What stands in the column of a key that is printed with a value; the first misfit if it does not fit."""
    kind = Prints(POOL, "swap", {"column": (path, declared)})
    with day_of(swap(key=value)) as day:
        rows, wrong = prints(day, kind).to_pylist(), misfits(day, [kind]).to_pylist()
    assert len(rows) + len(wrong) == 1
    return rows[0]["column"] if rows else wrong[0]["reason"]


@pytest.mark.parametrize(
    ("value", "declared", "expected"),
    [
        pytest.param(UInt(0), "uint", "0", id="uint"),
        pytest.param(UInt(MAX), "uint", "340282366920938463463374607431768211455", id="largest uint"),
        pytest.param(Int(-5), "int", "-5", id="int"),
        pytest.param(Int(-(2**127)), "int", "-170141183460469231731687303715884105728", id="least int"),
        pytest.param(UInt(2**63 - 1), "bigint", 2**63 - 1, id="largest bigint"),
        pytest.param(Int(-(2**63)), "bigint", -(2**63), id="least bigint"),
        pytest.param(Bool(True), "bool", True, id="true"),
        pytest.param(Bool(False), "bool", False, id="false"),
        pytest.param(Principal(POOL.split(".")[0]), "principal", POOL.split(".")[0], id="account"),
        pytest.param(Principal(POOL), "principal", POOL, id="contract"),
        pytest.param(Buffer(b"\0\xff"), "buffer", b"\0\xff", id="buffer"),
        pytest.param(Buffer(b""), "buffer", b"", id="empty buffer"),
        pytest.param(Ascii("a b"), "string", "a b", id="ASCII"),
        pytest.param(Utf8("é"), "string", "é", id="UTF-8"),
        pytest.param(Ascii(""), "string", "", id="empty text"),
        pytest.param(Some(UInt(7)), "optional uint", "7", id="some"),
        pytest.param(UInt(7), "optional uint", "7", id="what may be none and is not optional"),
        pytest.param(Some(Some(UInt(7))), "uint", "7", id="some of some"),
        pytest.param(Nothing(), "optional principal", None, id="none"),
        pytest.param(Some(Nothing()), "optional buffer", None, id="some of none"),
        pytest.param(List(()), "list", "[]", id="empty list"),
        pytest.param(
            List((UInt(MAX), Int(-1), Some(Bool(True)), Nothing(), Ok(Buffer(b"\1")), Err(Utf8("é")), Principal(POOL))),
            "list",
            f'["{MAX}", "-1", true, null, {{"ok": "0x01"}}, {{"err": "\\u00e9"}}, "{POOL}"]',
            id="list of every type",
        ),
        pytest.param(tuple_of({"b": UInt(1), "a": List((Ascii("x"),))}), "tuple", '{"a": ["x"], "b": "1"}', id="tuple"),
    ],
)
def test_a_value_becomes_a_column(value: Value, declared: str, expected: Any) -> None:
    assert column(value, declared) == expected


@pytest.mark.parametrize(
    ("value", "declared", "reason"),
    [
        pytest.param(Int(1), "uint", "key is of type Int, not uint.", id="int for uint"),
        pytest.param(Ascii(""), "principal", "key is of type Ascii, not principal.", id="text for principal"),
        pytest.param(Nothing(), "uint", "key is of type Nothing, not uint.", id="none that may not be"),
        pytest.param(Some(Ascii("1")), "optional uint", "key is of type Ascii, not optional uint.", id="some text"),
        pytest.param(Ok(UInt(1)), "uint", "key is of type Ok, not uint.", id="response"),
        pytest.param(UInt(2**63), "bigint", "key does not fit a bigint.", id="uint over 63 bits"),
        pytest.param(Int(-(2**63) - 1), "bigint", "key does not fit a bigint.", id="int under 64 bits"),
        pytest.param(Utf8("a\0"), "string", "key holds a null character, which PostgreSQL does not store.", id="NUL"),
    ],
)
def test_a_value_of_another_type_is_a_misfit(value: Value, declared: str, reason: str) -> None:
    assert column(value, declared) == reason


DATA = tuple_of({"amount": UInt(3), "pool": tuple_of({"id": Some(UInt(9))})})


@pytest.mark.parametrize(
    ("data", "path", "declared", "expected"),
    [
        pytest.param(DATA, "key.amount", "bigint", 3, id="in a tuple"),
        pytest.param(DATA, "key.pool.id", "bigint", 9, id="in a tuple of a tuple"),
        pytest.param(Some(DATA), "key.amount", "bigint", 3, id="in some tuple"),
        pytest.param(Nothing(), "key.amount", "optional bigint", None, id="in none"),
        pytest.param(
            Nothing(), "key.amount", "bigint", "key.amount is missing, not bigint.", id="in an undeclared none"
        ),
        pytest.param(UInt(1), "key.amount", "bigint", "key.amount is missing, not bigint.", id="in what is no tuple"),
        pytest.param(DATA, "key.fee", "optional bigint", "key.fee is missing, not optional bigint.", id="missing"),
        pytest.param(DATA, "fee", "bigint", "fee is missing, not bigint.", id="missing at the top"),
    ],
)
def test_a_path_leads_into_tuples(data: Value, path: str, declared: str, expected: Any) -> None:
    assert column(data, declared, path) == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(encode(tuple_of({"topic": Ascii("mint"), "amount": UInt(1)})), id="another topic"),
        pytest.param(
            encode(tuple_of({"topic": Ascii("mint"), "note": Ascii("swap")})), id="the topic under another key"
        ),
        pytest.param(encode(tuple_of({"topic": Buffer(b"swap"), "amount": UInt(1)})), id="a topic that is no text"),
        pytest.param(encode(tuple_of({"topic": Ascii("swaps"), "amount": UInt(1)})), id="a longer topic"),
        pytest.param(encode(tuple_of({"amount": UInt(1)})), id="no topic"),
        pytest.param(encode(Ascii("swap")), id="no tuple"),
        pytest.param(encode(Some(tuple_of({"topic": Ascii("swap"), "amount": UInt(1)}))), id="an optional tuple"),
        pytest.param(encode(Nothing()), id="none"),
    ],
)
def test_a_print_of_another_kind_is_neither_a_row_nor_a_misfit(value: bytes) -> None:
    with day_of(value) as day:
        assert prints(day, SWAP).num_rows == misfits(day, [SWAP]).num_rows == 0


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(b"", "It is no Clarity value. At byte 0: 1 bytes should follow, 0 do.", id="empty"),
        pytest.param(None, "It is no Clarity value. At byte 0: 1 bytes should follow, 0 do.", id="null"),
        pytest.param(swap(amount=UInt(1))[:-1], "It is no Clarity value. At byte 36: a length of 4", id="cut"),
        pytest.param(swap(amount=UInt(1)) + b"\0", "It is no Clarity value. At byte 44: 1 bytes follow", id="too long"),
    ],
)
def test_broken_bytes_may_be_of_any_kind(value: bytes | None, reason: str) -> None:
    with day_of(value, swap(amount=UInt(1))) as day:
        (wrong,) = misfits(day, [SWAP, Prints(POOL, "mint", {})]).to_pylist()
        assert [row["amount"] for row in prints(day, SWAP).to_pylist()] == ["1"]
    assert wrong.pop("reason").startswith(reason)
    assert wrong == {"contract": POOL, "topic": None, "prints": 1, "example_tx_id": "0x00000000"}


def test_broken_bytes_of_a_contract_without_a_kind_are_no_misfit() -> None:
    with day_of(b"", contract=OTHER) as day:
        assert misfits(day, [SWAP]).num_rows == misfits(day, [Prints(f"{POOL}-*", "swap", {})]).num_rows == 0


def test_misfits_are_counted_by_kind_and_reason_and_stop_no_others() -> None:
    odd = [swap(amount=Int(1)), swap(amount=UInt(5)), swap(fee=UInt(1)), swap(amount=Int(2))]
    fee = Prints(POOL, "swap", {"fee": ("fee", "uint")})
    with day_of(*odd) as day:
        assert [row["amount"] for row in prints(day, SWAP).to_pylist()] == ["5"]
        wrong = [tuple(row.values()) for row in misfits(day, [SWAP, fee]).to_pylist()]
    assert wrong == [
        (POOL, "swap", "amount is of type Int, not uint.", 2, "0x00000000"),
        (POOL, "swap", "amount is missing, not uint.", 1, "0x00000002"),
        (POOL, "swap", "fee is missing, not uint.", 3, "0x00000000"),
    ]


def test_prints_are_those_of_one_contract_that_are_canonical_in_their_order() -> None:
    value, orphan = swap(amount=UInt(1)), BLOCK | {"index_block_hash": b"orphan", "canonical": False}
    rows = [
        logged(POOL, value, 9) | {"event_index": 1},
        logged(POOL, value, 9),
        logged(POOL, value, 3),
        logged(OTHER, value, 4),
        logged(POOL, value, 5) | {"microblock_canonical": False},
        logged(POOL, value, 6) | {"index_block_hash": b"orphan"},
        logged(POOL, value, 7) | {"topic": "other"},
        logged(POOL, value, 99) | {"microblock_sequence": 0},
    ]
    with open_day(rows, [BLOCK, orphan]) as day:
        found = prints(day, SWAP).to_pylist()
    places = [(row["block_height"], row["tx_index"], row["event_index"], row["tx_id"]) for row in found]
    assert places == [
        *((10, 99, 0, "0x00000063"), (10, 3, 0, "0x00000003"), (10, 9, 0, "0x00000009"), (10, 9, 1, "0x00000009")),
    ]


def test_a_kind_may_be_of_every_contract_whose_id_begins_so() -> None:
    rows = [
        logged(f"{POOL}-{name}", swap(amount=value), number)
        for number, (name, value) in enumerate([("01", UInt(1)), ("2", UInt(2)), ("01-b", UInt(3)), ("03", Int(4))])
    ]
    every = Prints(f"{POOL}-0*", "swap", SWAP.columns)
    with open_day(rows) as day:
        found = prints_of_kinds(
            day, [Prints(f"{POOL}-0*", "swap", SWAP.columns), Prints(f"{POOL}-2", "swap", {}), SWAP]
        )
        wrong = misfits(day, [every]).to_pylist()
    assert [rows["contract"].to_pylist() for rows in found] == [[f"{POOL}-01", f"{POOL}-01-b"], [f"{POOL}-2"], []]
    assert found[0]["amount"].to_pylist() == ["1", "3"]
    assert [(row["contract"], row["prints"]) for row in wrong] == [(f"{POOL}-03", 1)]


def test_a_day_without_prints_has_the_columns_and_no_rows() -> None:
    kind = Prints(POOL, "swap", {"amount": ("amount", "bigint"), "by": ("sender", "principal")})
    with day_of() as day:
        found = prints(day, kind)
        assert misfits(day, [kind]).num_rows == 0
    assert found.num_rows == 0
    assert {field.name: str(field.type) for field in found.schema} == {
        **{"block_height": "int32", "microblock_sequence": "int32", "tx_index": "int32", "event_index": "int32"},
        **{"tx_id": "string", "amount": "int64", "by": "string"},
    }


def test_the_key_of_the_topic_is_the_contracts_own() -> None:
    kind = Prints(POOL, "swap-x-for-y", {"dx": ("data.dx", "uint")}, key="action")
    value = tuple_of({"action": Utf8("swap-x-for-y"), "data": tuple_of({"dx": UInt(1)}), "topic": Ascii("other")})
    with day_of(encode(value)) as day:
        assert [row["dx"] for row in prints(day, kind).to_pylist()] == ["1"]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        pytest.param({"a": ("a", "number")}, "'number' is no type, as uint, int", id="an unknown type"),
        pytest.param({"tx_id": ("id", "uint")}, "tx_id names a print's place", id="a column of the place"),
    ],
)
def test_a_kind_that_cannot_be_read_is_refused(columns: dict[str, tuple[str, str]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Prints(POOL, "swap", columns)
