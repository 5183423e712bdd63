"""The run of the contract of PoX-5 in a simulated network as the API stores it: see `contract_runs`."""

import json
from pathlib import Path
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.clarity import Bool, Nothing, Principal, Some, Tuple, UInt, Value, decode
from tests.support.contract_runs import BLOCK
from tests.support.raw import canonical_day, rows_of

Rows = dict[str, list[dict[str, Any]]]


def pox5_rows(folder: Path) -> Rows:
    """The run's prints and locks, all in one block; a transaction's index counts from 0."""
    prints, locks = [], []
    for index, tx in enumerate(json.loads((folder / "pox5.json").read_text())["txs"]):
        for place, event in enumerate(tx.get("events") or ()):
            row = {"tx_id": bytes([index // 256, index % 256]), "index_block_hash": b"main", "tx_index": index,
                   "microblock_canonical": True, "microblock_sequence": 0, "event_index": place}  # fmt: skip
            if event["event"] == "stx_lock_event":
                amounts = {"locked_amount": int(event["locked_amount"]), "unlock_height": int(event["unlock_height"])}
                locks.append(row | amounts | {"locked_address": event["locked_address"], "contract_name": "pox-5"})
            elif event["event"] == "print_event" and event["contract_identifier"].endswith(".pox-5"):
                fields = printed(decode(bytes.fromhex(event["raw_value"][2:])))
                prints.append(row | {"name": fields.pop("topic"), "data": json.dumps(fields)})
    return {"blocks": [BLOCK], "stx_lock_events": locks, "pox5_events": prints}


def printed(value: Tuple) -> dict[str, Any]:
    """A printed tuple as the API has it: names with underscores, numbers in text; what is nested, or bytes, is null."""
    plain = {name.replace("-", "_"): _plain(field) for name, field in value.fields}
    return plain | {"topic": dict(value.fields)["topic"].text}


def _plain(field: Value) -> Any:
    match field:
        case Some():
            return _plain(field.value)
        case Nothing():
            return None
        case Bool():
            return field.value
        case UInt():
            return str(field.value)
        case Principal():
            return field.text
        case _:
            return None


def made(function: Any, raw: Rows) -> list[dict[str, Any]]:
    """The rows that a table's transformer makes of raw rows."""
    (reads,) = (table.reads for table in catalog.TABLES if table.transform is function)
    with canonical_day({table: rows_of(table, rows) for table, rows in raw.items()}, reads) as day:
        return function(day).to_pylist()
