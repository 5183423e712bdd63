"""What the source says of who pays fees, and what readers must get."""

from typing import Any

ROWS = "SELECT day, payers, most_paid_ustx FROM daily_fee_payers ORDER BY day"
SOURCE = """
    SELECT until.day, count(*), max(paid_ustx)
    FROM (SELECT DISTINCT day FROM canonical_txs) AS until CROSS JOIN LATERAL (
        SELECT sum(fee_rate)::bigint AS paid_ustx FROM canonical_txs
        WHERE canonical_txs.day <= until.day AND fee_rate > 0
        GROUP BY CASE WHEN sponsored THEN sponsor_address ELSE sender_address END
    ) AS paid
    GROUP BY until.day ORDER BY until.day
"""
KEY = "fees/most_paid.json.gz"


def values(rows: list[tuple[Any, ...]]) -> dict[Any, float]:
    """The most that one principal had paid, in STX."""
    return {day: most_paid_ustx / 1e6 for day, _, most_paid_ustx in rows}
