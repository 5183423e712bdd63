"""Reconciliations of the network's hours and of fees with the day's transactions."""

from stacks_dataverse.catalog.check_queries import FIGURES_MADE
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.queries import network_activity as queries

BUILD_AGAIN = "Run the day again; it is built again from its raw files."


USER_TYPES = ", ".join(f"'{name}'" for name in queries.USER_TYPES.values())


def _sums(table: str, key: str, types: str) -> str:
    return f"""
        SELECT {key} AS key, sum(tx_count) AS txs, sum(fee_ustx) AS fees
        FROM {table} WHERE day = {{day}} AND {types} GROUP BY 1
    """


def _differing(table: str, key: str, types: str = "true") -> str:
    """A query that counts the keys of which a table has other transactions or fees than daily_transactions."""
    return f"""
        SELECT '0' AS expected, count(*)::text AS actual,
               min(concat(key, ': ', day.txs, ' transactions of the day, ', part.txs, ' here')) AS example
        FROM ({_sums("daily_transactions", key, types)}) AS day
        FULL JOIN ({_sums(table, key, "true")}) AS part USING (key)
        WHERE (day.txs, day.fees) IS DISTINCT FROM (part.txs, part.fees)
    """


HOURLY_ACCOUNTS = f"""
    SELECT new_accounts::text AS expected,
           (SELECT COALESCE(sum(new_accounts), 0)::text FROM hourly_new_accounts WHERE day = {{day}}) AS actual
    FROM daily_addresses WHERE day = {{day}} AND {FIGURES_MADE} AND new_accounts IS NOT NULL
"""

BLOCKS_OF_HOURS = """
    SELECT blocks::text AS expected,
           (SELECT COALESCE(sum(block_count), 0)::text FROM hourly_activity WHERE day = {day}) AS actual
    FROM daily_blocks WHERE day = {day}
"""

CHECKS = (
    Check(
        name="blocks_of_hours",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Blocks of the day's hours add up to those of daily_blocks.",
        remedy=BUILD_AGAIN,
        query=BLOCKS_OF_HOURS,
    ),
    Check(
        name="transactions_of_hours",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Transactions and fees of the day's hours add up to those of daily_transactions, for each type and "
        "status.",
        remedy=BUILD_AGAIN,
        query=_differing("hourly_transactions", "tx_type || ' ' || tx_status"),
    ),
    Check(
        name="fees_of_types",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Transactions and fees in daily_fees are those of daily_transactions, for each type that users send.",
        remedy=BUILD_AGAIN,
        query=_differing("daily_fees", "tx_type", f"tx_type IN ({USER_TYPES})"),
    ),
    Check(
        name="accounts_of_hours",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="New accounts of the day's hours add up to those of the day.",
        remedy=BUILD_AGAIN,
        query=HOURLY_ACCOUNTS,
        exemptions=(FIGURES_EXEMPT, "New accounts are not known where history is missing."),
    ),
)
