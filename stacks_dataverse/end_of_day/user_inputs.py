"""Inputs of end-of-day figures of contracts and initiators, as those of `inputs`."""

DEPLOYED = """
    SELECT contract_id, deployer, source_sha256,
           day = (SELECT first_day FROM contract_deployers AS known
                  WHERE known.deployer = deployed.deployer) AS is_new_deployer,
           day = (SELECT first_day FROM contract_sources AS known
                  WHERE known.source_sha256 = deployed.source_sha256) AS is_new_source
    FROM contract_deployments AS deployed WHERE day = {day}
"""

CALLED = """
    SELECT count(*) AS contracts_called, COALESCE(sum(calls), 0)::bigint AS calls,
           COALESCE(sum(failed_calls), 0)::bigint AS failed_calls, COALESCE(sum(fee_ustx), 0)::bigint AS call_fee_ustx,
           (SELECT COALESCE(sum(tx_count), 0)::bigint FROM daily_transactions
            WHERE day = {day} AND tx_type = 'smart_contract' AND tx_status <> 'success') AS failed_deployments
    FROM contract_usage WHERE day = {day}
"""

CONTRACTS_BEFORE = """
    SELECT COALESCE(max(total_contracts), 0) AS contracts_before, COALESCE(max(total_deployers), 0) AS deployers_before,
           COALESCE(max(total_sources), 0) AS sources_before
    FROM (SELECT * FROM daily_contracts
          WHERE day < {day} AND total_contracts IS NOT NULL ORDER BY day DESC LIMIT 1) AS before
"""

INITIATORS_OF_30_DAYS = """
    SELECT count(*) FILTER (WHERE last_day = {day}) AS initiators,
           count(*) FILTER (WHERE last_day > {day}::date - 7) AS initiators_7_days,
           count(*) AS initiators_30_days
    FROM (SELECT max(day) AS last_day FROM initiator_days
          WHERE day > {day}::date - 30 AND day <= {day} GROUP BY address) AS active
"""

# The day's initiators who were none in its month before, by the month of their first day.
FIRST_IN_MONTH = """
    SELECT date_trunc('month', first_day)::date AS cohort, date_trunc('month', {day}::date)::date AS month,
           count(*) AS initiators
    FROM (SELECT (SELECT first_day FROM initiators AS known WHERE known.address = active.address) AS first_day,
                 (SELECT max(day) FROM initiator_days AS earlier
                  WHERE earlier.address = active.address AND earlier.day < {day}) AS previous_day
          FROM initiator_days AS active WHERE day = {day}) AS active
    WHERE previous_day IS NULL OR previous_day < date_trunc('month', {day}::date)
    GROUP BY cohort
"""

INITIATORS_BEFORE = """
    SELECT COALESCE((SELECT total_initiators FROM daily_initiators
                     WHERE day < {day} AND total_initiators IS NOT NULL
                     ORDER BY day DESC LIMIT 1), 0) AS initiators_before
"""

COHORTS_BEFORE = """
    SELECT cohort, initiators FROM initiator_cohorts
    WHERE day = (SELECT max(day) FROM initiator_cohorts
                 WHERE day < {day} AND day >= date_trunc('month', {day}::date))
"""
