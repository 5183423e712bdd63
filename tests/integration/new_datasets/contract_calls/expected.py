"""What the source says of the calls of contracts, and what readers must get."""

from typing import Any

ROWS = "SELECT day, contract, calls, fee_ustx FROM daily_contract_calls ORDER BY day, contract"
SOURCE = """
    SELECT day, contract_call_contract_id, count(*), sum(fee_rate)::bigint FROM canonical_txs
    WHERE type_id = 2 GROUP BY day, contract_call_contract_id ORDER BY day, contract_call_contract_id
"""
KEY = "contract_calls/latest.json.gz"


def values(rows: list[tuple[Any, ...]]) -> dict[Any, int]:
    """The calls of each day."""
    days = {day for day, *_ in rows}
    return {day: sum(calls for other, _, calls, _ in rows if other == day) for day in days}
