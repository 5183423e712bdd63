"""What contracts print, as rows: one kind of print of one contract, a column for each key that is declared of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from stacks_dataverse import clarity
from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.clarity import (
    Ascii,
    Bool,
    Buffer,
    ClarityError,
    Int,
    List,
    Nothing,
    Principal,
    Some,
    Tuple,
    UInt,
    Utf8,
    Value,
)
from stacks_dataverse.raw_tables import Reads

OPTIONAL = "optional "
BIGINT = range(-(2**63), 2**63)

PLACE = {"block_height", "microblock_sequence", "tx_index", "event_index", "tx_id"}

# What a table or check that reads prints reads of the chain.
READS: Reads = {
    "blocks": ("block_height",),
    "contract_logs": (
        *("microblock_sequence", "tx_index", "event_index", "tx_id", "contract_identifier", "topic", "value"),
    ),
}

PRINTED = f"""
    SELECT block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
           COALESCE(value, ''::BLOB) AS value
    FROM contract_logs JOIN blocks USING (index_block_hash)
    WHERE contract_identifier = ? AND topic = 'print'
    ORDER BY block_height, microblock_sequence, tx_index, event_index
"""

MISFITS = pa.schema(
    [
        ("contract", pa.string()),
        ("topic", pa.string()),
        ("reason", pa.string()),
        ("prints", pa.int64()),
        ("example_tx_id", pa.string()),
    ]
)


@dataclass(frozen=True)
class Prints:
    """One kind of print of one contract.

    `contract` is its whole id, `SP….name`: another contract prints other keys under the same topic. A print is of this
    kind if it is a tuple that holds the text `topic` under the key `key`. `columns` gives, by the name of a column, the
    key that it is read from, and its type: a word of `TYPES`, with `optional ` before it where it may be none. The key
    of a tuple within is a path with dots: `data.amount`.
    """

    contract: str
    topic: str
    columns: Mapping[str, tuple[str, str]]
    key: str = "topic"

    def __post_init__(self) -> None:
        if unknown := sorted({_base(declared) for _, declared in self.columns.values()} - TYPES.keys()):
            raise ValueError(f"{self.topic} of {self.contract}: {unknown[0]!r} is no type, as {', '.join(TYPES)} are.")
        if taken := sorted(self.columns.keys() & PLACE):
            raise ValueError(f"{self.topic} of {self.contract}: {taken[0]} names a print's place; name it otherwise.")


def prints(day: duckdb.DuckDBPyConnection, kind: Prints) -> pa.Table:
    """Return the canonical prints of a kind, in the order in which they happened.

    The columns are those of `PLACE`, then those declared. `uint` and `int` are decimal text, exact; `list` and `tuple`
    are JSON (`clarity.to_json`). Prints that are not as declared are left out, and `misfits` counts them.

    Args:
        day: an opened day (`chain.canonical_day`) with the columns of `READS`.
    """
    printed = _read_prints(day, kind.contract)
    read = _read(printed, kind)
    places = [place for place, fields in enumerate(read) if isinstance(fields, list)]
    rows = printed.drop_columns("value").take(pa.array(places, pa.int64()))
    for index, (name, (_, declared)) in enumerate(kind.columns.items()):
        rows = rows.append_column(name, pa.array([read[place][index] for place in places], TYPES[_base(declared)][1]))
    return rows


def misfits(day: duckdb.DuckDBPyConnection, kinds: Iterable[Prints]) -> pa.Table:
    """Return how many canonical prints are not as declared, by kind and reason, with the first of their transactions.

    Bytes of a contract that cannot be decoded may be of any kind: their `topic` is null.
    """
    kinds = tuple(kinds)
    misfit_rows = []
    for contract in dict.fromkeys(kind.contract for kind in kinds):
        printed = _read_prints(day, contract)
        misfit_rows += _count_misfits(
            contract, None, printed, [_why_undecodable(data) for data in printed["value"].to_pylist()]
        )
        for kind in kinds:
            if kind.contract == contract:
                misfit_rows += _count_misfits(contract, kind.topic, printed, _read(printed, kind))
    return pa.Table.from_pylist(misfit_rows, MISFITS)


def _read_prints(day: duckdb.DuckDBPyConnection, contract: str) -> pa.Table:
    return day.sql(PRINTED, params=[contract]).to_arrow_table()


def _read(printed: pa.Table, kind: Prints) -> list[list[Any] | str | None]:
    """Of each print the declared columns, or why it is not as declared; None for one of another kind."""
    topic = len(kind.topic).to_bytes(4, "big") + kind.topic.encode()
    # Most prints are of other kinds: what does not hold the topic as Clarity writes a text need not be decoded.
    return [_fields(data, kind) if topic in data else None for data in printed["value"].to_pylist()]


def _fields(data: bytes, kind: Prints) -> list[Any] | str | None:
    try:
        value = clarity.decode(data)
    except ClarityError:
        return None
    topic = _field(value, kind.key)
    if not isinstance(topic, Ascii | Utf8) or topic.text != kind.topic:
        return None
    try:
        return [_column(value, path, declared) for path, declared in kind.columns.values()]
    except ClarityError as error:
        return str(error)


def _why_undecodable(data: bytes) -> str | None:
    try:
        clarity.decode(data)
    except ClarityError as error:
        return f"It is no Clarity value. {error}"
    return None


def _count_misfits(contract: str, topic: str | None, printed: pa.Table, read: list[Any]) -> list[dict[str, Any]]:
    """The rows of misfits, of what was read of each print: a text is what is wrong with it."""
    places: dict[str, list[int]] = {}
    for place, reason in enumerate(read):
        if isinstance(reason, str):
            places.setdefault(reason, []).append(place)
    return [
        {"contract": contract, "topic": topic, "reason": reason, "prints": len(of_it),
         "example_tx_id": printed["tx_id"][of_it[0]].as_py()}
        for reason, of_it in places.items()
    ]  # fmt: skip


def _column(value: Value | None, path: str, declared: str) -> Any:
    for name in path.split("."):
        value = _field(value, name)
        while isinstance(value, Some):
            value = value.value
        if isinstance(value, Nothing) and declared.startswith(OPTIONAL):
            return None
    values, _, plain = TYPES[_base(declared)]
    if not isinstance(value, values):
        actual = "missing" if value is None else f"of type {type(value).__name__}"
        raise ClarityError(f"{path} is {actual}, not {declared}.")
    try:
        return plain(value)
    except ClarityError as error:
        raise ClarityError(f"{path} {error}.") from error


def _field(value: Value | None, name: str) -> Value | None:
    fields = value.fields if isinstance(value, Tuple) else ()
    return next((inner for key, inner in fields if key == name), None)


def _base(declared: str) -> str:
    return declared.removeprefix(OPTIONAL)


def _bigint(value: Int | UInt) -> int:
    if value.value not in BIGINT:
        raise ClarityError("does not fit a bigint")
    return value.value


def _text(value: Ascii | Utf8) -> str:
    if "\0" in value.text:
        raise ClarityError("holds a null character, which PostgreSQL does not store")
    return value.text


# Of a declared type: the Clarity values that have it, the type of its column, and the value. A uint of 128 bits
# has up to 39 digits, more than a decimal of Arrow or DuckDB holds. `bigint` is for what PostgreSQL stores as such.
TYPES: dict[str, tuple[tuple[type, ...], pa.DataType, Callable[[Any], Any]]] = {
    "uint": ((UInt,), pa.string(), lambda value: str(value.value)),
    "int": ((Int,), pa.string(), lambda value: str(value.value)),
    "bigint": ((UInt, Int), pa.int64(), _bigint),
    "bool": ((Bool,), pa.bool_(), lambda value: value.value),
    "principal": ((Principal,), pa.string(), lambda value: value.text),
    "buffer": ((Buffer,), pa.binary(), lambda value: value.data),
    "string": ((Ascii, Utf8), pa.string(), _text),
    "list": ((List,), pa.string(), lambda value: json.dumps(clarity.to_json(value))),
    "tuple": ((Tuple,), pa.string(), lambda value: json.dumps(clarity.to_json(value))),
}
