"""Runs of real contracts in a simulated network, as a landed day holds them: every transaction in one block.

The runs are files of the shared folder's data/contract_runs, whose README tells what is in them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb

from stacks_dataverse import clarity
from stacks_dataverse.clarity import Ascii, Bool, Buffer, Int, List, Nothing, Principal, Some, Tuple, UInt, Utf8, Value
from stacks_dataverse.prints import READS, Prints
from tests.support.raw import canonical_day, rows_of

BLOCK = {"index_block_hash": b"main", "block_height": 10, "canonical": True, "burn_block_height": 900_200}
PLACE = {"index_block_hash": b"main", "microblock_canonical": True, "microblock_sequence": 2**31 - 1}

# The keys under which contracts tell what a print is.
TOPIC_KEYS = ("topic", "action", "op", "type", "event", "a", "status", "notification")
WORDS = {
    **{UInt: "uint", Int: "int", Bool: "bool", Principal: "principal", Buffer: "buffer"},
    **{Ascii: "string", Utf8: "string", List: "list"},
}


def runs(folder: Path) -> list[dict[str, Any]]:
    """Every run, by its file's name."""
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]


def prints_of(several: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of contract_logs of runs, one after another; a transaction's id counts them all."""
    return [
        logged(event["contract_identifier"], bytes.fromhex(event["raw_value"][2:]), number) | {"event_index": index}
        for number, tx in enumerate(tx for run in several for tx in run["txs"])
        for index, event in enumerate(tx.get("events") or ())
        if event["event"] == "print_event"
    ]


def logged(contract: str, value: bytes | None, number: int) -> dict[str, Any]:
    """A row of contract_logs: what a contract printed in the transaction of a number."""
    place = PLACE | {"tx_id": number.to_bytes(4, "big"), "tx_index": number, "event_index": 0}
    return place | {"contract_identifier": contract, "topic": "print", "value": value}


def open_day(
    prints: list[dict[str, Any]], blocks: list[dict[str, Any]] | None = None
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A landed day of prints, of one block unless others are given."""
    return canonical_day(
        {"blocks": rows_of("blocks", blocks or [BLOCK]), "contract_logs": rows_of("contract_logs", prints)}, READS
    )


def kinds(printed: Iterable[Mapping[str, Any]]) -> list[Prints]:
    """Every kind of print there is, each key of its tuples as a column, in full depth."""
    found: dict[tuple[str, str, str], dict[str, tuple[str, bool]]] = {}
    for row in printed:
        contract, value = row["contract_identifier"], clarity.decode(row["value"])
        for key in topic_keys(value):
            columns = found.setdefault((contract, value[key].text, key), {})
            for path, (word, optional) in flat(value):
                before, was_optional = columns.get(path, ("", False))
                columns[path] = before or word, optional or was_optional
    return [Prints(contract, topic, _declared(columns), key) for (contract, topic, key), columns in found.items()]


def topic_keys(value: Value) -> list[str]:
    """The key under which a print tells what it is; none for what is no tuple."""
    return [key for key in TOPIC_KEYS if key in dict(value.fields)][:1] if isinstance(value, Tuple) else []


def flat(value: Tuple, path: str = "", optional: bool = False) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Of each key of a tuple, and of those within: the path, the type's word, and whether it may be none."""
    for name, inner in value.fields:
        may_be_none = optional or isinstance(inner, Some | Nothing)
        while isinstance(inner, Some):
            inner = inner.value
        if isinstance(inner, Tuple):
            yield from flat(inner, f"{path}{name}.", may_be_none)
        else:
            yield path + name, (WORDS.get(type(inner), ""), may_be_none)


def _declared(columns: Mapping[str, tuple[str, bool]]) -> dict[str, tuple[str, str]]:
    """Columns named by their paths, but for tuples; what is none in every print has any type."""
    return {
        path: (path, ("optional " if optional else "") + (word or "uint"))
        for path, (word, optional) in columns.items()
        if word or not any(other.startswith(f"{path}.") for other in columns)
    }


def asset_events_of(run: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The rows of `ft_events` or `nft_events` of a run, as `kind` says: ft or nft."""
    actions = {f"{kind}_transfer_event": 1, f"{kind}_mint_event": 2, f"{kind}_burn_event": 3}
    return [
        PLACE
        | {"tx_id": number.to_bytes(4, "big"), "tx_index": number, "event_index": index}
        | {"asset_event_type_id": actions[event["event"]], "asset_identifier": event["asset_identifier"]}
        | {"sender": event.get("sender"), "recipient": event.get("recipient")}
        | ({"amount": str(event["amount"])} if kind == "ft" else {"value": bytes.fromhex(event["raw_value"][2:])})
        for number, tx in enumerate(run["txs"])
        for index, event in enumerate(tx.get("events") or ())
        if event["event"] in actions
    ]
