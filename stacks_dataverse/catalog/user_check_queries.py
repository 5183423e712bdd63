"""Queries of the checks of contracts, initiators and holders, as those of `check_queries`."""

from stacks_dataverse.catalog.check_queries import FIGURES_MADE, SINCE_GENESIS

CONTRACTS_OF_TRANSACTIONS = """
    SELECT concat_ws(', ', COALESCE(sum(tx_count) FILTER (WHERE tx_type = 'contract_call'), 0),
                     COALESCE(sum(tx_count) FILTER (WHERE tx_type = 'contract_call' AND tx_status <> 'success'), 0),
                     COALESCE(sum(fee_ustx) FILTER (WHERE tx_type = 'contract_call'), 0),
                     COALESCE(sum(tx_count) FILTER (WHERE tx_type = 'smart_contract' AND tx_status = 'success'), 0))
               AS expected,
           (SELECT concat_ws(', ', COALESCE(sum(calls), 0), COALESCE(sum(failed_calls), 0), COALESCE(sum(fee_ustx), 0),
                             (SELECT count(*) FROM contract_deployments WHERE day = {day}))
            FROM contract_usage WHERE day = {day}) AS actual,
           'calls, failed calls, fees, deployments' AS example
    FROM daily_transactions WHERE day = {day}
"""

INITIATORS_OF_TRANSACTIONS = f"""
    SELECT activity.initiators::text AS expected, counted.initiators::text AS actual
    FROM daily_activity AS activity JOIN daily_initiators AS counted USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE}
          AND NOT EXISTS (SELECT FROM daily_transactions WHERE day = {{day}} AND tx_type NOT IN (
              'token_transfer', 'smart_contract', 'contract_call', 'coinbase', 'tenure_change'))
"""

INITIATOR_COHORTS = f"""
    SELECT sum(new_initiators)::text AS expected,
           COALESCE((SELECT initiators FROM initiator_cohorts
                     WHERE day = {{day}} AND cohort = date_trunc('month', {{day}}::date)), 0)::text AS actual
    FROM daily_initiators
    WHERE day >= date_trunc('month', {{day}}::date) AND day <= {{day}} AND {FIGURES_MADE}
    HAVING bool_and(new_initiators IS NOT NULL)
"""

INITIATORS_OF_MONTH = f"""
    SELECT active::text AS expected,
           (SELECT COALESCE(sum(initiators), 0) FROM initiator_cohorts WHERE day = {{day}})::text AS actual
    FROM (SELECT CASE extract(day FROM {{day}}::date) WHEN 1 THEN initiators WHEN 7 THEN initiators_7_days
                                                      WHEN 30 THEN initiators_30_days END AS active
          FROM daily_initiators WHERE day = {{day}} AND total_initiators IS NOT NULL AND {FIGURES_MADE}) AS counted
    WHERE active IS NOT NULL
"""

HOLDERS_IN_TOTAL = f"""
    SELECT concat_ws(', ', holders, balances_ustx, holders, balances_ustx) AS expected,
           (SELECT concat_ws(', ', COALESCE(sum(holders) FILTER (WHERE holder_kind = 'account'), 0),
                             COALESCE(sum(balance_ustx), 0))
            FROM stx_holder_bands WHERE day = {{day}})
           || ', ' ||
           (SELECT concat_ws(', ', COALESCE(sum(holders) FILTER (WHERE holder_kind = 'account'), 0),
                             COALESCE(sum(balance_ustx), 0))
            FROM stx_holder_deciles WHERE day = {{day}}) AS actual,
           'accounts and µSTX, by bands and by deciles' AS example
    FROM daily_balances JOIN daily_balance_totals USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE} AND balances_ustx IS NOT NULL AND {SINCE_GENESIS}
"""
