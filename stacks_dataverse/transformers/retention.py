"""Initiators, the accounts that send transactions: who is active, and how many come back month after month."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import USER_TYPES


def initiator_days(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Senders of canonical transactions of the day that are not a miner's own.

    Reads: txs.
    Columns: address.
    """
    return day.sql(f"""
        SELECT DISTINCT sender_address AS address FROM txs WHERE type_id IN {USER_TYPES} ORDER BY address
    """).to_arrow_table()


def daily_initiators(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Distinct initiators of the last 1, 7 and 30 days, those of the first time, and all up to the day.

    Reads: initiators_of_30_days, first_in_month, initiators_before.
    Columns: initiators, initiators_7_days, initiators_30_days, stickiness, new_initiators, total_initiators.
    """
    return state.sql("""
        WITH new AS (
            SELECT COALESCE(sum(initiators) FILTER (cohort = month), 0)::BIGINT AS new_initiators FROM first_in_month
        )
        SELECT initiators, initiators_7_days, initiators_30_days,
               initiators::DOUBLE / NULLIF(initiators_30_days, 0) AS stickiness,
               new_initiators, initiators_before + new_initiators AS total_initiators
        FROM initiators_of_30_days, new, initiators_before
    """).to_arrow_table()


def initiator_cohorts(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Initiators of the month up to the day, by the month in which they were initiators first.

    Reads: cohorts_before, first_in_month.
    Columns: cohort, initiators.
    """
    return state.sql("""
        SELECT cohort, sum(initiators)::BIGINT AS initiators
        FROM (SELECT cohort, initiators FROM cohorts_before UNION ALL SELECT cohort, initiators FROM first_in_month)
        GROUP BY cohort ORDER BY cohort
    """).to_arrow_table()
