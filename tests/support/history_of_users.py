"""The synthetic past of contracts, initiators and holders; see `history`."""

# A day has twenty deployments, of which each second copies a source, and 500 contracts that are called.
CONTRACTS = """
    INSERT INTO contract_deployments
    SELECT day, height + 1 + event, 2147483647, 0, pg_temp.hash(number * 20 + event),
           pg_temp.account(number) || '.contract-' || event, pg_temp.account((number * 20 + event) / 2), 3,
           pg_temp.hash(CASE WHEN event % 2 = 0 THEN number * 20 + event ELSE 1 END)
    FROM past, generate_series(0, 19) AS event;
    INSERT INTO contract_sources
    SELECT DISTINCT ON (source_sha256) source_sha256, day, contract_id
    FROM contract_deployments ORDER BY source_sha256, day, block_height;
    INSERT INTO contract_deployers
    SELECT DISTINCT ON (deployer) deployer, day, contract_id
    FROM contract_deployments ORDER BY deployer, day, block_height;
    INSERT INTO contract_usage
    SELECT day, pg_temp.account(called) || '.contract', 1000 / called, 1, 0, 3000
    FROM past, generate_series(1, 500) AS called;
    INSERT INTO daily_contracts
    SELECT day, 20, 1, 1, 11, 500, 6000, 0, 1500000, 10, 10, (number + 1) * 20, (number + 1) * 10, number * 10 + 11
    FROM past
"""

# Who was active in the past sent a transaction then.
INITIATORS = """
    INSERT INTO initiator_days SELECT day, address FROM address_days;
    INSERT INTO initiators SELECT address, first_day FROM addresses;
    INSERT INTO daily_initiators SELECT day, 1000, 5000, 20000, 0.05, 1000, (number + 1) * 1000 FROM past;
    INSERT INTO initiator_cohorts
    SELECT day, cohort, CASE WHEN cohort = date_trunc('month', day) THEN 1000 * extract(day FROM day) ELSE 100 END
    FROM past, generate_series(date_trunc('month', '{first}'::date), date_trunc('month', day), '1 month') AS cohort
"""

HOLDERS = """
    INSERT INTO stx_holder_bands
    SELECT day, holder_kind, 10 ^ band, 100, 1000000
    FROM past, unnest(ARRAY['account', 'contract']) AS holder_kind, generate_series(0, 8) AS band;
    INSERT INTO stx_holder_deciles
    SELECT day, holder_kind, decile, 100, 1, 2, 1000000
    FROM past, unnest(ARRAY['account', 'contract']) AS holder_kind, generate_series(1, 10) AS decile;
    INSERT INTO top_stx_holders
    SELECT day, holder, pg_temp.account(holder), 1000000 FROM past, generate_series(1, 100) AS holder
"""
USERS = (CONTRACTS, INITIATORS, HOLDERS)
