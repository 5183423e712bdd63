"""Locks and pools of PoX-5 against what the real contract printed and locked in a simulated network."""

import json
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.clarity import Bool, Principal, UInt, decode
from stacks_dataverse.transformers import stacking
from tests.conftest import RealData
from tests.support.raw import canonical_day, rows_of

BLOCK = {"index_block_hash": b"main", "block_height": 10, "canonical": True, "burn_block_height": 900_200}
LOCKED = ("address", "locked_ustx", "unlock_height")


@pytest.fixture(scope="module")
def run(real_data: RealData) -> dict[str, list[dict[str, Any]]]:
    """The run's prints and locks as the API stores them, all in one block."""
    prints, locks = [], []
    txs = json.loads((real_data.folder / "contract_runs" / "pox5.json").read_text())["txs"]
    for index, tx in enumerate(txs):
        for place, event in enumerate(tx.get("events") or ()):
            row = {"tx_id": bytes([index // 256, index % 256]), "index_block_hash": b"main", "tx_index": index,
                   "microblock_canonical": True, "microblock_sequence": 0, "event_index": place}  # fmt: skip
            if event["event"] == "stx_lock_event":
                amounts = {"locked_amount": int(event["locked_amount"]), "unlock_height": int(event["unlock_height"])}
                locks.append(row | amounts | {"locked_address": event["locked_address"], "contract_name": "pox-5"})
            elif event["event"] == "print_event" and event["contract_identifier"].endswith(".pox-5"):
                fields = printed(event["raw_value"])
                prints.append(row | {"name": fields.pop("topic"), "data": json.dumps(fields)})
    return {"blocks": [BLOCK], "stx_lock_events": locks, "pox5_events": prints}


def printed(value: str) -> dict[str, Any]:
    """A printed tuple as the API has it: names with underscores, numbers in text; what is nested is left out."""
    fields = {name.replace("-", "_"): field for name, field in decode(bytes.fromhex(value[2:])).fields}
    plain = {name: field.value for name, field in fields.items() if isinstance(field, Bool)}
    plain |= {name: str(field.value) for name, field in fields.items() if isinstance(field, UInt)}
    plain |= {name: field.text for name, field in fields.items() if isinstance(field, Principal)}
    return plain | {"topic": fields["topic"].text}


def made(function: Any, raw: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    (reads,) = (table.reads for table in catalog.TABLES if table.transform is function)
    with canonical_day({table: rows_of(table, rows) for table, rows in raw.items()}, reads) as day:
        return function(day).to_pylist()


def test_prints_and_lock_events_tell_the_same_locks(run: dict[str, list[dict[str, Any]]]) -> None:
    found = made(stacking.stx_locks, run)
    alone = made(stacking.stx_locks, run | {"pox5_events": []})
    assert [tuple(lock[name] for name in LOCKED) for lock in found] == [
        (lock["locked_address"], lock["locked_amount"], lock["unlock_height"]) for lock in run["stx_lock_events"]
    ]
    assert [lock | {"event_index": lock["event_index"] + 1} for lock in found] == alone


def test_a_pool_holds_what_its_members_have_locked(run: dict[str, list[dict[str, Any]]]) -> None:
    """At any moment the latest row of a staker has the same STX and height in both tables."""
    locks, pooled = made(stacking.stx_locks, run), made(stacking.delegated_locks, run)
    changes = [row for row in pooled if row["tx_index"] not in {lock["tx_index"] for lock in locks}]
    assert len(pooled) == len(locks) + len(changes)
    for row in pooled:
        before = [lock for lock in locks if lock["address"] == row["stacker"] and lock["tx_index"] <= row["tx_index"]]
        assert (row["locked_ustx"], row["unlock_height"]) == (before[-1]["locked_ustx"], before[-1]["unlock_height"])
    assert [row["delegate"] for row in changes] == ["SP3GX5XXK0XP8RM4GAJNSWFKZ3VZKANB31KVEHS2S.signer-manager"]
