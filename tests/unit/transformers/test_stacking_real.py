"""Locks and pools of PoX-5 against what the real contract printed and locked in a simulated network."""

from typing import Any

import pytest

from stacks_dataverse.transformers import stacking
from tests.conftest import RealData
from tests.support.pox5_run import made, pox5_rows

LOCKED = ("address", "locked_ustx", "unlock_height")


@pytest.fixture(scope="module")
def run(real_data: RealData) -> dict[str, list[dict[str, Any]]]:
    """The run's prints and locks as the API stores them, all in one block."""
    return pox5_rows(real_data.folder / "contract_runs")


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
