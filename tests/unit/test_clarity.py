"""Clarity values: bytes, values and text, for every type."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stacks_dataverse.clarity import (
    Ascii,
    Bool,
    Buffer,
    ClarityError,
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
    c32,
    decode,
    decode_many,
    encode,
    to_text,
)

ACCOUNT = "05" + "16" + "00" * 20
CONTRACT = "06" + "16" + "00" * 20 + "05" + b"pox-4".hex()
BOOT = "SP000000000000000000002Q6VF78"
U1 = "01" + "00" * 15 + "01"

EXAMPLES = [
    ("00" + "00" * 16, Int(0), "0"),
    ("00" + "ff" * 16, Int(-1), "-1"),
    ("00" + "80" + "00" * 15, Int(-(2**127)), "-170141183460469231731687303715884105728"),
    ("01" + "00" * 15 + "3b", UInt(59), "u59"),
    ("01" + "ff" * 16, UInt(2**128 - 1), "u340282366920938463463374607431768211455"),
    ("02" + "00000002" + "0102", Buffer(b"\1\2"), "0x0102"),
    ("02" + "00000000", Buffer(b""), "0x"),
    ("03", Bool(True), "true"),
    ("04", Bool(False), "false"),
    (ACCOUNT, Principal(BOOT), f"'{BOOT}"),
    (CONTRACT, Principal(f"{BOOT}.pox-4"), f"'{BOOT}.pox-4"),
    ("0703", Ok(Bool(True)), "(ok true)"),
    ("08" + U1, Err(UInt(1)), "(err u1)"),
    ("09", Nothing(), "none"),
    ("0a" + U1, Some(UInt(1)), "(some u1)"),
    ("0b" + "00000002" + U1 + U1, List((UInt(1), UInt(1))), "(list u1 u1)"),
    ("0b" + "00000000", List(()), "(list)"),
    (
        "0c" + "00000002" + "0161" + U1 + "0162" + "0d" + "00000001" + "78",
        Tuple((("a", UInt(1)), ("b", Ascii("x")))),
        '(tuple (a u1) (b "x"))',
    ),
    ("0d" + "00000004" + b"text".hex(), Ascii("text"), '"text"'),
    ("0d" + "00000004" + b"\"'\\\n".hex(), Ascii("\"'\\\n"), r'"\"\'\\\n"'),
    ("0d" + "00000003" + b"\t\r\f".hex(), Ascii("\t\r\f"), r'"\t\r\x0c"'),
    ("0e" + "00000004" + b"text".hex(), Utf8("text"), 'u"text"'),
    ("0e" + "00000006" + "c3a900" + "e282ac", Utf8("é\0€"), r'u"\u{c3a9}\x00\u{e282ac}"'),
    ("0a0a07" + "0b00000001" + "09", Some(Some(Ok(List((Nothing(),))))), "(some (some (ok (list none))))"),
]

NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9\-_!?+<>=/*]{0,30}", fullmatch=True) | st.sampled_from(["+", "<=", "a" * 128])
ADDRESSES = st.builds(c32.encode_address, st.integers(0, 31), st.binary(min_size=20, max_size=20))
CONTRACTS = st.from_regex(r"[a-zA-Z][a-zA-Z0-9\-_]{0,127}", fullmatch=True) | st.just("__transient")
FLAT = st.one_of(
    st.builds(Int, st.integers(-(2**127), 2**127 - 1)),
    st.builds(UInt, st.integers(0, 2**128 - 1)),
    st.builds(Bool, st.booleans()),
    st.just(Nothing()),
    st.builds(Buffer, st.binary()),
    st.builds(Ascii, st.text(st.sampled_from([*map(chr, range(32, 127)), *"\t\n\f\r"]))),
    st.builds(Utf8, st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(Principal, ADDRESSES),
    st.builds(lambda address, name: Principal(f"{address}.{name}"), ADDRESSES, CONTRACTS),
)


def nested(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    fields = st.dictionaries(NAMES, inner, min_size=1, max_size=5)
    return st.one_of(
        *(st.builds(kind, inner) for kind in (Ok, Err, Some)),
        st.lists(inner, max_size=5).map(lambda items: List(tuple(items))),
        fields.map(lambda named: Tuple(tuple(sorted(named.items())))),
    )


VALUES = st.recursive(FLAT, nested, max_leaves=20)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("data", "value", "text"), EXAMPLES, ids=[text for *_, text in EXAMPLES])
def test_bytes_value_and_text(data: str, value: Value, text: str) -> None:
    assert decode(bytes.fromhex(data)) == value
    assert encode(value) == bytes.fromhex(data)
    assert to_text(value) == text


def test_a_tuple_is_read_by_name() -> None:
    assert Tuple((("a", UInt(1)), ("b", Nothing())))["b"] == Nothing()


@pytest.mark.parametrize(
    ("data", "value", "text"),
    [
        pytest.param("0c00000002" + "016203" + "016104", Tuple((("a", Bool(False)), ("b", Bool(True)))),
                     "(tuple (a false) (b true))", id="the wrong way round"),
        pytest.param("0c00000002" + "016103" + "014204", Tuple((("B", Bool(False)), ("a", Bool(True)))),
                     "(tuple (B false) (a true))", id="sorted by a language's rules"),
        pytest.param("0a0c00000002" + "0162" + "0c00000002" + "017909" + "017809" + "016103",
                     Some(Tuple((("a", Bool(True)), ("b", Tuple((("x", Nothing()), ("y", Nothing()))))))),
                     "(some (tuple (a true) (b (tuple (x none) (y none)))))", id="a tuple in a tuple"),
    ],
)  # fmt: skip
def test_names_of_a_tuple_may_come_in_any_order(data: str, value: Value, text: str) -> None:
    assert decode(bytes.fromhex(data)) == decode(encode(value)) == value
    assert encode(value) != bytes.fromhex(data)
    assert to_text(value) == text


def test_arguments_of_a_call_follow_their_count() -> None:
    assert decode_many(bytes.fromhex("00000002" + "03" + U1)) == (Bool(True), UInt(1))
    assert decode_many(bytes(4)) == ()
    with pytest.raises(ClarityError, match="At byte 5: 1 bytes follow"):
        decode_many(bytes.fromhex("000000010303"))


@patient
@given(VALUES)
def test_a_value_comes_back_from_its_bytes(value: Value) -> None:
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data
    assert to_text(value).isascii()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param("", "At byte 0: 1 bytes should follow, 0 do", id="nothing"),
        pytest.param("01" + "00" * 15, "At byte 1: 16 bytes should follow, 15 do", id="a cut number"),
        pytest.param("0a0f", "At byte 1: 0x0f begins no", id="an unknown type"),
        pytest.param("0303", "At byte 1: 1 bytes follow", id="bytes after the value"),
        pytest.param("02ffffffff", "At byte 1: a length of 4,294,967,295, where 0", id="a long buffer"),
        pytest.param("0bffffffff03", "At byte 1: a length of 4,294,967,295, where 1", id="a long list"),
        pytest.param("0c00000002" + "016103", "At byte 1: a length of 2, where 3", id="too many fields"),
        pytest.param("0c00000000", "At byte 1: a tuple has no fields", id="an empty tuple"),
        pytest.param("0c00000002" + "016203" * 2, "At byte 8: the name 'b' is there twice", id="a name twice"),
        pytest.param(
            "0c00000003" + "016203" + "016103" + "016204",
            "At byte 11: the name 'b' is there twice",
            id="a name twice, and another between",
        ),
        pytest.param("0c00000001" + "013103", "At byte 5: b'1' is not a name", id="a bad name"),
        pytest.param("0c00000001" + "02610a" + "03", "is not a name", id="a name with a line break"),
        pytest.param("0c00000001" + "000303", "At byte 5: b'' is not a name", id="no name"),
        pytest.param("0c00000001" + "81" + "61" * 129 + "03", "is not a name", id="a long name"),
        pytest.param("06" + "16" + "00" * 20 + "012d", "At byte 22: b'-' is not a name", id="a bad contract name"),
        pytest.param("05" + "20" + "00" * 20, "At byte 1: 32 is not the version", id="a bad version"),
        pytest.param("0d00000001" + "07", "At byte 1: an ASCII string", id="a control character"),
        pytest.param("0d00000001" + "e9", "At byte 1: an ASCII string", id="beyond ASCII"),
        pytest.param("0e00000002" + "61ff", "At byte 6: not UTF-8", id="no UTF-8"),
        pytest.param("0e00000003" + "eda080", "At byte 5: not UTF-8", id="half a surrogate pair"),
        pytest.param("0a" * 32 + "09", "At byte 32: values are nested deeper", id="too deep"),
        pytest.param("0a" * 100_000, "At byte 32: values are nested deeper", id="much too deep"),
        pytest.param("02" + "00100001" + "00" * 0x100001, "a length of 1,048,577", id="a buffer over the limit"),
        pytest.param("0b" + "03" * 2**21, "more than a Clarity value takes", id="over the limit in all"),
    ],
)
def test_other_bytes_are_refused_at_their_offset(data: str, says: str) -> None:
    with pytest.raises(ClarityError, match=says):
        decode(bytes.fromhex(data))


def test_the_limits_themselves_pass() -> None:
    assert encode(decode(bytes.fromhex("0a" * 31 + "09"))) == bytes.fromhex("0a" * 31 + "09")
    assert decode(encode(Buffer(bytes(2**20)))) == Buffer(bytes(2**20))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Int(2**127), id="int too large"),
        pytest.param(UInt(2**128), id="uint too large"),
        pytest.param(UInt(-1), id="uint below zero"),
        pytest.param(Ascii("é"), id="beyond ASCII"),
        pytest.param(Utf8("\ud800"), id="half a surrogate pair"),
        pytest.param(Principal("SP1"), id="no address"),
        pytest.param(Principal(f"{BOOT}."), id="no contract name"),
        pytest.param(Principal(f"{BOOT}.a.b"), id="two contract names"),
        pytest.param(Tuple(()), id="no fields"),
        pytest.param(Tuple((("b", Nothing()), ("a", Nothing()))), id="names out of order"),
        pytest.param(Tuple((("é", Nothing()),)), id="a bad name"),
        pytest.param(Buffer(bytes(2**20 + 1)), id="a buffer over the limit"),
        pytest.param(List((Buffer(bytes(2**20)),) * 2), id="over the limit in all"),
        pytest.param(7, id="no value"),
    ],
)
def test_a_value_without_bytes_is_refused(value: Value) -> None:
    with pytest.raises(ClarityError):
        encode(value)


def test_a_value_too_deep_is_refused() -> None:
    value: Value = Nothing()
    for _ in range(5_000):
        value = Some(value)
    with pytest.raises(ClarityError, match="deeper than 32"):
        encode(value)


def decodes_or_is_refused(data: bytes) -> None:
    """Whatever is not refused is written as those bytes, but for the order of a tuple's names."""
    try:
        value = decode(data)
    except ClarityError:
        return
    written = encode(value)
    assert (sorted(written), decode(written)) == (sorted(data), value)


@patient
@given(st.binary(max_size=200))
@example(b"\x0b" + b"\xff" * 4 + b"\x03" * 100)
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    decodes_or_is_refused(data)


@patient
@given(VALUES, st.data())
def test_damaged_bytes_decode_or_are_refused(value: Value, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    decodes_or_is_refused(bytes(raw))


@patient
@given(VALUES, st.data())
def test_cut_bytes_are_refused(value: Value, data: st.DataObject) -> None:
    raw = encode(value)
    with pytest.raises(ClarityError):
        decode(raw[: data.draw(st.integers(0, len(raw) - 1))])


@pytest.mark.timeout(300)
def test_the_largest_list_takes_no_time_that_grows_with_its_square() -> None:
    decodes_or_is_refused(b"\x0b" + (2**20).to_bytes(4, "big") + b"\x03" * 2**20)
