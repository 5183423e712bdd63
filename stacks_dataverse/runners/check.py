"""Hold a built day against its reconciliations; a day that passes is loaded."""

from datetime import datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners.build import open_raw, read_manifest
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import DAY_LOCK, Warehouse
from stacks_dataverse.transformers.checks import raw_checks
from stacks_dataverse.window import Window


def day(archive: ObjectStore, warehouse: Warehouse, window: Window, checked_at: datetime) -> dict[str, int]:
    """Run every check of a built day, store the outcomes, and enter the day as loaded.

    Raises:
        Terminal: a check failed; the day is not loaded and nothing new is published.
    """
    with open_raw(archive, read_manifest(archive, window)) as raw:
        checks = pa.concat_tables([raw_checks(raw), warehouse.read(WAREHOUSE_CHECKS, day=window)])
    outcomes = [_outcome(check, window, checked_at) for check in checks.to_pylist()]
    failed = [outcome for outcome in outcomes if not outcome["passed"]]
    with warehouse.transaction(DAY_LOCK.format(day=window)):
        warehouse.append("quality_checks", pa.Table.from_pylist(outcomes))
        if not failed:
            warehouse.execute("DELETE FROM loaded_days WHERE day = {day}", day=window)
            warehouse.execute(LOAD_SQL, day=window)
    if failed:
        raise Terminal(f"{window} failed its checks, and is not published: {'; '.join(map(_sentence, failed))}.")
    return {"checks": len(outcomes)}


def _outcome(check: dict[str, Any], window: Window, checked_at: datetime) -> dict[str, Any]:
    passed = check["expected"] == check["actual"]
    return {"checked_at": checked_at, "day": window.day, "passed": passed, **check}


def _sentence(outcome: dict[str, Any]) -> str:
    return f"{outcome['name']}: expected {outcome['expected']}, found {outcome['actual']}"


WAREHOUSE_CHECKS = """
    SELECT 'balance changes equal supply change and fees' AS name,
           (SELECT COALESCE(sum(minted_ustx - burned_ustx + coinbase_ustx), 0)
            FROM stx_supply_changes WHERE day = {day})
           - (SELECT COALESCE(sum(fee_ustx), 0) FROM daily_transactions WHERE day = {day})
           + (SELECT COALESCE(sum(tx_fees_anchored_ustx + tx_fees_streamed_confirmed_ustx
                                  + tx_fees_streamed_produced_ustx), 0)
              FROM matured_rewards WHERE day = {day}) || '' AS expected,
           (SELECT COALESCE(sum(change_ustx), 0) FROM stx_balance_changes WHERE day = {day}) || '' AS actual
"""

LOAD_SQL = """
    INSERT INTO loaded_days
    SELECT day, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
           settled, landed_at, built_at
    FROM built_days WHERE day = {day}
"""
