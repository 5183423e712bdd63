"""State that figures carry in memory from evening to evening: how it was before a day, and what a day brings.

A query is named for the table of `transformers.evening` that its answer fills.
"""

from stacks_dataverse.event_order import LATEST_FIRST

BALANCES_BEFORE = """
    SELECT address, balance_ustx - COALESCE(later.change_ustx, 0)::bigint AS balance_ustx
    FROM stx_balances
    LEFT JOIN (SELECT address, sum(change_ustx) AS change_ustx FROM stx_balance_changes
               WHERE day >= {first} GROUP BY address) AS later USING (address)
"""


def latest_locks(ledger: str, holder: str) -> str:
    """The latest row before `{first}` of everyone who may still have STX locked at the Bitcoin height then reached.

    That height is a value in the query, not a part of it: of a part the planner expects a third of all locks.
    """
    return f"""
        WITH candidates AS (
            SELECT DISTINCT {holder} FROM {ledger}
            WHERE day < {{first}} AND unlock_height > {{burn_block_height}}
        )
        SELECT latest.* FROM candidates
        CROSS JOIN LATERAL (
            SELECT * FROM {ledger} WHERE {ledger}.{holder} = candidates.{holder} AND day < {{first}}
            ORDER BY {LATEST_FIRST} LIMIT 1
        ) AS latest
    """


BURN_BLOCK_HEIGHT = """
    SELECT last_burn_block_height FROM daily_pox_heights
    WHERE day < {first} AND last_burn_block_height IS NOT NULL ORDER BY day DESC LIMIT 1
"""

BEFORE = {
    "balances": BALANCES_BEFORE,
    "locks": latest_locks("stx_locks", "address"),
    "delegated": latest_locks("delegated_locks", "stacker"),
}

BROUGHT = {
    "balance_changes": "SELECT address, change_ustx FROM stx_balance_changes WHERE day = {day}",
    "new_locks": "SELECT * FROM stx_locks WHERE day = {day}",
    "new_delegated": "SELECT * FROM delegated_locks WHERE day = {day}",
}
