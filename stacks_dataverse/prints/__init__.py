"""What contracts print, as rows: one kind of print of one contract, a column for each key that is declared of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import duckdb
import pyarrow as pa

from stacks_dataverse import clarity
from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.clarity import Ascii, ClarityError, Nothing, Some, Tuple, Utf8, Value
from stacks_dataverse.prints.types import TYPES
from stacks_dataverse.raw_tables import Reads

OPTIONAL = "optional "

PLACE = {"block_height", "microblock_sequence", "tx_index", "event_index", "tx_id", "contract"}

# What a table or check that reads prints reads of the chain.
READS: Reads = {
    "blocks": ("block_height",),
    "contract_logs": (
        *("microblock_sequence", "tx_index", "event_index", "tx_id", "contract_identifier", "topic", "value"),
    ),
}

# After a contract's id: every contract of its deployer whose name begins so.
PREFIX = "*"

PRINTED = f"""
    SELECT block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
           contract_identifier AS contract, COALESCE(value, ''::BLOB) AS value
    FROM contract_logs JOIN blocks USING (index_block_hash)
    WHERE topic = 'print' AND (list_contains(?, contract_identifier)
                               OR len(list_filter(?, lambda prefix: starts_with(contract_identifier, prefix))) > 0)
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

    `contract` is its whole id, `SP….name`: another contract prints other keys under the same topic. Where a deployer
    puts the same code under many names, `SP….begin*` is every contract of which the id begins so. A print is of this
    kind if it is a tuple that holds the text `topic` under the key `key`. `columns` gives, by the name of a column, the
    key that it is read from, and its type: a word of `TYPES`, with `optional ` before it where it may be none. Keys
    of a tuple within are paths with dots: `data.amount`.
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

    def is_printed_by(self, contract: str) -> bool:
        """Whether this is a kind of a contract's prints."""
        if self.contract.endswith(PREFIX):
            return contract.startswith(self.contract.removesuffix(PREFIX))
        return contract == self.contract


def prints(day: duckdb.DuckDBPyConnection, kind: Prints) -> pa.Table:
    """Return the canonical prints of a kind, in the order in which they happened.

    The columns are those of `PLACE`, then those declared. `uint` and `int` are decimal text, exact; `list` and `tuple`
    are JSON (`clarity.to_json`). Prints that are not as declared are left out, and `misfits` counts them.

    Args:
        day: an opened day (`chain.canonical_day`) with the columns of `READS`.
    """
    (rows,) = prints_of_kinds(day, [kind])
    return rows.drop_columns("contract")


def prints_of_kinds(day: duckdb.DuckDBPyConnection, kinds: Sequence[Prints]) -> list[pa.Table]:
    """Return the `prints` of each of several kinds, with the column `contract`: the day is read once for all."""
    printed = _read_prints(day, kinds)
    data, contracts = printed["value"].to_pylist(), _places(printed)
    return [_rows(printed, kind, _fields_by_place(kind, data, contracts)) for kind in kinds]


def misfits(day: duckdb.DuckDBPyConnection, kinds: Iterable[Prints]) -> pa.Table:
    """Return how many canonical prints are not as declared, by kind and reason, with the first of their transactions.

    Bytes of a contract that cannot be decoded may be of any kind: their `topic` is null.
    """
    kinds = tuple(kinds)
    printed = _read_prints(day, kinds)
    data, contracts = printed["value"].to_pylist(), _places(printed)
    misfit_rows = []
    for contract, places in contracts.items():
        undecodable = {place: _why_undecodable(data[place]) for place in places}
        misfit_rows += _count_misfits(contract, None, printed, undecodable)
        for kind in kinds:
            read = _fields_by_place(kind, data, {contract: places})
            misfit_rows += _count_misfits(contract, kind.topic, printed, read)
    return pa.Table.from_pylist(misfit_rows, MISFITS)


def _read_prints(day: duckdb.DuckDBPyConnection, kinds: Iterable[Prints]) -> pa.Table:
    contracts = list(dict.fromkeys(kind.contract for kind in kinds))
    whole = [contract for contract in contracts if not contract.endswith(PREFIX)]
    prefixes = [contract.removesuffix(PREFIX) for contract in contracts if contract.endswith(PREFIX)]
    return day.sql(PRINTED, params=[whole, prefixes]).to_arrow_table()


def _places(printed: pa.Table) -> dict[str, list[int]]:
    """The places of each contract's prints."""
    places: dict[str, list[int]] = {}
    for place, contract in enumerate(printed["contract"].to_pylist()):
        places.setdefault(contract, []).append(place)
    return places


def _rows(printed: pa.Table, kind: Prints, read: Mapping[int, list[Any] | str | None]) -> pa.Table:
    fields = {place: columns for place, columns in sorted(read.items()) if isinstance(columns, list)}
    rows = printed.drop_columns("value").take(pa.array(fields, pa.int64()))
    for index, (name, (_, declared)) in enumerate(kind.columns.items()):
        column = [columns[index] for columns in fields.values()]
        rows = rows.append_column(name, pa.array(column, TYPES[_base(declared)][1]))
    return rows


def _fields_by_place(
    kind: Prints, data: Sequence[bytes], contracts: Mapping[str, Iterable[int]]
) -> dict[int, list[Any] | str | None]:
    """Of the prints that may be of a kind, by their place, the declared columns, or why one is not as declared."""
    # Most prints are of other kinds: what does not hold the topic as Clarity writes a text need not be decoded.
    topic = len(kind.topic).to_bytes(4, "big") + kind.topic.encode()
    return {
        place: _fields(data[place], kind)
        for contract, places in contracts.items()
        if kind.is_printed_by(contract)
        for place in places
        if topic in data[place]
    }


def _fields(data: bytes, kind: Prints) -> list[Any] | str | None:
    try:
        value = clarity.decode(data)
    except ClarityError:
        return None
    topic = reduce(_field, kind.key.split("."), value)
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


def _count_misfits(
    contract: str, topic: str | None, printed: pa.Table, read: Mapping[int, Any]
) -> list[dict[str, Any]]:
    """The rows of misfits, of what was read of each print: a text is what is wrong with it."""
    places: dict[str, list[int]] = {}
    for place, reason in read.items():
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
